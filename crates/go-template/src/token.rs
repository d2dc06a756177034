//! What a template is made of.

use crate::literal::StringLiteral;
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

/// A template, cut into segments.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lexed {
    /// Text, comments and actions, in order. Together they cover every byte.
    pub segments: Vec<Segment>,
    /// What is wrong, by place.
    pub errors: Vec<Error>,
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// Literal text, before any trimming.
    Text(Range<usize>),
    /// `{{/* … */}}`, with its braces.
    Comment(Range<usize>),
    /// `{{ … }}`
    Action(Action),
}

/// An action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// The bytes, with the braces.
    pub span: Range<usize>,
    /// It begins with `{{- `, which takes the white space before it.
    pub trim_left: bool,
    /// It ends with ` -}}`, which takes the white space after it.
    pub trim_right: bool,
    /// What stands between the braces and trim markers, blanks included.
    pub tokens: Vec<Token>,
}

/// A token of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its bytes.
    pub span: Range<usize>,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenKind {
    /// White space.
    Space,
    /// `.name`; `.a.b` is two of them.
    Field,
    /// `.`
    Dot,
    /// `$` or `$name`.
    Variable,
    /// A function, or another word without meaning of its own.
    Identifier,
    /// `if`, `else`, `end`, `range`, `with`, `define`, `template`, `block`, `break`, `continue`.
    Keyword,
    /// `true` or `false`.
    Bool,
    /// `nil`
    Nil,
    /// A number in any form of Go, a complex one included.
    Number,
    /// `'c'`
    Char,
    /// `"…"` or `` `…` ``.
    String(Box<StringLiteral>),
    /// `|`
    Pipe,
    /// `:=`
    Declare,
    /// `=`
    Assign,
    /// `,`
    Comma,
    /// `(`
    LeftParen,
    /// `)`
    RightParen,
    /// A character that begins nothing.
    Unknown,
}

impl Token {
    /// The string, when it is one.
    pub fn string(&self) -> Option<&StringLiteral> {
        match &self.kind {
            TokenKind::String(literal) => Some(literal),
            _ => None,
        }
    }
}

/// Something that is wrong in a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Where.
    pub span: Range<usize>,
    /// What, and what was expected.
    pub message: Cow<'static, str>,
}

impl Error {
    pub(crate) fn new(span: Range<usize>, message: impl Into<Cow<'static, str>>) -> Self {
        Self { span, message: message.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
