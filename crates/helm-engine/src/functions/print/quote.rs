//! Go's `strconv.Quote`.

use super::runes;
use crate::value::{Text, TextBuilder};

/// The text in double quotes, with what does not print escaped; with `ascii`
/// whatever is not ASCII.
pub(super) fn quote(text: &Text, ascii: bool) -> Text {
    let bytes = text.bytes();
    let mut out = TextBuilder::default();
    out.push_str("\"");
    let (mut at, mut plain) = (0, 0);
    while at < bytes.len() {
        let (character, length) = runes::decode(&bytes[at..]);
        let invalid = length == 1 && character == char::REPLACEMENT_CHARACTER;
        let escaped = match invalid {
            true => Some(format!("\\x{:02x}", bytes[at])),
            false => escape(character, '"', ascii),
        };
        if let Some(escaped) = escaped {
            out.push_slice(text, plain..at);
            let origin = text.computed(at..at + length);
            out.push_bytes(escaped.as_bytes(), origin);
            plain = at + length;
        }
        at += length;
    }
    out.push_slice(text, plain..bytes.len());
    out.push_str("\"");
    out.finish()
}

/// A character in single quotes.
pub(super) fn quote_character(character: char, ascii: bool) -> String {
    match escape(character, '\'', ascii) {
        Some(escaped) => format!("'{escaped}'"),
        None => format!("'{character}'"),
    }
}

/// What stands for a character that cannot stand for itself.
fn escape(character: char, quote: char, ascii: bool) -> Option<String> {
    if character == quote || character == '\\' {
        return Some(format!("\\{character}"));
    }
    if (!ascii || character.is_ascii()) && runes::is_print(character) {
        return None;
    }
    Some(match character {
        '\x07' => "\\a".into(),
        '\x08' => "\\b".into(),
        '\x0c' => "\\f".into(),
        '\n' => "\\n".into(),
        '\r' => "\\r".into(),
        '\t' => "\\t".into(),
        '\x0b' => "\\v".into(),
        '\0'..' ' | '\x7f' => format!("\\x{:02x}", character as u32),
        '\u{10000}'.. => format!("\\U{:08x}", character as u32),
        _ => format!("\\u{:04x}", character as u32),
    })
}

/// True when the text can stand between backquotes.
pub(super) fn can_backquote(bytes: &[u8]) -> bool {
    let mut at = 0;
    while at < bytes.len() {
        let (character, length) = runes::decode(&bytes[at..]);
        let good = match character {
            '\u{feff}' | '`' | '\x7f' => false,
            '\t' => true,
            '\0'..' ' => false,
            char::REPLACEMENT_CHARACTER => length > 1,
            _ => true,
        };
        if !good {
            return false;
        }
        at += length;
    }
    true
}
