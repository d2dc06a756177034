//! Functions that give a part of a text. They count bytes.

use crate::functions::given::{Given, Writer, fail, int, part, text};
use crate::functions::runes::{decode, decode_last, runes};
use crate::functions::{Budget, Failure};
use crate::value::{Text, Value};
use std::ops::Range;

/// The part that Go's `s[start:end]` gives, or the error that it ends in.
fn slice(budget: &mut Budget, text: &Text, start: i64, end: i64) -> Given {
    let length = text.len() as i64;
    let range = match (start, end) {
        (_, end) if end > length => {
            return fail(format!(
                "runtime error: slice bounds out of range [:{end}] with length {length}"
            ));
        }
        (_, ..0) => return fail(format!("runtime error: slice bounds out of range [:{end}]")),
        (start, end) if start > end => {
            return fail(format!("runtime error: slice bounds out of range [{start}:{end}]"));
        }
        (..0, _) => return fail(format!("runtime error: slice bounds out of range [{start}:]")),
        (start, end) => start as usize..end as usize,
    };
    part(budget, text, range)
}

pub(super) fn substr(budget: &mut Budget, given: &[Value]) -> Given {
    let (start, end, text) = (int(given, 0)?, int(given, 1)?, text(given, 2)?);
    let length = text.len() as i64;
    match (start, end) {
        (..0, _) => slice(budget, text, 0, end),
        _ if end < 0 || end > length => slice(budget, text, start, length),
        _ => slice(budget, text, start, end),
    }
}

pub(super) fn trunc(budget: &mut Budget, given: &[Value]) -> Given {
    let (count, text) = (int(given, 0)?, text(given, 1)?);
    let length = text.len() as i64;
    match count {
        ..0 if length.wrapping_add(count) > 0 => slice(budget, text, length + count, length),
        0.. if length > count => slice(budget, text, 0, count),
        _ => Ok(Value::Str(text.clone())),
    }
}

/// What is left when matching characters are taken off both ends.
fn trimmed(text: &Text, off: impl Fn(char) -> bool) -> Range<usize> {
    let bytes = text.bytes();
    let (mut start, mut end) = (0, bytes.len());
    while let Some((_, size)) = decode(&bytes[start..]).filter(|(letter, _)| off(*letter)) {
        start += size;
    }
    while let Some((_, size)) = decode_last(&bytes[start..end]).filter(|(letter, _)| off(*letter)) {
        end -= size;
    }
    start..end
}

pub(super) fn trim(budget: &mut Budget, given: &[Value]) -> Given {
    let text = text(given, 0)?;
    part(budget, text, trimmed(text, char::is_whitespace))
}

pub(super) fn trim_all(budget: &mut Budget, given: &[Value]) -> Given {
    let (set, text) = (text(given, 0)?, text(given, 1)?);
    let set: Vec<char> = runes(set.bytes()).map(|(_, letter)| letter).collect();
    part(budget, text, trimmed(text, |letter| set.contains(&letter)))
}

pub(super) fn trim_suffix(budget: &mut Budget, given: &[Value]) -> Given {
    let (suffix, text) = (text(given, 0)?, text(given, 1)?);
    let end = text.bytes().strip_suffix(suffix.bytes()).map_or(text.len(), <[u8]>::len);
    part(budget, text, 0..end)
}

pub(super) fn trim_prefix(budget: &mut Budget, given: &[Value]) -> Given {
    let (prefix, text) = (text(given, 0)?, text(given, 1)?);
    let start = if text.bytes().starts_with(prefix.bytes()) { prefix.len() } else { 0 };
    part(budget, text, start..text.len())
}

pub(super) fn abbrev(budget: &mut Budget, given: &[Value]) -> Given {
    let (width, text) = (int(given, 0)?, text(given, 1)?);
    match width {
        ..4 => Ok(Value::Str(text.clone())),
        _ => abbreviated(budget, text, 0, width),
    }
}

pub(super) fn abbrevboth(budget: &mut Budget, given: &[Value]) -> Given {
    let (left, right, text) = (int(given, 0)?, int(given, 1)?, text(given, 2)?);
    match right {
        ..4 => Ok(Value::Str(text.clone())),
        4..7 if left > 0 => Ok(Value::Str(text.clone())),
        _ => abbreviated(budget, text, left, right),
    }
}

/// At most `width` bytes around an offset, with dots where some are left out.
fn abbreviated(budget: &mut Budget, text: &Text, offset: i64, width: i64) -> Given {
    const DOTS: &str = "...";
    let length = text.len() as i64;
    if length <= width {
        return Ok(Value::Str(text.clone()));
    }
    let mut offset = offset.min(length);
    if length.saturating_sub(offset) < width - 3 {
        offset = length - (width - 3);
    }
    let mut out = Writer::new(budget);
    let keep = |out: &mut Writer<'_>, start: i64, end: i64| -> Result<(), Failure> {
        out.slice(text, start.clamp(0, length) as usize..end.clamp(start, length) as usize)
    };
    if offset <= 4 {
        keep(&mut out, 0, width - 3)?;
        out.literal(DOTS)?;
        return out.value();
    }
    if width < 7 {
        return out.value();
    }
    out.literal(DOTS)?;
    if offset + width - 3 >= length {
        keep(&mut out, length - (width - 3), length)?;
    } else {
        keep(&mut out, offset, offset + width - 6)?;
        out.literal(DOTS)?;
    }
    out.value()
}
