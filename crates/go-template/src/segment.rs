//! Cuts a template into text, comments and actions.

use crate::action::{self, is_space};
use crate::token::{Action, Error, Lexed, Segment};
use memchr::memmem;

/// Lexes a template. It never fails; see [`Lexed::errors`].
///
/// An action that is not closed ends at the end of its line, so that what
/// follows is still read.
pub fn lex(text: &str) -> Lexed {
    let bytes = text.as_bytes();
    let open = memmem::Finder::new("{{");
    let mut lexed = Lexed::default();
    let mut at = 0;
    while let Some(start) = open.find(&bytes[at..]).map(|i| at + i) {
        if start > at {
            lexed.segments.push(Segment::Text(at..start));
        }
        let (segment, errors) = segment(text, start);
        at = end(&segment);
        lexed.segments.push(segment);
        lexed.errors.extend(errors);
    }
    if at < bytes.len() {
        lexed.segments.push(Segment::Text(at..bytes.len()));
    }
    lexed
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
