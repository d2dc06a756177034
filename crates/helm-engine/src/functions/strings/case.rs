//! Functions that rewrite text letter by letter. Letters that stay are copies.

use crate::functions::given::{Given, Writer, text};
use crate::functions::runes::{self, runes};
use crate::functions::{Budget, Failure};
use crate::value::{Text, Value};

/// Writes another character for each; what is not UTF-8 becomes U+FFFD as in Go.
fn map(
    budget: &mut Budget,
    text: &Text,
    mut letter: impl FnMut(char) -> char,
) -> Result<Value, Failure> {
    let mut out = Writer::new(budget);
    let mut copied = 0;
    for (range, old) in runes(text.bytes()) {
        let new = letter(old);
        let invalid = old == char::REPLACEMENT_CHARACTER && range.len() == 1;
        if new != old || invalid {
            out.slice(text, copied..range.start)?;
            copied = range.end;
            out.character(text, range, new)?;
        }
    }
    out.slice(text, copied..text.len())?;
    out.value()
}

pub(super) fn upper(budget: &mut Budget, given: &[Value]) -> Given {
    map(budget, text(given, 0)?, runes::to_upper)
}

pub(super) fn lower(budget: &mut Budget, given: &[Value]) -> Given {
    map(budget, text(given, 0)?, runes::to_lower)
}

pub(super) fn title(budget: &mut Budget, given: &[Value]) -> Given {
    let mut before = ' ';
    map(budget, text(given, 0)?, |letter| {
        let first = is_separator(before);
        before = letter;
        if first { runes::to_title(letter) } else { letter }
    })
}

/// Go's own idea of what parts words, of which underscores are not.
fn is_separator(character: char) -> bool {
    match character {
        '_' => false,
        '\0'..='\x7F' => !character.is_ascii_alphanumeric(),
        _ => character.is_whitespace(),
    }
}

pub(super) fn untitle(budget: &mut Budget, given: &[Value]) -> Given {
    let mut first = true;
    map(budget, text(given, 0)?, |letter| {
        let lower = first && !letter.is_whitespace();
        first = letter.is_whitespace();
        if lower { runes::to_lower(letter) } else { letter }
    })
}

pub(super) fn swapcase(budget: &mut Budget, given: &[Value]) -> Given {
    let mut after_blank = true;
    map(budget, text(given, 0)?, |letter| {
        let first = after_blank;
        after_blank = false;
        match letter {
            _ if runes::is_upper(letter) || runes::is_title(letter) => runes::to_lower(letter),
            _ if !runes::is_lower(letter) => {
                after_blank = letter.is_whitespace();
                letter
            }
            _ if first => runes::to_title(letter),
            _ => runes::to_upper(letter),
        }
    })
}

/// The first letters of the words. It takes each byte for a character.
pub(super) fn initials(budget: &mut Budget, given: &[Value]) -> Given {
    let mut after_gap = true;
    keep_bytes(budget, text(given, 0)?, |byte| {
        let gap = char::from(byte).is_whitespace();
        let keep = after_gap && !gap;
        after_gap = gap;
        keep
    })
}

/// The text without blanks. Where there is one, it takes each byte for a character.
pub(super) fn nospace(budget: &mut Budget, given: &[Value]) -> Given {
    let text = text(given, 0)?;
    let keep = |byte: u8| !char::from(byte).is_whitespace();
    if text.bytes().iter().all(|byte| keep(*byte)) {
        return Ok(Value::Str(text.clone()));
    }
    keep_bytes(budget, text, keep)
}

fn keep_bytes(budget: &mut Budget, text: &Text, mut keep: impl FnMut(u8) -> bool) -> Given {
    let mut out = Writer::new(budget);
    for (at, byte) in text.bytes().iter().enumerate() {
        if keep(*byte) {
            out.character(text, at..at + 1, char::from(*byte))?;
        }
    }
    out.value()
}
