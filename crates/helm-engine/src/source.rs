//! The text of a chart's files, and positions in it.
//!
//! Everything that reads a chart speaks of its text as a [`Span`]: a file and
//! a range of bytes. Lines and columns exist only at the edge, where a person
//! or another tool is told of a place; [`SourceFile::position`] computes them.

use std::borrow::Borrow;
use std::ops::{Deref, Range};
use std::sync::{Arc, OnceLock};

/// A file of one [`SourceMap`]. Ids of different maps must not be mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A range of bytes in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte, counted from 0.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

impl Span {
    /// A span of `range` in `file`.
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        Self { file, start: range.start, end: range.end }
    }

    /// The bytes, without the file.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// A place as people count: lines from 1, columns from 1 in Unicode scalar values.
///
/// A byte order mark at the start of a file is not counted as a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1. A line ends with `\n`; `\r\n` is one ending.
    pub line: u32,
    /// The column, from 1, in Unicode scalar values.
    pub column: u32,
}

/// The text of a file, shared by its clones. It stays where it was read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FileText(Arc<Box<str>>);

impl Deref for FileText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<String> for FileText {
    fn from(text: String) -> Self {
        Self(Arc::new(text.into()))
    }
}

impl From<&str> for FileText {
    fn from(text: &str) -> Self {
        Self(Arc::new(text.into()))
    }
}

impl From<Arc<str>> for FileText {
    fn from(text: Arc<str>) -> Self {
        Self::from(&*text)
    }
}

/// So that a text can be looked up.
impl Borrow<str> for FileText {
    fn borrow(&self) -> &str {
        self
    }
}

/// One file of a chart.
#[derive(Debug)]
pub struct SourceFile {
    path: String,
    text: FileText,
    lines: OnceLock<Vec<usize>>,
}

impl SourceFile {
    /// The path to show: relative to the root, with `/`; a member of an archive
    /// is `charts/x-1.2.tgz!x/values.yaml`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text.
    pub fn text(&self) -> &FileText {
        &self.text
    }

    /// Line and column of a byte offset. An offset past the end is the end.
    pub fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.text.len());
        let starts = self.line_starts();
        let line = starts.partition_point(|&start| start <= offset) - 1;
        let mut before = &self.text[starts[line]..self.text.floor_char_boundary(offset)];
        if line == 0 {
            before = before.strip_prefix('\u{feff}').unwrap_or(before);
        }
        Position { line: line as u32 + 1, column: before.chars().count() as u32 + 1 }
    }

    /// The bytes of a line (from 1) without its ending. Empty past the last line.
    pub fn line(&self, line: u32) -> Range<usize> {
        let starts = self.line_starts();
        let index = (line as usize).saturating_sub(1);
        let Some(&start) = starts.get(index) else { return self.text.len()..self.text.len() };
        let end = starts.get(index + 1).copied().unwrap_or(self.text.len());
        let body = &self.text[start..end];
        let body = body.strip_suffix('\n').unwrap_or(body);
        let body = body.strip_suffix('\r').unwrap_or(body);
        start..start + body.len()
    }

    fn line_starts(&self) -> &[usize] {
        self.lines.get_or_init(|| {
            let breaks = memchr::memchr_iter(b'\n', self.text.as_bytes());
            std::iter::once(0).chain(breaks.map(|at| at + 1)).collect()
        })
    }
}

/// Owns the text of a chart's files while the chart is judged.
#[derive(Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file and gives its id.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<FileText>) -> FileId {
        let id = FileId(self.files.len() as u32);
        self.files.push(SourceFile {
            path: path.into(),
            text: text.into(),
            lines: OnceLock::new(),
        });
        id
    }

    /// The file with this id.
    ///
    /// # Panics
    /// When the id is of another map and this one has fewer files.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The text under a span.
    pub fn text(&self, span: Span) -> &str {
        &self.file(span.file).text[span.range()]
    }

    /// All files with their ids, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(i, f)| (FileId(i as u32), f))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> SourceMap {
        let mut map = SourceMap::new();
        map.add("f", text);
        map
    }

    #[test]
    fn columns_count_scalar_values() {
        let map = file("é: x\r\nb");
        let f = map.file(FileId(0));
        assert_eq!(f.position(4), Position { line: 1, column: 4 });
        assert_eq!(f.position(7), Position { line: 2, column: 1 });
        assert_eq!(&f.text()[f.line(1)], "é: x");
    }

    #[test]
    fn a_byte_order_mark_is_no_column() {
        let map = file("\u{feff}a: 1");
        assert_eq!(map.file(FileId(0)).position(3), Position { line: 1, column: 1 });
    }

    #[test]
    fn past_the_end_is_the_end() {
        let map = file("a\n");
        let f = map.file(FileId(0));
        assert_eq!(f.position(99), Position { line: 2, column: 1 });
        assert_eq!(f.line(9), 2..2);
    }
}
