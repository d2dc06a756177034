//! Cuts an action into tokens.

use crate::letters::word;
use crate::literal::{self, StringLiteral};
use crate::number;
use crate::token::{Error, Token, TokenKind};

/// How an action ended.
pub(crate) enum Stop {
    /// With `}}`.
    Closed { end: usize, trim_right: bool, errors: Vec<Error> },
    /// Without: at the end of its first line, or of the text.
    Unclosed { end: usize, errors: Vec<Error> },
}

/// The tokens of an action that opens at `open` and whose first byte behind the
/// braces and the trim marker is `start`.
pub(crate) fn tokens(text: &str, open: usize, start: usize) -> (Vec<Token>, Stop) {
    let bytes = text.as_bytes();
    // Most actions are short; growing to their size by steps costs more than the room.
    let tokens = Vec::with_capacity(16);
    let mut lexer = Lexer { text, at: start, tokens, errors: Vec::new() };
    while lexer.at < bytes.len() {
        let rest = &bytes[lexer.at..];
        if rest.starts_with(b"}}") {
            let end = lexer.at + 2;
            return lexer.closed(end, false);
        }
        if is_space(&rest[0]) {
            let blanks = rest.iter().take_while(|b| is_space(b)).count();
            if rest[blanks..].starts_with(b"-}}") {
                let end = lexer.at + blanks + 3;
                return lexer.closed(end, true);
            }
            lexer.push(TokenKind::Space, blanks);
            continue;
        }
        if rest.starts_with(b"{{") || !lexer.token() {
            break;
        }
    }
    lexer.unclosed(open, start)
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    tokens: Vec<Token>,
    errors: Vec<Error>,
}

impl Lexer<'_> {
    fn closed(self, end: usize, trim_right: bool) -> (Vec<Token>, Stop) {
        (self.tokens, Stop::Closed { end, trim_right, errors: self.errors })
    }

    /// Gives up at the end of the action's first line, so that the lines after
    /// it are read as what they are.
    fn unclosed(mut self, open: usize, start: usize) -> (Vec<Token>, Stop) {
        let rest = &self.text[start..];
        let end = start + rest.find(['\n', '\r']).unwrap_or(rest.len());
        self.tokens.retain(|token| token.span.end <= end);
        let span = open..end;
        self.errors.retain(|error| error.span.start < end);
        self.errors.insert(0, Error::new(span, "the action is not closed; `}}` was expected"));
        (self.tokens, Stop::Unclosed { end, errors: self.errors })
    }

    fn push(&mut self, kind: TokenKind, length: usize) {
        self.tokens.push(Token { kind, span: self.at..self.at + length });
        self.at += length;
    }

    /// Reads one token. False when the action cannot go on.
    fn token(&mut self) -> bool {
        let rest = &self.text[self.at..];
        let bytes = rest.as_bytes();
        match bytes[0] {
            b'|' => self.push(TokenKind::Pipe, 1),
            b',' => self.push(TokenKind::Comma, 1),
            b'(' => self.push(TokenKind::LeftParen, 1),
            b')' => self.push(TokenKind::RightParen, 1),
            b'=' => self.push(TokenKind::Assign, 1),
            b':' if bytes.get(1) == Some(&b'=') => self.push(TokenKind::Declare, 2),
            b'"' | b'`' => return self.string(bytes[0]),
            b'\'' => return self.character(),
            b'$' => self.word(TokenKind::Variable, 1 + word(&rest[1..])),
            b'.' if bytes.get(1).is_some_and(u8::is_ascii_digit) => self.number(),
            b'.' => match word(&rest[1..]) {
                0 => self.word(TokenKind::Dot, 1),
                length => self.word(TokenKind::Field, 1 + length),
            },
            b'0'..=b'9' => self.number(),
            b'+' | b'-' if bytes.get(1).is_some_and(|b| b.is_ascii_digit() || *b == b'.') => {
                self.number();
            }
            _ => match word(rest) {
                0 => {
                    let length = rest.chars().next().map_or(1, char::len_utf8);
                    let span = self.at..self.at + length;
                    let message = "this character begins nothing in an action";
                    self.errors.push(Error::new(span, message));
                    self.push(TokenKind::Unknown, length);
                }
                length => self.word(word_kind(&rest[..length]), length),
            },
        }
        true
    }

    fn string(&mut self, quote: u8) -> bool {
        let start = self.at;
        let Some(end) = literal::end(self.text, start, quote) else {
            let message = "the string is not closed; its quote was expected";
            self.errors.push(Error::new(start..start + 1, message));
            return false;
        };
        let (literal, bad) = StringLiteral::decode(self.text, start..end);
        self.errors.extend(bad.map(|span| Error::new(span, "this is no escape of Go")));
        self.push(TokenKind::String(Box::new(literal)), end - start);
        true
    }

    fn character(&mut self) -> bool {
        let Some(end) = literal::end(self.text, self.at, b'\'') else {
            let message = "the character is not closed; `'` was expected";
            self.errors.push(Error::new(self.at..self.at + 1, message));
            return false;
        };
        self.push(TokenKind::Char, end - self.at);
        true
    }

    /// `0x1F`, `1_000`, `1e+3`, `0x1p-2`, `1+2i`.
    fn number(&mut self) {
        let number = number::scan(&self.text[self.at..]);
        if number.bad {
            let span = self.at..self.at + number.length;
            self.errors.push(Error::new(span, "this is no number of Go"));
        }
        self.push(TokenKind::Number, number.length);
    }

    /// Pushes a word, which only some characters may follow.
    fn word(&mut self, kind: TokenKind, length: usize) {
        self.push(kind, length);
        let rest = &self.text[self.at..];
        let ends = matches!(
            rest.as_bytes().first(),
            None | Some(b' ' | b'\t' | b'\r' | b'\n' | b'.' | b',' | b'|' | b':' | b')' | b'(')
        );
        if !ends && !rest.starts_with("}}") {
            let length = rest.chars().next().map_or(0, char::len_utf8);
            let message = "a blank was expected before this character";
            self.errors.push(Error::new(self.at..self.at + length, message));
        }
    }
}

/// The white space of Go's templates: not form feeds.
pub(crate) fn is_space(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

fn word_kind(word: &str) -> TokenKind {
    match word {
        "if" | "else" | "end" | "range" | "with" | "define" | "template" | "block" | "break"
        | "continue" => TokenKind::Keyword,
        "true" | "false" => TokenKind::Bool,
        "nil" => TokenKind::Nil,
        _ => TokenKind::Identifier,
    }
}
