//! Encodings and checksums.

pub(super) mod base32;
pub(super) mod base64;
mod sha1;

use super::given::{Given, function, made, text};
use super::{Budget, Function, Param};
use crate::value::Value;
use sha2::{Digest, Sha256, Sha512};
use std::fmt::Write;

const S: Param = Param::String;

/// The functions that encode, decode and sum up.
pub(super) const FUNCTIONS: &[Function] = &[
    function("adler32sum", &[S], adler32sum),
    function("b32dec", &[S], b32dec),
    function("b32enc", &[S], b32enc),
    function("b64dec", &[S], b64dec),
    function("b64enc", &[S], b64enc),
    function("sha1sum", &[S], sha1sum),
    function("sha256sum", &[S], sha256sum),
    function("sha512sum", &[S], sha512sum),
];

fn b64enc(budget: &mut Budget, given: &[Value]) -> Given {
    let text = text(given, 0)?;
    budget.bytes(text.len() / 3 * 4)?;
    made(budget, base64::encode(text.bytes()), &[text])
}

/// What cannot be decoded gives the error as text.
fn b64dec(budget: &mut Budget, given: &[Value]) -> Given {
    let text = text(given, 0)?;
    budget.bytes(text.len())?;
    let decoded = base64::decode(text.bytes());
    made(budget, decoded.unwrap_or_else(|error| error.to_string().into_bytes()), &[text])
}

fn b32enc(budget: &mut Budget, given: &[Value]) -> Given {
    let text = text(given, 0)?;
    budget.bytes(text.len() / 5 * 8)?;
    made(budget, base32::encode(text.bytes()), &[text])
}

fn b32dec(budget: &mut Budget, given: &[Value]) -> Given {
    let text = text(given, 0)?;
    budget.bytes(text.len())?;
    let decoded = base32::decode(text.bytes());
    made(budget, decoded.unwrap_or_else(|error| error.to_string().into_bytes()), &[text])
}

fn sha1sum(budget: &mut Budget, given: &[Value]) -> Given {
    let text = text(given, 0)?;
    made(budget, hexadecimal(&sha1::sum(text.bytes())), &[text])
}

fn sha256sum(budget: &mut Budget, given: &[Value]) -> Given {
    let text = text(given, 0)?;
    made(budget, hexadecimal(&Sha256::digest(text.bytes())), &[text])
}

fn sha512sum(budget: &mut Budget, given: &[Value]) -> Given {
    let text = text(given, 0)?;
    made(budget, hexadecimal(&Sha512::digest(text.bytes())), &[text])
}

fn adler32sum(budget: &mut Budget, given: &[Value]) -> Given {
    let text = text(given, 0)?;
    made(budget, adler32(text.bytes()).to_string(), &[text])
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string does not fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}

fn adler32(bytes: &[u8]) -> u32 {
    const PRIME: u32 = 65521;
    let (mut a, mut b) = (1, 0);
    for byte in bytes {
        a = (a + u32::from(*byte)) % PRIME;
        b = (b + a) % PRIME;
    }
    b << 16 | a
}
