//! Text inside text: where the bytes of a decoded string stand in the file.
//!
//! A chart nests languages: a values file holds a block string, which holds
//! YAML, which holds an argument. A [`Fragment`] is the text at one level and
//! the way back to the file, so that every finding names real bytes.

use go_template::StringLiteral;
use helm_engine::source::{FileId, Span};
use helm_engine::value::{self, Text};
use std::ops::Range;
use yaml_span::Scalar;

/// A piece of text and where its bytes come from.
#[derive(Clone, Copy)]
pub(crate) struct Fragment<'a> {
    pub(crate) text: &'a str,
    origin: Origin<'a>,
}

#[derive(Clone, Copy)]
enum Origin<'a> {
    File(FileId),
    Scalar(&'a Fragment<'a>, &'a Scalar<'a>),
    Literal(&'a Fragment<'a>, &'a StringLiteral),
    /// What a template of this file printed.
    Rendered(&'a Text, FileId),
}

/// How far before a value the template that prints it is looked for, in bytes:
/// a blank, quotes and a colon.
const WIDEST_GAP: usize = 4;

impl<'a> Fragment<'a> {
    /// A whole file.
    pub(crate) fn file(file: FileId, text: &'a str) -> Self {
        Self { text, origin: Origin::File(file) }
    }

    /// The value of a scalar that stands in `outer`.
    pub(crate) fn scalar(outer: &'a Fragment<'a>, scalar: &'a Scalar<'a>) -> Self {
        Self { text: &scalar.value, origin: Origin::Scalar(outer, scalar) }
    }

    /// The value of a string in an action that stands in `outer`.
    pub(crate) fn literal(outer: &'a Fragment<'a>, literal: &'a StringLiteral) -> Self {
        Self { text: &literal.value, origin: Origin::Literal(outer, literal) }
    }

    /// What the template in a file printed; `utf8` is the same text.
    pub(crate) fn rendered(text: &'a Text, utf8: &'a str, file: FileId) -> Self {
        Self { text: utf8, origin: Origin::Rendered(text, file) }
    }

    /// The same source with other text of the same length: parts of it blanked.
    pub(crate) fn blanked<'b>(&self, text: &'b str) -> Fragment<'b>
    where
        'a: 'b,
    {
        Fragment { text, origin: self.origin }
    }

    /// The bytes of the file that spell a range of this text; of rendered text,
    /// those of its first piece.
    pub(crate) fn span(&self, range: Range<usize>) -> Span {
        match self.origin {
            Origin::File(file) => Span::new(file, range),
            Origin::Scalar(outer, scalar) => outer.span(scalar.source(range)),
            Origin::Literal(outer, literal) => outer.span(literal.source(range)),
            Origin::Rendered(text, file) => source_of(text, range, file),
        }
    }

    /// The pieces of source that spell a range, in order: one, unless templates
    /// joined it. Text that was rewritten letter by letter is one piece still.
    pub(crate) fn pieces(&self, range: Range<usize>) -> Vec<Piece> {
        let in_outer = |outer: &Self, source: Range<usize>| {
            // Where the bytes are not the text, the range is spelled as a whole.
            (source.len() == range.len()).then(|| outer.pieces(source))
        };
        let pieces = match self.origin {
            Origin::File(_) => None,
            Origin::Scalar(outer, scalar) => in_outer(outer, scalar.source(range.clone())),
            Origin::Literal(outer, literal) => in_outer(outer, literal.source(range.clone())),
            Origin::Rendered(text, file) => {
                let mut pieces: Vec<Piece> = Vec::new();
                for (run, _) in text.runs_in(range.clone()) {
                    let span = source_of(text, run.clone(), file);
                    match pieces.last_mut() {
                        Some(last)
                            if last.span.file == span.file && last.span.end == span.start =>
                        {
                            last.text.push_str(&self.text[run]);
                            last.span.end = span.end;
                        }
                        _ => pieces.push(Piece { text: self.text[run].to_owned(), span }),
                    }
                }
                Some(pieces)
            }
        };
        pieces.unwrap_or_else(|| vec![self.piece(range)])
    }

    /// The place in a template that prints the value at a range of rendered text.
    pub(crate) fn site(&self, range: Range<usize>) -> Option<Span> {
        match self.origin {
            Origin::File(_) => None,
            Origin::Scalar(outer, scalar) => outer.site(scalar.source(range)),
            Origin::Literal(outer, literal) => outer.site(literal.source(range)),
            Origin::Rendered(text, _) => {
                let nearest = range.start.saturating_sub(WIDEST_GAP)..range.start;
                nearest.rev().find_map(|at| match text.runs_in(at..at + 1).next()?.1 {
                    value::Origin::Copied { file, start } => {
                        let start = start as usize + 1;
                        Some(Span::new(file, start..start))
                    }
                    _ => None,
                })
            }
        }
    }

    /// The range as a piece of text that knows its bytes.
    pub(crate) fn piece(&self, range: Range<usize>) -> Piece {
        Piece { text: self.text[range.clone()].to_owned(), span: self.span(range) }
    }

    /// The whole text as a piece.
    pub(crate) fn whole(&self) -> Piece {
        self.piece(0..self.text.len())
    }
}

/// The first source bytes of a range of rendered text. What the engine made itself
/// stands where the text before it comes from, or at the beginning of the file whose
/// template printed it.
fn source_of(text: &Text, range: Range<usize>, file: FileId) -> Span {
    let first = |range: Range<usize>| text.spans(range).first().copied();
    // Not further than a line or two, or a text without origin would be searched over
    // and over.
    let near = range.start.saturating_sub(FURTHEST_SOURCE)..range.start;
    let after = range.end..text.len().min(range.end + FURTHEST_SOURCE);
    first(range)
        .or_else(|| text.spans(near).last().copied())
        .or_else(|| first(after))
        .unwrap_or(Span::new(file, 0..0))
}

/// How far around a text without origin one is looked for, in bytes.
const FURTHEST_SOURCE: usize = 256;

/// Text and the bytes of a file that spell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) span: Span,
}
