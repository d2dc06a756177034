//! Base32 with padding, with the errors of Go's `encoding/base32`.

use std::fmt;

const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Text that is no base32, and the offset of what makes it so.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::functions) struct Corrupt(usize);

impl fmt::Display for Corrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "illegal base32 data at input byte {}", self.0)
    }
}

impl std::error::Error for Corrupt {}

pub(in crate::functions) fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(5) * 8);
    for group in bytes.chunks(5) {
        let mut bits = 0_u64;
        for index in 0..5 {
            bits = bits << 8 | u64::from(group.get(index).copied().unwrap_or(0));
        }
        for index in 0..8 {
            match index * 5 < group.len() * 8 {
                true => out.push(char::from(LETTERS[(bits >> (35 - 5 * index) & 31) as usize])),
                false => out.push('='),
            }
        }
    }
    out
}

fn value(letter: u8) -> Option<u64> {
    match letter {
        b'A'..=b'Z' => Some(u64::from(letter - b'A')),
        b'2'..=b'7' => Some(u64::from(letter - b'2') + 26),
        _ => None,
    }
}

/// The bytes; line breaks are passed over, and not counted in errors.
pub(in crate::functions) fn decode(text: &[u8]) -> Result<Vec<u8>, Corrupt> {
    let text: Vec<u8> =
        text.iter().copied().filter(|byte| !matches!(byte, b'\n' | b'\r')).collect();
    let mut out = Vec::with_capacity(text.len() / 8 * 5);
    let mut at = 0;
    let mut ended = false;
    while at < text.len() && !ended {
        let (mut bits, mut count) = (0, 0);
        while count < 8 {
            let Some(&byte) = text.get(at) else {
                return Err(Corrupt(at - count));
            };
            at += 1;
            let left = text.len() - at;
            if byte == b'=' && count >= 2 && left < 8 {
                padding(&text, at, count)?;
                ended = true;
                break;
            }
            bits |= value(byte).ok_or(Corrupt(at - 1))? << (35 - 5 * count);
            count += 1;
        }
        let bytes = bits.to_be_bytes();
        out.extend_from_slice(&bytes[3..3 + count * 5 / 8]);
    }
    Ok(out)
}

/// Judges what stands behind the first `=`.
fn padding(text: &[u8], at: usize, count: usize) -> Result<(), Corrupt> {
    let left = text.len() - at;
    if left + count < 7 {
        return Err(Corrupt(text.len()));
    }
    for index in 0..7 - count {
        if text.get(at + index).is_some_and(|byte| *byte != b'=') {
            return Err(Corrupt(at + index - 1));
        }
    }
    match count {
        1 | 3 | 6 => Err(Corrupt(at - 1)),
        _ => Ok(()),
    }
}
