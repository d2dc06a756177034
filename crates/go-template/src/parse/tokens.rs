//! The tokens of an action, one after the other.

use super::Parser;
use crate::token::{Action, Error, Token, TokenKind};
use std::ops::Range;
use std::vec;

/// What is left of an action's tokens.
pub(super) struct Tokens {
    tokens: vec::IntoIter<Token>,
    /// The bytes of the closing braces.
    close: Range<usize>,
    /// The end of the last token taken that is not white space.
    last: usize,
}

impl Tokens {
    pub(super) fn new(action: Action) -> Self {
        let Range { start, end } = action.span;
        Self { tokens: action.tokens.into_iter(), close: end.saturating_sub(2)..end, last: start }
    }

    /// The next token. None at the braces.
    pub(super) fn peek(&self) -> Option<&Token> {
        self.tokens.as_slice().first()
    }

    /// What the next token is.
    pub(super) fn kind(&self) -> Option<&TokenKind> {
        self.peek().map(|token| &token.kind)
    }

    /// The kind of the next token that is not white space, behind the next one.
    pub(super) fn kind_behind(&self) -> Option<&TokenKind> {
        let behind = self.tokens.as_slice().get(1..).unwrap_or_default();
        behind.iter().map(|token| &token.kind).find(|kind| **kind != TokenKind::Space)
    }

    /// How many fields come next.
    pub(super) fn fields(&self) -> usize {
        self.tokens.as_slice().iter().take_while(|token| token.kind == TokenKind::Field).count()
    }

    /// Takes the next token.
    pub(super) fn next(&mut self) -> Option<Token> {
        let token = self.tokens.next()?;
        if token.kind != TokenKind::Space {
            self.last = token.span.end;
        }
        Some(token)
    }

    /// Passes over white space.
    pub(super) fn skip_space(&mut self) {
        while self.kind() == Some(&TokenKind::Space) {
            self.tokens.next();
        }
    }

    /// Passes over white space and takes a token.
    pub(super) fn next_word(&mut self) -> Option<Token> {
        self.skip_space();
        self.next()
    }

    /// Where the next token begins, or the braces.
    pub(super) fn start(&self) -> usize {
        self.peek().map_or(self.close.start, |token| token.span.start)
    }

    /// The bytes from an offset to the end of the last token taken.
    pub(super) fn since(&self, start: usize) -> Range<usize> {
        start..self.last.max(start)
    }

    /// The bytes of the next token, or of the braces.
    pub(super) fn span(&self) -> Range<usize> {
        self.peek().map_or(self.close.clone(), |token| token.span.clone())
    }
}

impl<'t> Parser<'t> {
    /// The text of some bytes.
    pub(super) fn slice(&self, span: &Range<usize>) -> &'t str {
        self.text.get(span.clone()).unwrap_or_default()
    }

    /// Refuses the next token.
    pub(super) fn unexpected(&self, tokens: &Tokens, context: &str, expected: &str) -> Error {
        let span = tokens.span();
        let token = quoted(self.slice(&span));
        Error::new(span, format!("unexpected {token} in {context}; {expected} was expected"))
    }

    /// Passes over white space up to the closing braces.
    pub(super) fn expect_close(&self, tokens: &mut Tokens, context: &str) -> Result<(), Error> {
        tokens.skip_space();
        match tokens.peek() {
            None => Ok(()),
            Some(_) => Err(self.unexpected(tokens, context, "`}}`")),
        }
    }
}

/// A word of the template for a message: escaped, and cut when it is long.
pub(super) fn quoted(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((cut, _)) => format!("{:?}…", &text[..cut]),
        None => format!("{text:?}"),
    }
}
