//! One action: a pipeline, or what a keyword begins.

use super::tokens::Tokens;
use super::{Parser, Stop};
use crate::ast::{Invocation, Node};
use crate::literal::StringLiteral;
use crate::token::{Action, Error, TokenKind};
use std::ops::Range;

impl Parser<'_> {
    /// Parses an action, and the block that it opens. The stop of the list that
    /// it stands in, when it is one.
    pub(super) fn action(
        &mut self,
        action: Action,
        top: bool,
        nodes: &mut Vec<Node>,
    ) -> Result<Option<Stop>, Error> {
        let span = action.span.clone();
        let mut tokens = Tokens::new(action);
        tokens.skip_space();
        let keyword = match tokens.peek() {
            Some(token) if token.kind == TokenKind::Keyword => self.slice(&token.span),
            _ => {
                let pipeline = self.pipeline(&mut tokens, "command")?;
                nodes.push(Node::Action(pipeline));
                return Ok(None);
            }
        };
        if keyword == "define" && !top {
            let message = "unexpected {{define}}; a template is defined outside of every block";
            return Err(Error::new(tokens.span(), message));
        }
        tokens.next();
        match keyword {
            "end" => {
                self.expect_close(&mut tokens, "end")?;
                return Ok(Some(Stop::End(span)));
            }
            "else" => return self.otherwise(span, tokens).map(Some),
            "if" => nodes.push(Node::If(self.branch("if", span, tokens)?)),
            "with" => nodes.push(Node::With(self.branch("with", span, tokens)?)),
            "range" => nodes.push(Node::Range(self.branch("range", span, tokens)?)),
            "template" => nodes.push(Node::Template(self.invocation(span, tokens)?)),
            "block" => nodes.push(Node::Template(self.block(span, tokens)?)),
            "break" => nodes.push(Node::Break(self.jump("{{break}}", span, tokens)?)),
            "continue" => nodes.push(Node::Continue(self.jump("{{continue}}", span, tokens)?)),
            _ => self.definition(span, tokens)?,
        }
        Ok(None)
    }

    /// `else`, alone or before what its branch decides by.
    fn otherwise(&mut self, span: Range<usize>, mut tokens: Tokens) -> Result<Stop, Error> {
        tokens.skip_space();
        let follows = tokens.peek().map(|token| self.slice(&token.span));
        if !matches!(follows, None | Some("if" | "with")) {
            return Err(self.unexpected(&tokens, "else", "`}}`, `if` or `with`"));
        }
        Ok(Stop::Else(span, tokens))
    }

    /// `break` or `continue`.
    fn jump(
        &mut self,
        context: &str,
        span: Range<usize>,
        mut tokens: Tokens,
    ) -> Result<Range<usize>, Error> {
        self.expect_close(&mut tokens, context)?;
        if self.scope.loops == 0 {
            let message = format!("{context} outside {{{{range}}}}; it ends or continues a loop");
            return Err(Error::new(span, message));
        }
        Ok(span)
    }

    /// `template`
    fn invocation(&mut self, span: Range<usize>, mut tokens: Tokens) -> Result<Invocation, Error> {
        const CONTEXT: &str = "template clause";
        let (name, name_span) = self.name(&mut tokens, CONTEXT)?;
        tokens.skip_space();
        let argument = match tokens.peek() {
            None => None,
            Some(_) => Some(self.pipeline(&mut tokens, CONTEXT)?),
        };
        Ok(Invocation { span, name, name_span, argument })
    }

    /// The name of a template, a string.
    pub(super) fn name(
        &self,
        tokens: &mut Tokens,
        context: &str,
    ) -> Result<(StringLiteral, Range<usize>), Error> {
        tokens.skip_space();
        if !matches!(tokens.kind(), Some(TokenKind::String(_))) {
            return Err(self.unexpected(tokens, context, "the template's name, a string,"));
        }
        match tokens.next().map(|token| (token.kind, token.span)) {
            Some((TokenKind::String(name), span)) => Ok((*name, span)),
            _ => Err(self.unexpected(tokens, context, "a string")),
        }
    }
}
