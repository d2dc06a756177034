//! Bytes of a template.

use std::ops::Range;

/// A range of bytes of a template. A tree has a great many of them, so it is small.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// The longest text that has spans, in bytes.
    pub const LONGEST: usize = u32::MAX as usize;

    /// The first byte.
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// The byte after the last one.
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// The number of bytes.
    pub fn len(self) -> usize {
        self.end().saturating_sub(self.start())
    }

    /// True without bytes.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The bytes as a range.
    pub fn range(self) -> Range<usize> {
        self.start()..self.end()
    }

    /// These bytes of the text that was parsed; nothing of one that has no such bytes.
    pub fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }
}

/// Of a range in a text that is not longer than [`Span::LONGEST`].
impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self { start: range.start as u32, end: range.end as u32 }
    }
}
