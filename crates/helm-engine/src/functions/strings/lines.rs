//! Functions that break text into lines and push them in.

use crate::functions::given::{Given, Writer, fail, int, text};
use crate::functions::{Budget, Failure};
use crate::value::{Text, Value};

/// The text with blanks before each line.
fn indented(out: &mut Writer<'_>, spaces: i64, text: &Text) -> Result<(), Failure> {
    let Ok(spaces) = usize::try_from(spaces) else {
        return fail("strings: negative Repeat count");
    };
    let mut start = 0;
    loop {
        out.fill(b' ', spaces)?;
        match memchr::memchr(b'\n', &text.bytes()[start..]) {
            Some(length) => {
                out.slice(text, start..start + length + 1)?;
                start += length + 1;
            }
            None => return out.slice(text, start..text.len()),
        }
    }
}

pub(super) fn indent(budget: &mut Budget, given: &[Value]) -> Given {
    let mut out = Writer::new(budget);
    indented(&mut out, int(given, 0)?, text(given, 1)?)?;
    out.value()
}

pub(super) fn nindent(budget: &mut Budget, given: &[Value]) -> Given {
    let mut out = Writer::new(budget);
    out.literal("\n")?;
    indented(&mut out, int(given, 0)?, text(given, 1)?)?;
    out.value()
}

pub(super) fn wrap(budget: &mut Budget, given: &[Value]) -> Given {
    wrapped(budget, int(given, 0)?, &Text::from("\n"), text(given, 1)?, false)
}

pub(super) fn wrap_with(budget: &mut Budget, given: &[Value]) -> Given {
    let separator = text(given, 1)?;
    let newline = Text::from("\n");
    let separator = if separator.is_empty() { &newline } else { separator };
    wrapped(budget, int(given, 0)?, separator, text(given, 2)?, true)
}

/// Breaks at blanks so that no line is longer than `width` bytes; a longer word
/// is broken too, or stays whole.
fn wrapped(
    budget: &mut Budget,
    width: i64,
    separator: &Text,
    text: &Text,
    break_words: bool,
) -> Given {
    let bytes = text.bytes();
    let width = usize::try_from(width).unwrap_or(0).max(1);
    let mut out = Writer::new(budget);
    let mut offset = 0;
    while bytes.len() - offset > width {
        if bytes[offset] == b' ' {
            offset += 1;
            continue;
        }
        let full = offset + width;
        let (end, next) = match memchr::memrchr(b' ', &bytes[offset..=full]) {
            Some(blank) => (offset + blank, offset + blank + 1),
            None if break_words => (full, full),
            None => match memchr::memchr(b' ', &bytes[full..]) {
                Some(blank) => (full + blank, full + blank + 1),
                None => break,
            },
        };
        out.slice(text, offset..end)?;
        out.text(separator)?;
        offset = next;
    }
    out.slice(text, offset..bytes.len())?;
    out.value()
}
