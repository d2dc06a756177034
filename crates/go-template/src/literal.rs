//! Strings of actions, and the bytes that spell them.

use std::ops::Range;

/// A string of an action, with its escapes undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StringLiteral {
    /// The text that it stands for. Bytes that are not UTF-8 (`"\xff"`) are
    /// replaced by U+FFFD.
    pub value: String,
    /// The offset of the first byte behind the quote.
    start: usize,
    /// The offset of the closing quote.
    end: usize,
    /// What is not copied: offset in the value, its length, offset in the text, its length.
    escapes: Vec<(usize, usize, usize, usize)>,
}

impl StringLiteral {
    /// The bytes of the template that spell a range of the value. A character
    /// that an escape spells is spelled by all of it.
    pub fn source(&self, in_value: Range<usize>) -> Range<usize> {
        let from = self.place(in_value.start, false);
        from..self.place(in_value.end.max(in_value.start), true).max(from)
    }

    fn place(&self, at: usize, is_end: bool) -> usize {
        let mut shift = self.start;
        let mut value_end = 0;
        for &(value, value_len, source, source_len) in &self.escapes {
            if at < value || (at == value && is_end) {
                break;
            }
            if at == value && value_len > 0 || at < value + value_len {
                return if is_end { source + source_len } else { source };
            }
            value_end = value + value_len;
            shift = source + source_len;
        }
        (shift + at - value_end).min(self.end)
    }

    /// Decodes the literal with its quotes at a range, and names what is no escape.
    pub(crate) fn decode(text: &str, span: Range<usize>) -> (Self, Option<Range<usize>>) {
        let inner = span.start + 1..span.end - 1;
        let raw = text.as_bytes()[span.start] == b'`';
        let body = &text[inner.clone()];
        let mut literal = Self {
            value: String::with_capacity(body.len()),
            start: inner.start,
            end: inner.end,
            escapes: Vec::new(),
        };
        let mut bad = None;
        let mut at = 0;
        while at < body.len() {
            let rest = &body[at..];
            // Go drops carriage returns from raw strings.
            let special = if raw { rest.find('\r') } else { rest.find('\\') };
            let plain = special.unwrap_or(rest.len());
            literal.value.push_str(&rest[..plain]);
            at += plain;
            if special.is_none() {
                break;
            }
            let (decoded, length) = if raw { (None, 1) } else { escape(&body[at..]) };
            let value_start = literal.value.len();
            if !raw && decoded.is_none() {
                bad = bad.or(Some(inner.start + at..inner.start + at + length));
            }
            literal.value.extend(decoded);
            let value_len = literal.value.len() - value_start;
            literal.escapes.push((value_start, value_len, inner.start + at, length));
            at += length;
        }
        (literal, bad)
    }
}

/// The character of an escape and the bytes that it takes. None for a wrong one.
fn escape(text: &str) -> (Option<char>, usize) {
    let bytes = text.as_bytes();
    let simple = |c| (Some(c), 2);
    let digits = |from: usize, count: usize, radix: u32| {
        let value =
            text.get(from..from + count).and_then(|digits| u32::from_str_radix(digits, radix).ok());
        match value {
            // `\xff` is a byte, not a character.
            Some(value) if count < 4 && value > 0x7f => {
                (Some(char::REPLACEMENT_CHARACTER), from + count)
            }
            Some(value) => (char::from_u32(value), from + count),
            None => (None, 2.min(text.len())),
        }
    };
    match bytes.get(1) {
        Some(b'a') => simple('\x07'),
        Some(b'b') => simple('\x08'),
        Some(b'f') => simple('\x0c'),
        Some(b'n') => simple('\n'),
        Some(b'r') => simple('\r'),
        Some(b't') => simple('\t'),
        Some(b'v') => simple('\x0b'),
        Some(b'\\') => simple('\\'),
        Some(b'"') => simple('"'),
        Some(b'x') => digits(2, 2, 16),
        Some(b'u') => digits(2, 4, 16),
        Some(b'U') => digits(2, 8, 16),
        Some(b'0'..=b'7') => digits(1, 3, 8),
        _ => (None, 1 + text[1..].chars().next().map_or(0, char::len_utf8)),
    }
}

/// The offset behind the closing quote. Only a raw string goes over lines.
pub(crate) fn end(text: &str, start: usize, quote: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    if quote == b'`' {
        return memchr::memchr(b'`', &bytes[start + 1..]).map(|i| start + i + 2);
    }
    let mut at = start + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' => return None,
            byte if byte == quote => return Some(at + 1),
            _ => {}
        }
        at += 1;
    }
    None
}
