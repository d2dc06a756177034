//! What is left of a string on its way through JSON into YAML.
//!
//! Helm writes JSON and has a YAML parser read it. That parser takes NEL, which
//! JSON leaves as it is, for a line break and folds it, and it refuses some
//! characters, and keys that are too long.

use super::super::Error;
use crate::value::{Text, TextBuilder};
use std::borrow::Cow;

const NEXT_LINE: char = '\u{85}';
/// The longest key that Go's YAML parser takes, with its quotes.
const LONGEST_KEY: usize = 1024;

/// A string that is a value.
pub(super) fn value(text: &Text) -> Result<Cow<'_, Text>, Error> {
    if text.bytes().iter().all(|&byte| byte < 0x7f) {
        return Ok(Cow::Borrowed(text));
    }
    let valid = match std::str::from_utf8(text.bytes()) {
        Ok(_) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(replace_invalid(text)),
    };
    let string = valid.as_str();
    let refused =
        |c: char| matches!(c, '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}') && c != NEXT_LINE;
    if string.chars().any(refused) {
        return Err(Error::Refused("yaml: control characters are not allowed".to_owned()));
    }
    if string.contains(NEXT_LINE) {
        let folded = fold(&valid, &string);
        return Ok(Cow::Owned(folded));
    }
    drop(string);
    Ok(valid)
}

/// A string that is a key.
pub(super) fn key(text: &Text) -> Result<Cow<'_, Text>, Error> {
    let string = text.as_str();
    if string.contains(NEXT_LINE) || json_length(&string) + 2 > LONGEST_KEY {
        return Err(Error::Refused("yaml: line 1: did not find expected ',' or '}'".to_owned()));
    }
    value(text)
}

fn json_length(text: &str) -> usize {
    text.chars()
        .map(|c| match c {
            '"' | '\\' | '\u{8}' | '\u{c}' | '\n' | '\r' | '\t' => 2,
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => 6,
            _ => 1,
        })
        .sum()
}

/// Each byte that is no UTF-8 becomes U+FFFD.
fn replace_invalid(text: &Text) -> Text {
    let mut out = TextBuilder::default();
    let mut at = 0;
    for chunk in text.bytes().utf8_chunks() {
        let valid = at..at + chunk.valid().len();
        at = valid.end;
        out.push_slice(text, valid);
        for _ in chunk.invalid() {
            let origin = text.computed(at..at + 1);
            out.push_bytes("\u{fffd}".as_bytes(), origin);
            at += 1;
        }
    }
    out.finish()
}

/// One NEL is a blank, more are line feeds but for the first; blanks around them go.
fn fold(text: &Text, string: &str) -> Text {
    let mut out = TextBuilder::default();
    let mut done = 0;
    let mut rest = string.char_indices().peekable();
    while let Some(&(start, c)) = rest.peek() {
        if c != ' ' && c != NEXT_LINE {
            rest.next();
            continue;
        }
        let (mut end, mut breaks) = (start, 0_usize);
        while let Some((at, c)) = rest.next_if(|&(_, c)| c == ' ' || c == NEXT_LINE) {
            end = at + c.len_utf8();
            breaks += usize::from(c == NEXT_LINE);
        }
        if breaks > 0 {
            out.push_slice(text, done..start);
            let spelled = if breaks == 1 { " ".to_owned() } else { "\n".repeat(breaks - 1) };
            out.push_bytes(spelled.as_bytes(), text.computed(start..end));
            done = end;
        }
    }
    out.push_slice(text, done..text.len());
    out.finish()
}
