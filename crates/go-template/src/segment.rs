//! Cuts a template into text, comments and actions.

use crate::action::{Lexer, Stop, is_space};
use crate::token::{Action, Error, Lexed, Segment};
use memchr::memmem;
use std::ops::Range;

/// Lexes a template. It never fails; see [`Lexed::errors`].
///
/// An action that is not closed ends at the end of its line, so that what
/// follows is still read.
pub fn lex(text: &str) -> Lexed {
    let mut parts = Parts::new(text);
    let mut lexed = Lexed::default();
    while let Some(part) = parts.next() {
        lexed.segments.push(match part {
            Part::Text(span) => Segment::Text(span),
            Part::Comment(span, error) => {
                lexed.errors.extend(error);
                Segment::Comment(span)
            }
            Part::Action { start, trim_left, mut tokens } => {
                // Most actions are short; growing to their size by steps costs more than the room.
                let mut list = Vec::with_capacity(16);
                list.extend(&mut tokens);
                let trim_right = matches!(tokens.stop, Some(Stop::Closed { trim_right: true, .. }));
                let end = parts.behind(&tokens);
                if let Some(Stop::Unclosed { end }) = tokens.stop {
                    list.retain(|token| token.span.end <= end);
                }
                lexed.errors.append(&mut tokens.errors);
                Segment::Action(Action { span: start..end, trim_left, trim_right, tokens: list })
            }
        });
    }
    lexed
}

/// A part of a template.
pub(crate) enum Part<'t> {
    /// Literal text, before any trimming.
    Text(Range<usize>),
    /// A comment, and what is wrong with it.
    Comment(Range<usize>, Option<Error>),
    /// An action whose tokens are not cut yet. Once they are, what follows it is to be
    /// found by [`Parts::behind`].
    Action { start: usize, trim_left: bool, tokens: Lexer<'t> },
}

/// The parts of a text, cut one at a time.
pub(crate) struct Parts<'t> {
    text: &'t str,
    open: memmem::Finder<'static>,
    at: usize,
}

impl<'t> Parts<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, open: memmem::Finder::new("{{"), at: 0 }
    }

    /// The next part.
    pub(crate) fn next(&mut self) -> Option<Part<'t>> {
        let start = self.at;
        let rest = &self.text.as_bytes()[start..];
        if rest.is_empty() {
            return None;
        }
        if !rest.starts_with(b"{{") {
            self.at = self.open.find(rest).map_or(self.text.len(), |i| start + i);
            return Some(Part::Text(start..self.at));
        }
        // Go: a dash trims only when white space follows it; otherwise it is a sign.
        let trim_left = rest.get(2) == Some(&b'-') && rest.get(3).is_some_and(is_space);
        let inner = if trim_left { 4 } else { 2 };
        if rest[inner..].starts_with(b"/*") {
            let (span, error) = comment(self.text, start, start + inner);
            self.at = span.end;
            return Some(Part::Comment(span, error));
        }
        let tokens = Lexer::new(self.text, start, start + inner);
        Some(Part::Action { start, trim_left, tokens })
    }

    /// Goes on behind an action whose tokens are all cut. Gives its end.
    pub(crate) fn behind(&mut self, tokens: &Lexer<'_>) -> usize {
        self.at = tokens.stop.map_or(self.text.len(), Stop::end);
        self.at
    }
}

fn comment(text: &str, start: usize, inner: usize) -> (Range<usize>, Option<Error>) {
    let bytes = text.as_bytes();
    let body = inner + 2;
    let Some(close) = memmem::find(&bytes[body..], b"*/").map(|i| body + i + 2) else {
        let message = "the comment is not closed; `*/}}` was expected";
        return (start..text.len(), Some(Error::new(start..text.len(), message)));
    };
    for ending in ["}}", " -}}", "\n-}}", "\t-}}", "\r-}}"] {
        if bytes[close..].starts_with(ending.as_bytes()) {
            return (start..close + ending.len(), None);
        }
    }
    let message = "a comment ends its action; `*/}}` or `*/ -}}` was expected";
    let end = memmem::find(&bytes[close..], b"}}").map_or(text.len(), |i| close + i + 2);
    (start..end, Some(Error::new(close - 2..close, message)))
}
