//! Cuts a template into text, comments and actions.

use crate::action::{self, is_space};
use crate::token::{Action, Error, Lexed, Segment};
use memchr::memmem;

/// Lexes a template. It never fails; see [`Lexed::errors`].
///
/// An action that is not closed ends at the end of its line, so that what
/// follows is still read.
pub fn lex(text: &str) -> Lexed {
    let mut segments = Segments::new(text);
    let mut lexed = Lexed::default();
    while let Some(segment) = segments.next() {
        lexed.segments.push(segment);
        lexed.errors.append(&mut segments.errors);
    }
    lexed
}

/// The segments of a text, cut one at a time.
pub(crate) struct Segments<'t> {
    text: &'t str,
    open: memmem::Finder<'static>,
    at: usize,
    /// What is wrong in the last one.
    pub(crate) errors: Vec<Error>,
}

impl<'t> Segments<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, open: memmem::Finder::new("{{"), at: 0, errors: Vec::new() }
    }
}

impl Iterator for Segments<'_> {
    type Item = Segment;

    fn next(&mut self) -> Option<Segment> {
        let rest = &self.text.as_bytes()[self.at..];
        if rest.is_empty() {
            return None;
        }
        let start = self.open.find(rest).map_or(self.text.len(), |i| self.at + i);
        if start > self.at {
            let span = self.at..start;
            self.at = start;
            return Some(Segment::Text(span));
        }
        let (segment, errors) = segment(self.text, start);
        self.at = end(&segment);
        self.errors = errors;
        Some(segment)
    }
}

fn end(segment: &Segment) -> usize {
    match segment {
        Segment::Text(span) | Segment::Comment(span) => span.end,
        Segment::Action(action) => action.span.end,
    }
}

fn segment(text: &str, start: usize) -> (Segment, Vec<Error>) {
    let bytes = text.as_bytes();
    let mut inner = start + 2;
    // Go: a dash trims only when white space follows it; otherwise it is a sign.
    let trim_left = bytes.get(inner) == Some(&b'-') && bytes.get(inner + 1).is_some_and(is_space);
    if trim_left {
        inner += 2;
    }
    if bytes[inner.min(bytes.len())..].starts_with(b"/*") {
        return comment(text, start, inner);
    }
    let (tokens, stop) = action::tokens(text, start, inner);
    let action = |end, trim_right| {
        Segment::Action(Action { span: start..end, trim_left, trim_right, tokens })
    };
    match stop {
        action::Stop::Closed { end, trim_right, errors } => (action(end, trim_right), errors),
        action::Stop::Unclosed { end, errors } => (action(end, false), errors),
    }
}

fn comment(text: &str, start: usize, inner: usize) -> (Segment, Vec<Error>) {
    let bytes = text.as_bytes();
    let body = inner + 2;
    let Some(close) = memmem::find(&bytes[body..], b"*/").map(|i| body + i + 2) else {
        let message = "the comment is not closed; `*/}}` was expected";
        let error = Error::new(start..text.len(), message);
        return (Segment::Comment(start..text.len()), vec![error]);
    };
    for ending in ["}}", " -}}", "\n-}}", "\t-}}", "\r-}}"] {
        if bytes[close..].starts_with(ending.as_bytes()) {
            return (Segment::Comment(start..close + ending.len()), Vec::new());
        }
    }
    let message = "a comment ends its action; `*/}}` or `*/ -}}` was expected";
    let end = memmem::find(&bytes[close..], b"}}").map_or(text.len(), |i| close + i + 2);
    (Segment::Comment(start..end), vec![Error::new(close - 2..close, message)])
}
