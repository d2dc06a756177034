//! Where the parser has its segments from.

use crate::segment::Segments;
use crate::token::{Error, Segment};
use std::vec;

/// Segments, and the first thing that is wrong in them.
pub(super) enum Source<'t> {
    /// Straight from the lexer, one at a time: their tokens are gone before the next come.
    Text(Box<Segments<'t>>),
    /// All of them, and the first error of the lexer.
    Lexed(vec::IntoIter<Segment>, Option<Error>),
}

impl Source<'_> {
    /// The next segment.
    pub(super) fn next(&mut self) -> Option<Segment> {
        match self {
            Self::Text(segments) => segments.next(),
            Self::Lexed(segments, _) => segments.next(),
        }
    }

    /// The lexer's first error, when it is before this place.
    pub(super) fn error_before(&self, end: usize) -> Option<&Error> {
        let error = match self {
            Self::Text(segments) => segments.errors.first(),
            Self::Lexed(_, error) => error.as_ref(),
        };
        error.filter(|error| error.span.start < end)
    }
}
