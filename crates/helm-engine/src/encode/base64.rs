//! Base 64, as Go's `base64.StdEncoding`.

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Encodes bytes, with padding.
pub fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            if place <= chunk.len() {
                out.push(char::from(DIGITS[(group >> (18 - 6 * place)) as usize & 63]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

/// Decodes text with padding; line breaks in it are passed over.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut group, mut count, mut padding) = (0_u32, 0, 0);
    for byte in text.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r')) {
        let digit = match byte {
            b'=' if count >= 2 => {
                padding += 1;
                0
            }
            _ if padding > 0 => return None,
            _ => DIGITS.iter().position(|&d| d == byte)? as u32,
        };
        group = group << 6 | digit;
        count += 1;
        if count == 4 {
            let bytes = [(group >> 16) as u8, (group >> 8) as u8, group as u8];
            out.extend_from_slice(bytes.get(..3_usize.checked_sub(padding)?)?);
            (group, count) = (0, 0);
            if padding > 0 {
                padding = 3;
            }
        }
    }
    (count == 0).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for (plain, coded) in [("", ""), ("h", "aA=="), ("hi", "aGk="), ("hi!", "aGkh")] {
            assert_eq!(encode(plain.as_bytes()), coded);
            assert_eq!(decode(coded).as_deref(), Some(plain.as_bytes()));
        }
        assert_eq!(decode("aG\nk="), Some(b"hi".to_vec()));
        for wrong in ["a", "a===", "aGk", "aGk=aGk=", "aGk=a", "aG k"] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }
}
