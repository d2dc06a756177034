//! One action: a pipeline, or what a keyword begins.

use super::Parser;
use super::tokens::Tokens;
use crate::ast::Node;
use crate::token::{Error, TokenKind};
use std::ops::Range;

impl Parser<'_> {
    /// Parses an action.
    pub(super) fn action(&mut self, tokens: &mut Tokens<'_>) -> Result<(), Error> {
        let keyword = match tokens.peek() {
            Some(token) if token.kind == TokenKind::Keyword => self.slice(&token.span),
            _ => {
                let pipeline = self.pipeline(tokens, "command")?;
                self.nodes.push(Node::Action(pipeline));
                return Ok(());
            }
        };
        if keyword == "define" && !self.blocks.is_empty() {
            let message = "unexpected {{define}}; a template is defined outside of every block";
            return Err(Error::new(tokens.span(), message));
        }
        tokens.next();
        let node = match keyword {
            "if" => return self.open_branch("if", tokens, false),
            "with" => return self.open_branch("with", tokens, false),
            "range" => return self.open_branch("range", tokens, false),
            "else" => return self.otherwise(tokens),
            "end" => {
                self.expect_close(tokens, "end")?;
                return self.close(tokens.action());
            }
            "block" => return self.open_block(tokens),
            "template" => Node::Template(Box::new(self.invocation(tokens)?)),
            "break" => Node::Break(self.jump("{{break}}", tokens)?.into()),
            "continue" => Node::Continue(self.jump("{{continue}}", tokens)?.into()),
            _ => return self.open_definition(tokens),
        };
        self.nodes.push(node);
        Ok(())
    }

    /// `break` or `continue`.
    fn jump(&self, context: &str, tokens: &mut Tokens<'_>) -> Result<Range<usize>, Error> {
        self.expect_close(tokens, context)?;
        let span = tokens.action();
        if self.scope.loops == 0 {
            let message = format!("{context} outside {{{{range}}}}; it ends or continues a loop");
            return Err(Error::new(span, message));
        }
        Ok(span)
    }
}
