//! The `key: value` lines of a template, found in its literal text.
//!
//! A template is not YAML until it is rendered, so it is read by lines: the
//! keys stand in literal text, the values may hold actions. Actions are masked
//! byte for byte, so that every offset is one of the original text.

use go_template::{Lexed, Segment};
use std::ops::Range;

/// Stands for each byte of an action. No key or value that we read holds it.
pub(super) const ACTION: u8 = 0x01;
/// Stands for each byte of a template comment.
const COMMENT: u8 = b' ';

/// The text with its actions masked, of the same length.
pub(super) fn mask(text: &str, lexed: &Lexed) -> Vec<u8> {
    let mut masked = text.as_bytes().to_vec();
    for segment in &lexed.segments {
        match segment {
            Segment::Text(_) => {}
            Segment::Comment(span) => masked[span.clone()].fill(COMMENT),
            Segment::Action(action) => masked[action.span.clone()].fill(ACTION),
        }
    }
    masked
}

/// A line with a key, in offsets of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// The key without quotes.
    pub(super) key: Range<usize>,
    /// Bytes before the key: the depth that counts for what encloses what.
    pub(super) indent: usize,
    /// True of `- key: value`.
    pub(super) item: bool,
    /// The value without quotes, comment and surrounding blanks; empty when there is none.
    pub(super) value: Range<usize>,
}

/// The lines of a masked text that have a key, in order.
pub(super) fn keyed(masked: &[u8]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    while start < masked.len() {
        let end = memchr::memchr(b'\n', &masked[start..]).map_or(masked.len(), |i| start + i);
        if let Some(mut line) = keyed_line(masked, start..end) {
            if line.value.is_empty() {
                line.value = value_below(masked, end, line.indent).unwrap_or(line.value);
            }
            lines.push(line);
        }
        flow(masked, start..end, &mut lines);
        start = end + 1;
    }
    lines
}

fn keyed_line(masked: &[u8], line: Range<usize>) -> Option<Line> {
    let mut at = skip(masked, line.start, line.end, |b| b == b' ' || b == b'\t');
    let mut item = false;
    // `{{- if … }}image: x` and `{{ end }}- image: x` have their key behind actions.
    while at < line.end && (masked[at] == ACTION || masked[at] == b' ') {
        at += 1;
    }
    while at + 1 < line.end && masked[at] == b'-' && masked[at + 1] == b' ' {
        item = true;
        at = skip(masked, at + 1, line.end, |b| b == b' ');
    }
    let (key, colon) = key_at(masked, at, line.end)?;
    let value = value(masked, colon + 1..line.end);
    Some(Line { indent: key.start - line.start, key, item, value })
}

/// Keys of a flow map on one line: `- {name: x, image: y}`.
fn flow(masked: &[u8], line: Range<usize>, lines: &mut Vec<Line>) {
    let Some(open) = memchr::memchr(b'{', &masked[line.clone()]).map(|i| line.start + i) else {
        return;
    };
    let before = &masked[line.start..open];
    if !before.iter().all(|b| matches!(b, b' ' | b'-' | b':' | b'a'..=b'z' | b'A'..=b'Z')) {
        return;
    }
    let mut at = open + 1;
    while at < line.end {
        at = skip(masked, at, line.end, |b| b == b' ' || b == b'[' || b == b'{');
        let end = masked[at..line.end]
            .iter()
            .position(|&b| b == b',' || b == b'}')
            .map_or(line.end, |i| at + i);
        if let Some((key, colon)) = key_at(masked, at, end) {
            let indent = key.start - line.start;
            lines.push(Line { key, indent, item: false, value: value(masked, colon + 1..end) });
        }
        at = end + 1;
    }
}

/// A key and the offset of its colon.
fn key_at(masked: &[u8], at: usize, end: usize) -> Option<(Range<usize>, usize)> {
    let quote = masked.get(at).copied().filter(|b| matches!(b, b'"' | b'\''));
    let start = at + usize::from(quote.is_some());
    let is_key = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'/');
    let mut key_end = skip(masked, start.min(end), end, is_key);
    let key = start.min(end)..key_end;
    if key.is_empty() {
        return None;
    }
    if let Some(quote) = quote {
        if masked.get(key_end) != Some(&quote) {
            return None;
        }
        key_end += 1;
    }
    let colon = skip(masked, key_end.min(end), end, |b| b == b' ');
    let ends = colon < end && masked[colon] == b':';
    let separated = matches!(masked.get(colon + 1), None | Some(b' ' | b'\n' | b'\r' | b'\t'))
        || colon + 1 >= end;
    (ends && separated).then_some((key, colon))
}

/// The value in a range that follows a colon: unquoted, without a comment.
fn value(masked: &[u8], range: Range<usize>) -> Range<usize> {
    let start = skip(masked, range.start.min(range.end), range.end, |b| matches!(b, b' ' | b'\t'));
    let rest = &masked[start..range.end];
    match rest.first() {
        Some(&quote @ (b'"' | b'\'')) => {
            let close = rest[1..].iter().position(|&b| b == quote).map_or(rest.len(), |i| i + 1);
            return start + 1..(start + close).max(start + 1);
        }
        Some(b'#') | None => return start..start,
        Some(_) => {}
    }
    let comment = memchr::memchr_iter(b'#', rest).find(|&at| at > 0 && rest[at - 1] == b' ');
    let comment = comment.map_or(rest.len(), |at| at - 1);
    let trimmed =
        rest[..comment].iter().rposition(|b| !b.is_ascii_whitespace()).map_or(0, |i| i + 1);
    start..start + trimmed
}

/// A value on the lines below its key: the first line that is deeper, or an action
/// at any depth, and no key of its own.
fn value_below(masked: &[u8], key_end: usize, indent: usize) -> Option<Range<usize>> {
    let mut start = key_end + 1;
    for _ in 0..3 {
        if start >= masked.len() {
            return None;
        }
        let end = memchr::memchr(b'\n', &masked[start..]).map_or(masked.len(), |i| start + i);
        let text = skip(masked, start, end, |b| b == b' ' || b == b'\t' || b == b'\r');
        if text < end {
            let deeper = text - start > indent;
            let list = masked[text] == b'-' && masked.get(text + 1) == Some(&b' ');
            let fits =
                deeper && !list && keyed_line(masked, start..end).is_none() && masked[text] != b'#';
            return fits.then(|| value(masked, text..end)).filter(|value| !value.is_empty());
        }
        start = end + 1;
    }
    None
}

fn skip(bytes: &[u8], from: usize, end: usize, test: impl Fn(u8) -> bool) -> usize {
    bytes[from..end].iter().position(|&b| !test(b)).map_or(end, |i| from + i)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(&str, String)> {
        let masked = mask(text, &go_template::lex(text));
        keyed(&masked)
            .into_iter()
            .map(|line| (&text[line.key], text[line.value].to_owned()))
            .collect()
    }

    #[test]
    fn reads_keys_and_values() {
        assert_eq!(pairs("  image: a:1 # c\n"), [("image", "a:1".into())]);
        assert_eq!(pairs("- image: \"a:{{ .b }}\"\r\n"), [("image", "a:{{ .b }}".into())]);
        assert_eq!(pairs("'image' : 'x'"), [("image", "x".into())]);
        assert_eq!(pairs("{{- if x }}image: y{{ end }}"), [("image", "y{{ end }}".into())]);
        assert_eq!(
            pairs("- {name: a, image: b:1}"),
            [("name", "a".into()), ("image", "b:1".into())]
        );
    }

    #[test]
    fn reads_a_value_below_its_key() {
        assert_eq!(
            pairs("image:\n  {{ x }}\nb: 1"),
            [("image", "{{ x }}".into()), ("b", "1".into())]
        );
        assert_eq!(pairs("image:\n  name: x"), [("image", String::new()), ("name", "x".into())]);
        assert_eq!(pairs("image:\n- x"), [("image", String::new())]);
    }

    #[test]
    fn is_silent_about_comments() {
        assert_eq!(pairs("# image: x\n{{/* image: y */}}\n"), []);
    }
}
