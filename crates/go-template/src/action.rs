//! Cuts an action into tokens.

use crate::letters::word;
use crate::literal::{self, StringLiteral};
use crate::number;
use crate::token::{Error, Token, TokenKind};

/// The tokens of an action, cut one at a time: who parses them needs no list.
pub(crate) struct Lexer<'t> {
    text: &'t str,
    /// Where the action opens.
    open: usize,
    /// The first byte behind its braces and the trim marker.
    start: usize,
    at: usize,
    /// What is wrong, by place.
    pub(crate) errors: Vec<Error>,
    /// How the action ends, once that is reached.
    pub(crate) stop: Option<Stop>,
}

/// How an action ends.
#[derive(Clone, Copy)]
pub(crate) enum Stop {
    /// With `}}`.
    Closed { end: usize, trim_right: bool },
    /// Without: at the end of its first line, or of the text.
    Unclosed { end: usize },
}

impl Stop {
    /// The end of the action.
    pub(crate) fn end(self) -> usize {
        match self {
            Self::Closed { end, .. } | Self::Unclosed { end } => end,
        }
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    /// The next token; none at the end of the action.
    fn next(&mut self) -> Option<Token> {
        if self.stop.is_some() {
            return None;
        }
        let rest = self.rest();
        match rest {
            [b'}', b'}', ..] => self.closed(2, false),
            [b' ' | b'\t' | b'\r' | b'\n', ..] => match self.blanks() {
                0 => {
                    let blanks = rest.iter().take_while(|b| is_space(b)).count();
                    self.closed(blanks + 3, true);
                }
                blanks => return Some(self.taken(TokenKind::Space, blanks)),
            },
            [] | [b'{', b'{', ..] => self.unclosed(),
            &[first, ..] => {
                if let Some(token) = self.token(first) {
                    return Some(token);
                }
                self.unclosed();
            }
        }
        None
    }
}

impl<'t> Lexer<'t> {
    /// The lexer of an action that opens at `open` and whose first byte behind the braces
    /// and the trim marker is `start`.
    pub(crate) fn new(text: &'t str, open: usize, start: usize) -> Self {
        Self { text, open, start, at: start, errors: Vec::new(), stop: None }
    }

    /// How many blanks come next; none where they belong to the closing braces.
    fn blanks(&self) -> usize {
        let rest = self.rest();
        let blanks = rest.iter().take_while(|b| is_space(b)).count();
        if rest[blanks..].starts_with(b"-}}") { 0 } else { blanks }
    }

    /// Passes over white space. True when there is some.
    pub(crate) fn skip_blanks(&mut self) -> bool {
        let blanks = if self.stop.is_some() { 0 } else { self.blanks() };
        self.at += blanks;
        blanks > 0
    }

    /// What stands behind the last token.
    pub(crate) fn rest(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn closed(&mut self, length: usize, trim_right: bool) {
        self.stop = Some(Stop::Closed { end: self.at + length, trim_right });
    }

    /// Gives up at the end of the action's first line, so that the lines after
    /// it are read as what they are.
    fn unclosed(&mut self) {
        let rest = &self.text[self.start..];
        let end = self.start + rest.find(['\n', '\r']).unwrap_or(rest.len());
        let span = self.open..end;
        self.errors.retain(|error| error.span.start < end);
        self.errors.insert(0, Error::new(span, "the action is not closed; `}}` was expected"));
        self.stop = Some(Stop::Unclosed { end });
    }

    fn taken(&mut self, kind: TokenKind, length: usize) -> Token {
        let span = self.at..self.at + length;
        self.at = span.end;
        Token { kind, span }
    }

    /// Reads the token that begins with `first`. None when the action cannot go on.
    fn token(&mut self, first: u8) -> Option<Token> {
        let rest = &self.text[self.at..];
        let bytes = rest.as_bytes();
        Some(match first {
            b'|' => self.taken(TokenKind::Pipe, 1),
            b',' => self.taken(TokenKind::Comma, 1),
            b'(' => self.taken(TokenKind::LeftParen, 1),
            b')' => self.taken(TokenKind::RightParen, 1),
            b'=' => self.taken(TokenKind::Assign, 1),
            b':' if bytes.get(1) == Some(&b'=') => self.taken(TokenKind::Declare, 2),
            b'"' | b'`' => return self.string(first),
            b'\'' => return self.character(),
            b'$' => self.word(TokenKind::Variable, 1 + word(&rest[1..])),
            b'.' if bytes.get(1).is_some_and(u8::is_ascii_digit) => self.number(),
            b'.' => match word(&rest[1..]) {
                0 => self.word(TokenKind::Dot, 1),
                length => self.word(TokenKind::Field, 1 + length),
            },
            b'0'..=b'9' => self.number(),
            b'+' | b'-' if bytes.get(1).is_some_and(|b| b.is_ascii_digit() || *b == b'.') => {
                self.number()
            }
            _ => match word(rest) {
                0 => {
                    let length = rest.chars().next().map_or(1, char::len_utf8);
                    let span = self.at..self.at + length;
                    let message = "this character begins nothing in an action";
                    self.errors.push(Error::new(span, message));
                    self.taken(TokenKind::Unknown, length)
                }
                length => self.word(word_kind(&rest[..length]), length),
            },
        })
    }

    fn string(&mut self, quote: u8) -> Option<Token> {
        let start = self.at;
        let Some(end) = literal::end(self.text, start, quote) else {
            let message = "the string is not closed; its quote was expected";
            self.errors.push(Error::new(start..start + 1, message));
            return None;
        };
        let (literal, bad) = StringLiteral::decode(self.text, start..end);
        self.errors.extend(bad.map(|span| Error::new(span, "this is no escape of Go")));
        Some(self.taken(TokenKind::String(Box::new(literal)), end - start))
    }

    fn character(&mut self) -> Option<Token> {
        let Some(end) = literal::end(self.text, self.at, b'\'') else {
            let message = "the character is not closed; `'` was expected";
            self.errors.push(Error::new(self.at..self.at + 1, message));
            return None;
        };
        Some(self.taken(TokenKind::Char, end - self.at))
    }

    /// `0x1F`, `1_000`, `1e+3`, `0x1p-2`, `1+2i`.
    fn number(&mut self) -> Token {
        let number = number::scan(&self.text[self.at..]);
        if number.bad {
            let span = self.at..self.at + number.length;
            self.errors.push(Error::new(span, "this is no number of Go"));
        }
        self.taken(TokenKind::Number, number.length)
    }

    /// Takes a word, which only some characters may follow.
    fn word(&mut self, kind: TokenKind, length: usize) -> Token {
        let token = self.taken(kind, length);
        let rest = &self.text[self.at..];
        let ends = matches!(
            rest.as_bytes(),
            [] | [b' ' | b'\t' | b'\r' | b'\n' | b'.' | b',' | b'|' | b':' | b')' | b'(', ..]
                | [b'}', b'}', ..]
        );
        if !ends {
            let length = rest.chars().next().map_or(0, char::len_utf8);
            let message = "a blank was expected before this character";
            self.errors.push(Error::new(self.at..self.at + length, message));
        }
        token
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
