//! Text inside text: where the bytes of a decoded string stand in the file.
//!
//! A chart nests languages: a values file holds a block string, which holds
//! YAML, which holds an argument. A [`Fragment`] is the text at one level and
//! the way back to the file, so that every finding names real bytes.

use go_template::StringLiteral;
use helm_engine::source::{FileId, Span};
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
}

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

    /// The bytes of the file that spell a range of this text.
    pub(crate) fn span(&self, range: Range<usize>) -> Span {
        match self.origin {
            Origin::File(file) => Span::new(file, range),
            Origin::Scalar(outer, scalar) => outer.span(scalar.source(range)),
            Origin::Literal(outer, literal) => outer.span(literal.source(range)),
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

/// Text and the bytes of a file that spell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) span: Span,
}
