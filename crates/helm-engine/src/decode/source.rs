//! Where the bytes of a text that is read come from.

use crate::source::{FileId, Span};
use crate::value::{Origin, Text, TextBuilder};
use std::ops::Range;

/// A text that is read: a file, or a string whose bytes have origins.
#[derive(Clone, Copy)]
pub(super) enum Source<'s> {
    /// A file, its text as a whole, read from an offset on.
    File(FileId, &'s Text, usize),
    /// A string.
    Text(&'s Text),
}

impl Source<'_> {
    /// What these bytes spell as a whole.
    pub(super) fn spelled(&self, range: Range<usize>) -> Origin {
        match self {
            Self::File(file, _, base) => {
                Origin::spelled(Span::new(*file, base + range.start..base + range.end))
            }
            Self::Text(text) => {
                let end = range.end.min(text.len());
                text.computed(range.start.min(end)..end)
            }
        }
    }

    /// The origin of a copy of these bytes, when it is a single one.
    pub(super) fn copied_origin(&self, range: Range<usize>) -> Origin {
        match self {
            Self::File(file, _, base) => Origin::copied(*file, base + range.start),
            Self::Text(text) => {
                let end = range.end.min(text.len());
                let mut runs = text.runs_in(range.start.min(end)..end);
                match (runs.next(), runs.next()) {
                    (Some((_, origin)), None) => origin,
                    _ => {
                        drop(runs);
                        self.spelled(range)
                    }
                }
            }
        }
    }

    /// A copy of these bytes, which are `value`.
    pub(super) fn copy(&self, value: &str, range: Range<usize>) -> Text {
        match self {
            Self::File(file, whole, base) => {
                let range = base + range.start..base + range.end;
                match whole.bytes().get(range.clone()) == Some(value.as_bytes()) {
                    true => whole.slice(range),
                    false => Text::with_origin(value, Origin::copied(*file, range.start)),
                }
            }
            Self::Text(text) if text.bytes().get(range.clone()) == Some(value.as_bytes()) => {
                text.slice(range)
            }
            Self::Text(_) => Text::with_origin(value, self.spelled(range)),
        }
    }

    /// Appends a copy of these bytes, which are `value`.
    pub(super) fn push_copy(&self, out: &mut TextBuilder, value: &str, range: Range<usize>) {
        match self {
            Self::File(file, _, base) => {
                out.push_bytes(value.as_bytes(), Origin::copied(*file, base + range.start));
            }
            Self::Text(text) if text.bytes().get(range.clone()) == Some(value.as_bytes()) => {
                out.push_slice(text, range);
            }
            Self::Text(_) => self.push_spelled(out, value, range),
        }
    }

    /// Appends what these bytes spell as a whole.
    pub(super) fn push_spelled(&self, out: &mut TextBuilder, value: &str, range: Range<usize>) {
        // Finding what spells nothing costs as much as what spells a lot.
        if !value.is_empty() {
            out.push_bytes(value.as_bytes(), self.spelled(range));
        }
    }
}
