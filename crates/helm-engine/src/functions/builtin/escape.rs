//! What `html`, `js` and `urlquery` make of text. Go's text templates escape
//! nothing by themselves.

use crate::functions::print::{printable, runes};
use crate::functions::{Budget, Failure};
use crate::value::{TextBuilder, Value};

/// What stands for the character at the start of some bytes, and how many bytes
/// it takes; nothing where they stand for themselves.
type Escape = fn(&[u8]) -> (Option<String>, usize);

/// Prints the arguments as one text and escapes it; what needs no escape keeps
/// its source bytes.
pub(super) fn escape(
    budget: &mut Budget,
    args: &[Value],
    escape: Escape,
) -> Result<Value, Failure> {
    let text = printable(budget, args)?;
    let bytes = text.bytes();
    let mut out = TextBuilder::default();
    let (mut at, mut plain) = (0, 0);
    while at < bytes.len() {
        let (escaped, length) = escape(&bytes[at..]);
        let end = (at + length.max(1)).min(bytes.len());
        if let Some(escaped) = escaped {
            budget.bytes(at - plain + escaped.len())?;
            out.push_slice(&text, plain..at);
            out.push_bytes(escaped.as_bytes(), text.computed(at..end));
            plain = end;
        }
        at = end;
    }
    if plain == 0 {
        return Ok(Value::Str(text));
    }
    budget.bytes(bytes.len() - plain)?;
    out.push_slice(&text, plain..bytes.len());
    Ok(Value::Str(out.finish()))
}

pub(super) fn html(bytes: &[u8]) -> (Option<String>, usize) {
    let escaped = match bytes.first() {
        Some(0) => "\u{fffd}",
        Some(b'"') => "&#34;",
        Some(b'\'') => "&#39;",
        Some(b'&') => "&amp;",
        Some(b'<') => "&lt;",
        Some(b'>') => "&gt;",
        _ => return (None, 1),
    };
    (Some(escaped.to_owned()), 1)
}

pub(super) fn js(bytes: &[u8]) -> (Option<String>, usize) {
    let (character, length) = runes::decode(bytes);
    let escaped = match character {
        '\\' => "\\\\".to_owned(),
        '\'' => "\\'".to_owned(),
        '"' => "\\\"".to_owned(),
        '<' | '>' | '&' | '=' | '\0'..' ' => format!("\\u{:04X}", character as u32),
        // A byte that is not UTF-8 goes through: U+FFFD itself prints.
        '\u{80}'.. if !runes::is_print(character) => format!("\\u{:04X}", character as u32),
        _ => return (None, length),
    };
    (Some(escaped), length)
}

pub(super) fn url_query(bytes: &[u8]) -> (Option<String>, usize) {
    let escaped = match bytes.first() {
        Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~') | None => None,
        Some(b' ') => Some("+".to_owned()),
        Some(byte) => Some(format!("%{byte:02X}")),
    };
    (escaped, 1)
}
