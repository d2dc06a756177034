//! Pipelines and commands.

use super::Parser;
use super::tokens::Tokens;
use crate::ast::{Command, OperandKind, Pipeline, Variable};
use crate::token::{Error, TokenKind};

/// What Go calls a pipeline in parentheses.
pub(super) const PARENTHESES: &str = "parenthesized pipeline";

impl Parser<'_> {
    /// Parses a pipeline: up to the closing braces, or up to and with its `)`
    /// in parentheses.
    pub(super) fn pipeline(
        &mut self,
        tokens: &mut Tokens<'_>,
        context: &str,
    ) -> Result<Pipeline, Error> {
        let start = tokens.start();
        let (variables, assigns) = self.variables(tokens, context)?;
        let mark = self.commands.len();
        loop {
            match tokens.kind() {
                None if context == PARENTHESES => {
                    return Err(Error::new(tokens.span(), "unclosed left paren; `)` was expected"));
                }
                None => break,
                Some(TokenKind::RightParen) if context == PARENTHESES => break,
                Some(TokenKind::RightParen) => {
                    let message = "unexpected right paren; no `(` is open";
                    return Err(Error::new(tokens.span(), message));
                }
                Some(kind) if begins_operand(kind) => {
                    let command = self.command(tokens)?;
                    self.commands.push(command);
                }
                Some(_) => {
                    return Err(self.unexpected(tokens, context, "a value or a function"));
                }
            }
        }
        let commands = self.commands.split_off(mark).into_boxed_slice();
        let span = tokens.since(start).into();
        let pipeline = Pipeline { span, variables: variables.into(), assigns, commands };
        self.check(tokens, context, &pipeline)?;
        if context == PARENTHESES {
            tokens.next();
        }
        Ok(pipeline)
    }

    /// `$x :=`, `$x =`, `$i, $v :=`: the variables, and whether they are assigned to.
    fn variables(
        &mut self,
        tokens: &mut Tokens<'_>,
        context: &str,
    ) -> Result<(Vec<Variable>, bool), Error> {
        let start = tokens.start();
        let mut variables = Vec::new();
        while tokens.kind() == Some(&TokenKind::Variable) {
            let assigns = match tokens.behind() {
                [b'=', ..] => Some(true),
                [b':', b'=', ..] => Some(false),
                [b',', ..] => None,
                _ => break,
            };
            let Some(variable) = tokens.next() else { break };
            let name = self.slice(&variable.span);
            self.scope.declare(name);
            variables.push(Variable { span: variable.span.into() });
            tokens.next();
            if let Some(assigns) = assigns {
                return Ok((variables, assigns));
            }
            if context != "range" || variables.len() > 1 {
                let message =
                    format!("too many declarations in {context}; only range takes two variables");
                return Err(Error::new(tokens.since(start), message));
            }
            if !matches!(tokens.kind(), None | Some(TokenKind::Variable | TokenKind::RightParen)) {
                let message = "range can only initialize variables; a variable was expected";
                return Err(Error::new(tokens.span(), message));
            }
        }
        Ok((variables, false))
    }

    /// What a whole pipeline must be.
    fn check(&self, tokens: &Tokens<'_>, context: &str, pipeline: &Pipeline) -> Result<(), Error> {
        if pipeline.commands.is_empty() {
            let message =
                format!("missing value for {context}; a value or a function was expected");
            return Err(Error::new(tokens.span(), message));
        }
        // Only the first stage may be a value: there is nothing that takes the one before.
        for (stage, command) in pipeline.commands.iter().enumerate().skip(1) {
            let is_value = command.operands.first().is_some_and(|operand| {
                matches!(
                    operand.kind,
                    OperandKind::Bool(_)
                        | OperandKind::Dot
                        | OperandKind::Nil
                        | OperandKind::Number(_)
                        | OperandKind::String(_)
                )
            });
            if is_value {
                let stage = stage + 1;
                let message = format!(
                    "non executable command in pipeline stage {stage}; a function was expected"
                );
                return Err(Error::new(command.span.range(), message));
            }
        }
        Ok(())
    }

    /// Operands with white space between, and the `|` behind them.
    fn command(&mut self, tokens: &mut Tokens<'_>) -> Result<Command, Error> {
        let start = tokens.start();
        let mark = self.operands.len();
        loop {
            if tokens.kind().is_some_and(begins_operand) {
                let operand = self.operand(tokens)?;
                self.operands.push(operand);
            }
            match tokens.kind() {
                None | Some(TokenKind::RightParen | TokenKind::Pipe) => break,
                Some(kind) if tokens.is_apart() && begins_operand(kind) => {}
                Some(_) => {
                    return Err(self.unexpected(tokens, "operand", "a blank, `|` or the end"));
                }
            }
        }
        let span = tokens.since(start).into();
        if tokens.kind() == Some(&TokenKind::Pipe) {
            tokens.next();
        }
        Ok(Command { span, operands: self.operands.split_off(mark).into_boxed_slice() })
    }
}

fn begins_operand(kind: &TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Bool
            | TokenKind::Char
            | TokenKind::Dot
            | TokenKind::Field
            | TokenKind::Identifier
            | TokenKind::Number
            | TokenKind::Nil
            | TokenKind::String(_)
            | TokenKind::Variable
            | TokenKind::LeftParen
    )
}
