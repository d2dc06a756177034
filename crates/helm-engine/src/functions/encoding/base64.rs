//! Base64 with padding, with the errors of Go's `encoding/base64`.

use std::fmt;

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Text that is no base64, and the offset of what makes it so.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::functions) struct Corrupt(usize);

impl fmt::Display for Corrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "illegal base64 data at input byte {}", self.0)
    }
}

impl std::error::Error for Corrupt {}

pub(in crate::functions) fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let mut bits = 0;
        for index in 0..3 {
            bits = bits << 8 | u32::from(group.get(index).copied().unwrap_or(0));
        }
        for index in 0..4 {
            match index <= group.len() {
                true => out.push(letter(bits >> (18 - 6 * index))),
                false => out.push('='),
            }
        }
    }
    out
}

fn letter(bits: u32) -> char {
    char::from(LETTERS[(bits & 63) as usize])
}

fn value(letter: u8) -> Option<u32> {
    Some(match letter {
        b'A'..=b'Z' => u32::from(letter - b'A'),
        b'a'..=b'z' => u32::from(letter - b'a') + 26,
        b'0'..=b'9' => u32::from(letter - b'0') + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

/// The bytes; line breaks are passed over.
pub(in crate::functions) fn decode(text: &[u8]) -> Result<Vec<u8>, Corrupt> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let mut at = 0;
    while at < text.len() {
        at = quantum(text, at, &mut out)?;
    }
    Ok(out)
}

fn after_breaks(text: &[u8], mut at: usize) -> usize {
    while matches!(text.get(at), Some(b'\n' | b'\r')) {
        at += 1;
    }
    at
}

/// Decodes four letters, and says where the next ones begin.
fn quantum(text: &[u8], mut at: usize, out: &mut Vec<u8>) -> Result<usize, Corrupt> {
    let (mut bits, mut count) = (0, 0);
    while count < 4 {
        let Some(&byte) = text.get(at) else {
            return if count == 0 { Ok(at) } else { Err(Corrupt(at - count)) };
        };
        at += 1;
        match (value(byte), byte) {
            (Some(value), _) => {
                bits |= value << (18 - 6 * count);
                count += 1;
            }
            (None, b'\n' | b'\r') => {}
            (None, b'=') if count >= 2 => {
                if count == 2 {
                    at = after_breaks(text, at);
                    match text.get(at) {
                        None => return Err(Corrupt(text.len())),
                        Some(b'=') => at += 1,
                        Some(_) => return Err(Corrupt(at - 1)),
                    }
                }
                at = after_breaks(text, at);
                if at < text.len() {
                    return Err(Corrupt(at));
                }
                break;
            }
            (None, _) => return Err(Corrupt(at - 1)),
        }
    }
    let bytes = [(bits >> 16) as u8, (bits >> 8) as u8, bits as u8];
    out.extend_from_slice(&bytes[..count - 1]);
    Ok(at)
}
