//! Where text and values come from.

use crate::source::{FileId, Span};
use std::rc::Rc;

/// Where a run of bytes, or a number, a boolean, a list, comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Origin {
    /// From no file: the engine made it.
    #[default]
    None,
    /// Copied: byte `i` of the run is byte `start + i` of the file.
    Copied {
        /// The file.
        file: FileId,
        /// The offset of the first byte.
        start: u32,
    },
    /// Spelled by these bytes as a whole: an escape, a scalar that is printed
    /// otherwise than it is written (`1.10` as `1.1`), a folded line.
    Spelled {
        /// The file.
        file: FileId,
        /// The first byte.
        start: u32,
        /// The byte after the last one.
        end: u32,
    },
    /// Computed from all of these, in a way that keeps no bytes apart.
    Computed(Rc<Vec<Span>>),
}

impl Origin {
    /// Spelled by a span as a whole.
    pub fn spelled(span: Span) -> Self {
        Self::Spelled { file: span.file, start: span.start as u32, end: span.end as u32 }
    }

    /// Copied from an offset on.
    pub fn copied(file: FileId, start: usize) -> Self {
        Self::Copied { file, start: start as u32 }
    }

    /// The source bytes behind a run of `length` bytes.
    pub fn spans(&self, length: usize) -> Vec<Span> {
        let mut spans = Vec::new();
        self.each_span(0, length, |span| spans.push(span));
        spans
    }

    /// The source bytes behind `length` bytes of a run, from `by` on.
    pub(super) fn each_span(&self, by: usize, length: usize, mut each: impl FnMut(Span)) {
        match self {
            Self::None => {}
            Self::Copied { file, start } => {
                let start = *start as usize + by;
                each(Span::new(*file, start..start + length));
            }
            Self::Spelled { file, start, end } => {
                each(Span::new(*file, *start as usize..*end as usize));
            }
            Self::Computed(spans) => spans.iter().copied().for_each(each),
        }
    }

    /// The origin of what is computed from `length` bytes of a run, from `by` on.
    pub(super) fn as_a_whole(&self, by: usize, length: usize) -> Self {
        match self {
            Self::Copied { file, start } => {
                let start = *start as usize + by;
                Self::spelled(Span::new(*file, start..start + length))
            }
            other => other.clone(),
        }
    }

    /// What is computed from all of these. Spans are listed once; after
    /// [`MOST_INPUTS`] the rest is dropped.
    pub fn computed(spans: impl IntoIterator<Item = Span>) -> Self {
        let mut inputs = Inputs::default();
        for span in spans {
            if inputs.is_full() {
                break;
            }
            inputs.add(span);
        }
        inputs.origin()
    }

    /// The origin of the bytes from `by` on.
    pub(crate) fn shifted(&self, by: usize) -> Self {
        match self {
            Self::Copied { file, start } => Self::Copied { file: *file, start: start + by as u32 },
            other => other.clone(),
        }
    }

    /// True when a run with `next` behind a run of `length` bytes is the same run going on.
    pub(crate) fn goes_on(&self, length: usize, next: &Self) -> bool {
        match (self, next) {
            (Self::Copied { file, start }, Self::Copied { file: f, start: s }) => {
                file == f && *start as usize + length == *s as usize
            }
            (Self::Copied { .. }, _) => false,
            (a, b) => a == b,
        }
    }
}

/// What something is computed from: each span once, and not more than are remembered.
#[derive(Default)]
pub(super) struct Inputs(Vec<Span>);

impl Inputs {
    pub(super) fn add(&mut self, span: Span) {
        // Bytes that stand side by side often have the same source.
        if self.0.last() != Some(&span) && !self.is_full() && !self.0.contains(&span) {
            self.0.push(span);
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.0.len() >= MOST_INPUTS
    }

    pub(super) fn origin(self) -> Origin {
        match self.0.as_slice() {
            [] => Origin::None,
            [one] => Origin::spelled(*one),
            _ => Origin::Computed(Rc::new(self.0)),
        }
    }
}

/// How many inputs a computed text remembers.
pub const MOST_INPUTS: usize = 64;
