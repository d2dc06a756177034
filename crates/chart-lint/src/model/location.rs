//! Places as a report keeps them: resolved, and independent of any chart's text.

pub use helm_engine::source::Position;
use helm_engine::source::{SourceMap, Span};
use std::ops::Range;
use std::sync::Arc;

/// A range of bytes of a file, with what a reader needs to see of it.
///
/// It owns the lines that it shows, so that a chart's text can be let go as
/// soon as the chart is judged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The path relative to the root, with `/`.
    pub path: Arc<str>,
    /// The first character.
    pub start: Position,
    /// The character after the last one (exclusive).
    pub end: Position,
    /// The same range in bytes of the file, from 0.
    pub bytes: ByteRange,
    /// The lines around it.
    pub snippet: Snippet,
}

/// A byte range that can be ordered (`std::ops::Range` cannot).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteRange {
    /// The first byte, from 0.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

/// The lines around a [`Location`], as written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Snippet {
    /// The number of the first line of `text`, from 1.
    pub first_line: u32,
    /// Whole lines, joined by `\n`, without the last ending. A line longer than
    /// [`Snippet::LONGEST_LINE`] bytes is cut around the range.
    pub text: String,
    /// The location's bytes within `text`.
    pub range: ByteRange,
}

impl Snippet {
    /// Lines before and after the range that are shown with it.
    pub const CONTEXT: u32 = 1;
    /// Bytes of one line that are kept at most on each side of the range.
    pub const LONGEST_LINE: usize = 200;
}

impl Location {
    /// Resolves a span while its text is still at hand.
    pub fn new(sources: &SourceMap, span: Span) -> Self {
        let file = sources.file(span.file);
        let start = file.position(span.start);
        let end = file.position(span.end);
        Self {
            path: Arc::from(file.path()),
            start,
            end,
            bytes: ByteRange { start: span.start, end: span.end },
            snippet: snippet(sources, span, start, end),
        }
    }

    /// The text under the location.
    pub fn text(&self) -> &str {
        &self.snippet.text[Range::from(self.snippet.range)]
    }
}

impl From<ByteRange> for Range<usize> {
    fn from(r: ByteRange) -> Self {
        r.start..r.end
    }
}

fn snippet(sources: &SourceMap, span: Span, start: Position, end: Position) -> Snippet {
    let file = sources.file(span.file);
    let first_line = start.line.saturating_sub(Snippet::CONTEXT).max(1);
    let mut text = String::new();
    let mut range = ByteRange { start: 0, end: 0 };
    for line in first_line..=end.line + Snippet::CONTEXT {
        let bytes = file.line(line);
        if line > end.line && bytes.is_empty() {
            break;
        }
        if line > first_line {
            text.push('\n');
        }
        let keep = around(&file.text()[bytes.clone()], bytes.start, span);
        let shown = &file.text()[keep.clone()];
        let at = |offset: usize| text.len() + offset.clamp(keep.start, keep.end) - keep.start;
        if line == start.line {
            range.start = at(span.start);
        }
        if line == end.line {
            range.end = at(span.end);
        }
        text.push_str(shown);
    }
    Snippet { first_line, text, range }
}

/// The part of a line that is worth keeping: all of it, unless it is very long.
fn around(line: &str, start: usize, span: Span) -> Range<usize> {
    let end = start + line.len();
    let from = span.start.clamp(start, end).saturating_sub(Snippet::LONGEST_LINE).max(start);
    let to = (span.end.clamp(start, end) + Snippet::LONGEST_LINE).min(end);
    let from = line.floor_char_boundary(from - start);
    let to = line.ceil_char_boundary(to - start);
    start + from..start + to
}
