//! One action: a pipeline, or what a keyword begins.

use super::Parser;
use super::tokens::Tokens;
use crate::ast::Node;
use crate::token::{Action, Error, TokenKind};
use std::ops::Range;

impl Parser<'_> {
    /// Parses an action.
    pub(super) fn action(&mut self, action: Action) -> Result<(), Error> {
        let span = action.span.clone();
        let mut tokens = Tokens::new(action);
        tokens.skip_space();
        let keyword = match tokens.peek() {
            Some(token) if token.kind == TokenKind::Keyword => self.slice(&token.span),
            _ => {
                let pipeline = self.pipeline(&mut tokens, "command")?;
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
            "if" => return self.open_branch("if", span, tokens, false),
            "with" => return self.open_branch("with", span, tokens, false),
            "range" => return self.open_branch("range", span, tokens, false),
            "else" => return self.otherwise(span, tokens),
            "end" => {
                self.expect_close(&mut tokens, "end")?;
                return self.close(span);
            }
            "block" => return self.open_block(span, tokens),
            "template" => Node::Template(Box::new(self.invocation(span, tokens)?)),
            "break" => Node::Break(self.jump("{{break}}", span, tokens)?),
            "continue" => Node::Continue(self.jump("{{continue}}", span, tokens)?),
            _ => return self.open_definition(span, tokens),
        };
        self.nodes.push(node);
        Ok(())
    }

    /// `break` or `continue`.
    fn jump(
        &self,
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
}
