//! Operands: a term and the fields that are taken from it.

use super::pipeline::PARENTHESES;
use super::tokens::{Tokens, quoted};
use super::{MAX_PARENTHESES, Parser, number};
use crate::ast::{Operand, OperandKind};
use crate::literal;
use crate::token::{Error, TokenKind};

impl Parser<'_> {
    /// Parses an operand.
    pub(super) fn operand(&mut self, tokens: &mut Tokens<'_>) -> Result<Operand, Error> {
        let start = tokens.start();
        let mut kind = self.term(tokens)?;
        let term = tokens.since(start);
        if !tokens.field_follows() {
            return Ok(Operand { span: term.into(), kind });
        }
        let dot = tokens.start();
        match &kind {
            OperandKind::Variable => {}
            OperandKind::Pipeline(_) | OperandKind::Function => {
                kind = OperandKind::Chain(Box::new(Operand { span: term.into(), kind }));
            }
            _ => {
                let term = quoted(self.slice(&term));
                let message = format!("unexpected . after term {term}; it has no fields");
                return Err(Error::new(dot..dot + 1, message));
            }
        }
        Self::fields(tokens);
        Ok(Operand { span: tokens.since(start).into(), kind })
    }

    /// Passes over fields that follow one another directly.
    fn fields(tokens: &mut Tokens<'_>) {
        tokens.next();
        while tokens.field_follows() {
            tokens.next();
        }
    }

    /// An operand without what is taken from it.
    fn term(&mut self, tokens: &mut Tokens<'_>) -> Result<OperandKind, Error> {
        if tokens.kind() == Some(&TokenKind::Field) {
            Self::fields(tokens);
            return Ok(OperandKind::Field);
        }
        let Some(token) = tokens.next() else {
            return Err(self.unexpected(tokens, "operand", "a value or a function"));
        };
        let text = self.slice(&token.span);
        let kind = match token.kind {
            TokenKind::Identifier => {
                self.functions.push(token.span.into());
                OperandKind::Function
            }
            TokenKind::Dot => OperandKind::Dot,
            TokenKind::Nil => OperandKind::Nil,
            TokenKind::Bool => OperandKind::Bool(text == "true"),
            TokenKind::String(literal) => OperandKind::String(literal),
            TokenKind::Variable if self.scope.knows(text) => OperandKind::Variable,
            TokenKind::Variable => {
                let name = quoted(text);
                let message =
                    format!("undefined variable {name}; it was expected to be declared before");
                return Err(Error::new(token.span, message));
            }
            TokenKind::Number => match number::parse(text) {
                Ok(number) => OperandKind::Number(Box::new(number)),
                Err(problem) => {
                    let message = format!("{problem}: {}", quoted(text));
                    return Err(Error::new(token.span, message));
                }
            },
            TokenKind::Char => match literal::character(text) {
                Some(value) => OperandKind::Number(Box::new(number::character(value))),
                None => {
                    let text = quoted(text);
                    let message =
                        format!("malformed character constant: {text}; one character was expected");
                    return Err(Error::new(token.span, message));
                }
            },
            TokenKind::LeftParen => {
                if self.parentheses >= MAX_PARENTHESES {
                    let message =
                        format!("parentheses nest more than {MAX_PARENTHESES} levels deep");
                    return Err(Error::new(token.span, message));
                }
                self.parentheses += 1;
                let pipeline = self.pipeline(tokens, PARENTHESES)?;
                self.parentheses -= 1;
                OperandKind::Pipeline(Box::new(pipeline))
            }
            _ => {
                let message =
                    format!("unexpected {} in operand; a value was expected", quoted(text));
                return Err(Error::new(token.span, message));
            }
        };
        Ok(kind)
    }
}
