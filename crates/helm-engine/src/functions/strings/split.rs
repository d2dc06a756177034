//! Functions that search text, split it and put other text in.

use crate::functions::Budget;
use crate::functions::given::{Given, Writer, fail, int, numbered, parts, text, truth};
use crate::functions::runes::runes;
use crate::value::Value;
use memchr::memmem;
use std::ops::Range;

/// Go's `strings.SplitN`: at most `most` parts, all where it is negative. An
/// empty separator parts the characters.
fn split_n(bytes: &[u8], separator: &[u8], most: i64) -> Vec<Range<usize>> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let mut parts = Vec::new();
    if most == 0 {
        return parts;
    }
    if separator.is_empty() {
        parts.extend(runes(bytes).map(|(range, _)| range).take(most));
        if let Some(last) = parts.last_mut() {
            last.end = bytes.len();
        }
        return parts;
    }
    let mut start = 0;
    for found in memmem::find_iter(bytes, separator).take(most - 1) {
        parts.push(start..found);
        start = found + separator.len();
    }
    parts.push(start..bytes.len());
    parts
}

pub(super) fn split_list(budget: &mut Budget, given: &[Value]) -> Given {
    let (separator, text) = (text(given, 0)?, text(given, 1)?);
    budget.bytes(text.len())?;
    parts(budget, text, split_n(text.bytes(), separator.bytes(), -1))
}

pub(super) fn split(budget: &mut Budget, given: &[Value]) -> Given {
    let (separator, text) = (text(given, 0)?, text(given, 1)?);
    budget.bytes(text.len())?;
    numbered(budget, text, split_n(text.bytes(), separator.bytes(), -1))
}

pub(super) fn splitn(budget: &mut Budget, given: &[Value]) -> Given {
    let (separator, most, text) = (text(given, 0)?, int(given, 1)?, text(given, 2)?);
    budget.bytes(text.len())?;
    numbered(budget, text, split_n(text.bytes(), separator.bytes(), most))
}

pub(super) fn contains(_: &mut Budget, given: &[Value]) -> Given {
    let (part, text) = (text(given, 0)?, text(given, 1)?);
    truth(memmem::find(text.bytes(), part.bytes()).is_some(), &[part, text])
}

pub(super) fn has_prefix(_: &mut Budget, given: &[Value]) -> Given {
    let (part, text) = (text(given, 0)?, text(given, 1)?);
    truth(text.bytes().starts_with(part.bytes()), &[part, text])
}

pub(super) fn has_suffix(_: &mut Budget, given: &[Value]) -> Given {
    let (part, text) = (text(given, 0)?, text(given, 1)?);
    truth(text.bytes().ends_with(part.bytes()), &[part, text])
}

pub(super) fn replace(budget: &mut Budget, given: &[Value]) -> Given {
    let (old, new, text) = (text(given, 0)?, text(given, 1)?, text(given, 2)?);
    let mut out = Writer::new(budget);
    if old.is_empty() {
        for (range, _) in runes(text.bytes()) {
            out.text(new)?;
            out.slice(text, range)?;
        }
        out.text(new)?;
        return out.value();
    }
    let mut copied = 0;
    for found in memmem::find_iter(text.bytes(), old.bytes()) {
        out.slice(text, copied..found)?;
        out.text(new)?;
        copied = found + old.len();
    }
    out.slice(text, copied..text.len())?;
    out.value()
}

pub(super) fn repeat(budget: &mut Budget, given: &[Value]) -> Given {
    let (count, text) = (int(given, 0)?, text(given, 1)?);
    let Ok(count) = usize::try_from(count) else {
        return fail("strings: negative Repeat count");
    };
    match text.len().checked_mul(count) {
        Some(length) if i64::try_from(length).is_ok() => {
            budget.bytes(text.cost(0..text.len()).saturating_mul(count))?;
        }
        _ => return fail("strings: Repeat output length overflow"),
    }
    let mut out = crate::value::TextBuilder::default();
    if !text.is_empty() {
        for _ in 0..count {
            out.push(text);
        }
    }
    Ok(Value::Str(out.finish()))
}

pub(super) fn plural(_: &mut Budget, given: &[Value]) -> Given {
    let (one, many) = (text(given, 0)?, text(given, 1)?);
    Ok(Value::Str(if int(given, 2)? == 1 { one } else { many }.clone()))
}
