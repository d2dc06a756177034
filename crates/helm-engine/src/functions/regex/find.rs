//! Matches one after the other, as Go's `regexp` takes them.

use super::compile::Expression;
use crate::functions::runes::decode;
use crate::functions::{Budget, Failure};
use std::ops::Range;

/// The length of the character at an offset.
pub(super) fn width(bytes: &[u8], at: usize) -> usize {
    decode(bytes.get(at..).unwrap_or_default()).map_or(1, |(_, length)| length)
}

/// At most `most` matches, all where it is negative. None is empty right
/// behind another.
pub(super) fn all(
    budget: &mut Budget,
    expression: &Expression,
    bytes: &[u8],
    most: i64,
) -> Result<Vec<Range<usize>>, Failure> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let mut found = Vec::new();
    let (mut at, mut last_end) = (0, None);
    while found.len() < most && at <= bytes.len() {
        let Some(next) = expression.regex.find_at(bytes, at) else { break };
        budget.step()?;
        // How far the search looked is not known.
        budget.reading(bytes.len() - at)?;
        let mut accept = true;
        if next.end() == at {
            accept = last_end != Some(next.start());
            at += width(bytes, at);
        } else {
            at = next.end();
        }
        last_end = Some(next.end());
        if accept {
            budget.bytes(size_of::<Range<usize>>())?;
            found.push(next.range());
        }
    }
    Ok(found)
}

/// The parts between the matches, at most `most` of them.
pub(super) fn split(
    budget: &mut Budget,
    expression: &Expression,
    bytes: &[u8],
    most: i64,
) -> Result<Vec<Range<usize>>, Failure> {
    let mut parts = Vec::new();
    let (mut start, mut end) = (0, 0);
    for found in all(budget, expression, bytes, most)? {
        if i64::try_from(parts.len() + 1) == Ok(most) {
            break;
        }
        end = found.start;
        if found.end != 0 {
            parts.push(start..end);
        }
        start = found.end;
    }
    if end != bytes.len() {
        parts.push(start..bytes.len());
    }
    Ok(parts)
}
