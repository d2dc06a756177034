//! Strings of actions, and the bytes that spell them.

use smol_str::SmolStr;
use std::ops::Range;

/// A string of an action, with its escapes undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StringLiteral {
    /// The text that it stands for. Bytes that are not UTF-8 (`"\xff"`) are
    /// replaced by U+FFFD.
    pub value: SmolStr,
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
        let special = if raw { b'\r' } else { b'\\' };
        if memchr::memchr(special, body.as_bytes()).is_none() {
            let value = SmolStr::new(body);
            let (start, end) = (inner.start, inner.end);
            return (Self { value, start, end, escapes: Vec::new() }, None);
        }
        let mut value = String::with_capacity(body.len());
        let mut escapes = Vec::new();
        let mut bad = None;
        let mut at = 0;
        while at < body.len() {
            let rest = &body[at..];
            // Go drops carriage returns from raw strings.
            let special = if raw { rest.find('\r') } else { rest.find('\\') };
            let plain = special.unwrap_or(rest.len());
            value.push_str(&rest[..plain]);
            at += plain;
            if special.is_none() {
                break;
            }
            let (decoded, length) = if raw { (None, 1) } else { escape(&body[at..], '"') };
            let value_start = value.len();
            if !raw && decoded.is_none() {
                bad = bad.or(Some(inner.start + at..inner.start + at + length));
            }
            value.extend(decoded.map(|decoded| match decoded {
                Unescaped::Char(c) => c,
                Unescaped::Byte(byte) if byte.is_ascii() => char::from(byte),
                Unescaped::Byte(_) => char::REPLACEMENT_CHARACTER,
            }));
            let value_len = value.len() - value_start;
            escapes.push((value_start, value_len, inner.start + at, length));
            at += length;
        }
        let (start, end) = (inner.start, inner.end);
        (Self { value: value.into(), start, end, escapes }, bad)
    }
}

/// What an escape stands for.
enum Unescaped {
    Char(char),
    /// `\xff` and `\377` are bytes in a string.
    Byte(u8),
}

/// The meaning of an escape and the bytes that it takes. None for a wrong one.
fn escape(text: &str, quote: char) -> (Option<Unescaped>, usize) {
    let simple = |c| (Some(Unescaped::Char(c)), 2);
    let digits = |from: usize, count: usize, radix: u32| {
        let digits = text.get(from..from + count).filter(|d| d.chars().all(|c| c.is_digit(radix)));
        match digits.and_then(|digits| u32::from_str_radix(digits, radix).ok()) {
            Some(value) if count < 4 => {
                (u8::try_from(value).ok().map(Unescaped::Byte), from + count)
            }
            Some(value) => (char::from_u32(value).map(Unescaped::Char), from + count),
            None => (None, 2.min(text.len())),
        }
    };
    match text[1..].chars().next() {
        Some('a') => simple('\x07'),
        Some('b') => simple('\x08'),
        Some('f') => simple('\x0c'),
        Some('n') => simple('\n'),
        Some('r') => simple('\r'),
        Some('t') => simple('\t'),
        Some('v') => simple('\x0b'),
        Some('\\') => simple('\\'),
        Some(c) if c == quote => simple(c),
        Some('x') => digits(2, 2, 16),
        Some('u') => digits(2, 4, 16),
        Some('U') => digits(2, 8, 16),
        Some('0'..='7') => digits(1, 3, 8),
        other => (None, 1 + other.map_or(0, char::len_utf8)),
    }
}

/// The number of a character constant with its quotes. None when it is not one character.
pub(crate) fn character(text: &str) -> Option<u32> {
    let body = text.strip_prefix('\'')?.strip_suffix('\'')?;
    let first = body.chars().next()?;
    let (value, length) = match first {
        '\'' => return None,
        '\\' => match escape(body, '\'') {
            (Some(Unescaped::Char(c)), length) => (u32::from(c), length),
            (Some(Unescaped::Byte(byte)), length) => (u32::from(byte), length),
            (None, _) => return None,
        },
        c => (u32::from(c), c.len_utf8()),
    };
    (length == body.len()).then_some(value)
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
            b'\n' => return None,
            b'\\' if bytes.get(at + 1) == Some(&b'\n') => return None,
            b'\\' => at += 1,
            byte if byte == quote => return Some(at + 1),
            _ => {}
        }
        at += 1;
    }
    None
}
