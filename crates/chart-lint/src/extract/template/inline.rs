//! An image that a template joins from literals and values on one line.
//!
//! `"{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"`
//! needs no evaluation: each action is a value of the chart or its default.
//! Whatever is less plain is left to evaluation.

use super::scope::{Chain, Scopes, is_blank};
use crate::extract::fragment::{Fragment, Piece};
use crate::extract::lookup::Lookup;
use go_template::{Action, Token, TokenKind};

/// What an action prints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Printed {
    /// These pieces, joined. Empty when the value is empty.
    Pieces(Vec<Piece>),
    /// Something that only an evaluation can tell.
    Unknown,
}

/// Reads one action.
pub(super) fn action(
    fragment: &Fragment<'_>,
    action: &Action,
    scopes: &Scopes,
    lookup: &Lookup<'_>,
) -> Printed {
    let tokens: Vec<&Token> = action.tokens.iter().filter(|t| !is_blank(t)).collect();
    let reader = Reader { fragment, scopes, lookup };
    reader.pipeline(&tokens).map_or(Printed::Unknown, Printed::Pieces)
}

struct Reader<'a> {
    fragment: &'a Fragment<'a>,
    scopes: &'a Scopes,
    lookup: &'a Lookup<'a>,
}

impl Reader<'_> {
    fn pipeline(&self, tokens: &[&Token]) -> Option<Vec<Piece>> {
        let mut commands = split_pipes(tokens)?.into_iter();
        let mut value = self.command(commands.next()?, None)?;
        for command in commands {
            value = self.command(command, Some(value))?;
        }
        Some(value)
    }

    /// A command, with what the pipe hands to it as its last argument.
    fn command(&self, tokens: &[&Token], piped: Option<Vec<Piece>>) -> Option<Vec<Piece>> {
        let (first, rest) = tokens.split_first()?;
        if first.kind != TokenKind::Identifier {
            let (operand, after) = self.operand(tokens, 0)?;
            return (after == tokens.len() && piped.is_none()).then_some(operand);
        }
        let mut arguments = Vec::new();
        let mut at = 0;
        while at < rest.len() {
            let (argument, after) = self.operand(rest, at)?;
            arguments.push(argument);
            at = after;
        }
        arguments.extend(piped);
        match (&self.fragment.text[first.span.clone()], arguments.as_slice()) {
            // Quotes around the whole scalar are YAML's, so they are no text of the image.
            ("quote" | "squote" | "toString" | "trim" | "print", [value]) => Some(value.clone()),
            ("default", [fallback, value]) => {
                Some(if text(value).is_empty() { fallback.clone() } else { value.clone() })
            }
            ("coalesce", values) => values.iter().find(|v| !text(v).is_empty()).cloned(),
            ("required", [_, value]) if !text(value).is_empty() => Some(value.clone()),
            ("print", values) => Some(values.concat()),
            ("printf", [format, values @ ..]) => printf(format, values),
            _ => None,
        }
    }

    /// A string, a chain or a parenthesised pipeline.
    fn operand(&self, tokens: &[&Token], at: usize) -> Option<(Vec<Piece>, usize)> {
        let token = tokens.get(at)?;
        if let Some(literal) = token.string() {
            let outer = *self.fragment;
            return Some((vec![Fragment::literal(&outer, literal).whole()], at + 1));
        }
        if token.kind == TokenKind::LeftParen {
            let close = closing(tokens, at)?;
            return Some((self.pipeline(&tokens[at + 1..close])?, close + 1));
        }
        let (chains, after) = self.scopes.chain(self.fragment.text, tokens, at)?;
        let [chain] = chains.as_slice() else { return None };
        let value = match chain {
            Chain::Values(path) => self.lookup.value(path)?,
            Chain::Chart(path) => self.lookup.chart(path)?,
            Chain::Other(_) => return None,
        };
        Some((value.into_iter().collect(), after))
    }
}

/// `printf` with `%s` and `%v` alone.
fn printf(format: &[Piece], values: &[Vec<Piece>]) -> Option<Vec<Piece>> {
    let [format] = format else { return None };
    let exact = format.span.end - format.span.start == format.text.len();
    let literal = |from: usize, to: usize| {
        let mut piece = Piece { text: format.text[from..to].to_owned(), span: format.span };
        if exact {
            piece.span.start = format.span.start + from;
            piece.span.end = format.span.start + to;
        }
        piece
    };
    let mut out = Vec::new();
    let mut values = values.iter();
    let mut from = 0;
    for (at, _) in format.text.match_indices('%') {
        if at < from {
            return None;
        }
        let verb = format.text.as_bytes().get(at + 1)?;
        if !matches!(verb, b's' | b'v') {
            return None;
        }
        if at > from {
            out.push(literal(from, at));
        }
        let value = values.next()?;
        // An empty value prints as `%!s(<nil>)` when it is nil and as nothing when it is "".
        if value.is_empty() {
            return None;
        }
        out.extend(value.iter().cloned());
        from = at + 2;
    }
    if from < format.text.len() {
        out.push(literal(from, format.text.len()));
    }
    values.next().is_none().then_some(out)
}

fn text(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| piece.text.as_str()).collect()
}

fn closing(tokens: &[&Token], open: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (index, token) in tokens.iter().enumerate().skip(open) {
        match token.kind {
            TokenKind::LeftParen => depth += 1,
            TokenKind::RightParen => {
                depth -= 1;
                if depth == 0 {
                    return Some(index);
                }
            }
            _ => {}
        }
    }
    None
}

fn split_pipes<'a, 'b>(tokens: &'a [&'b Token]) -> Option<Vec<&'a [&'b Token]>> {
    let mut commands = Vec::new();
    let mut depth = 0usize;
    let mut from = 0;
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::LeftParen => depth += 1,
            TokenKind::RightParen => depth = depth.checked_sub(1)?,
            TokenKind::Pipe if depth == 0 => {
                commands.push(&tokens[from..index]);
                from = index + 1;
            }
            _ => {}
        }
    }
    commands.push(&tokens[from..]);
    (depth == 0).then_some(commands)
}
