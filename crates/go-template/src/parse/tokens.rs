//! The tokens of an action, one after the other.

use super::Parser;
use crate::action::Lexer;
use crate::token::{Error, Token, TokenKind};
use std::mem;
use std::ops::Range;

/// What is left of an action's tokens, without white space.
pub(super) struct Tokens<'t> {
    /// Where the action begins.
    start: usize,
    lexer: Lexer<'t>,
    /// The next one, which the lexer is past.
    next: Option<Token>,
    /// White space stands before the next one.
    apart: bool,
    /// The end of the last token taken.
    last: usize,
}

impl<'t> Tokens<'t> {
    pub(super) fn new(start: usize, mut lexer: Lexer<'t>) -> Self {
        let apart = lexer.skip_blanks();
        let next = lexer.next();
        Self { start, lexer, next, apart, last: start }
    }

    /// The lexer of the action, past its last token.
    pub(super) fn lexed(&mut self) -> &mut Lexer<'t> {
        self.lexer.by_ref().for_each(drop);
        &mut self.lexer
    }

    /// The bytes of the whole action.
    pub(super) fn action(&mut self) -> Range<usize> {
        let start = self.start;
        start..self.lexed().stop.map_or(start, |stop| stop.end())
    }

    /// The next token. None at the braces.
    pub(super) fn peek(&self) -> Option<&Token> {
        self.next.as_ref()
    }

    /// What the next token is.
    pub(super) fn kind(&self) -> Option<&TokenKind> {
        self.peek().map(|token| &token.kind)
    }

    /// What stands behind the next token and white space.
    pub(super) fn behind(&self) -> &'t [u8] {
        self.lexer.rest().trim_ascii_start()
    }

    /// True of a field that belongs to the token before it.
    pub(super) fn field_follows(&self) -> bool {
        !self.apart && self.kind() == Some(&TokenKind::Field)
    }

    /// True when white space stands before the next token.
    pub(super) fn is_apart(&self) -> bool {
        self.apart
    }

    /// Takes the next token.
    pub(super) fn next(&mut self) -> Option<Token> {
        self.apart = self.lexer.skip_blanks();
        let token = mem::replace(&mut self.next, self.lexer.next())?;
        self.last = token.span.end;
        Some(token)
    }

    /// Where the next token begins, or the braces.
    pub(super) fn start(&self) -> usize {
        self.span().start
    }

    /// The bytes from an offset to the end of the last token taken.
    pub(super) fn since(&self, start: usize) -> Range<usize> {
        start..self.last.max(start)
    }

    /// The bytes of the next token, or of the braces.
    pub(super) fn span(&self) -> Range<usize> {
        match (&self.next, self.lexer.stop) {
            (Some(token), _) => token.span.clone(),
            (None, stop) => {
                let end = stop.map_or(self.start, |stop| stop.end());
                end.saturating_sub("}}".len())..end
            }
        }
    }
}

impl<'t> Parser<'t> {
    /// The text of some bytes.
    pub(super) fn slice(&self, span: &Range<usize>) -> &'t str {
        self.text.get(span.clone()).unwrap_or_default()
    }

    /// Refuses the next token.
    pub(super) fn unexpected(&self, tokens: &Tokens<'_>, context: &str, expected: &str) -> Error {
        let span = tokens.span();
        let token = quoted(self.slice(&span));
        Error::new(span, format!("unexpected {token} in {context}; {expected} was expected"))
    }

    /// Passes over white space up to the closing braces.
    pub(super) fn expect_close(&self, tokens: &mut Tokens<'_>, context: &str) -> Result<(), Error> {
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
