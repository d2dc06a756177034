//! What is escaped in which part of a URL.

use crate::functions::Failure;
use crate::functions::given::Writer;
use crate::functions::plain::quoted_string;
use crate::value::Text;

/// A part of a URL, with rules of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Path,
    Host,
    Zone,
    User,
    Fragment,
}

/// True for bytes that stand for themselves in a part.
pub(super) fn is_plain(byte: u8, mode: Mode) -> bool {
    use Mode::{Fragment, Host, Path, User, Zone};
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => true,
        b'$' | b'&' | b'+' | b',' | b';' | b'=' => true,
        b'!' | b'(' | b')' | b'*' => matches!(mode, Fragment | Host | Zone),
        b'"' | b'\'' | b'<' | b'>' | b'[' | b']' => matches!(mode, Host | Zone),
        b'/' => matches!(mode, Fragment | Path),
        b':' => mode != User,
        b'?' => mode == Fragment,
        b'@' => matches!(mode, Fragment | Path),
        _ => false,
    }
}

fn hex(byte: Option<&u8>) -> Option<u8> {
    byte.and_then(|byte| char::from(*byte).to_digit(16)).map(|digit| digit as u8)
}

/// Writes a text with its escapes resolved.
pub(super) fn unescape(out: &mut Writer<'_>, text: &Text, mode: Mode) -> Result<(), Failure> {
    let bytes = text.bytes();
    let (mut at, mut copied) = (0, 0);
    while let Some(&byte) = bytes.get(at) {
        if byte != b'%' {
            if matches!(mode, Mode::Host | Mode::Zone) && byte < 0x80 && !is_plain(byte, mode) {
                let quoted = quoted_string(&[byte]);
                return Err(Failure(format!("invalid character {quoted} in host name")));
            }
            at += 1;
            continue;
        }
        let escape = &bytes[at..bytes.len().min(at + 3)];
        let bad = || Failure(format!("invalid URL escape {}", quoted_string(escape)));
        let (Some(high), Some(low)) = (hex(escape.get(1)), hex(escape.get(2))) else {
            return Err(bad());
        };
        let value = high << 4 | low;
        let allowed = match mode {
            Mode::Host => high >= 8 || escape == b"%25",
            Mode::Zone => escape == b"%25" || value == b' ' || is_plain(value, Mode::Host),
            _ => true,
        };
        if !allowed {
            return Err(bad());
        }
        out.slice(text, copied..at)?;
        out.instead(text, at..at + 3, &[value])?;
        at += 3;
        copied = at;
    }
    out.slice(text, copied..bytes.len())
}

/// Writes a text with escapes where its part needs them.
pub(super) fn escape(out: &mut Writer<'_>, text: &Text, mode: Mode) -> Result<(), Failure> {
    let mut copied = 0;
    for (at, &byte) in text.bytes().iter().enumerate() {
        if !is_plain(byte, mode) {
            out.slice(text, copied..at)?;
            copied = at + 1;
            out.instead(text, at..copied, format!("%{byte:02X}").as_bytes())?;
        }
    }
    out.slice(text, copied..text.len())
}
