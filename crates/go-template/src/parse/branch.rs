//! `if`, `with` and `range`.

use super::tokens::Tokens;
use super::{Parser, Stop};
use crate::ast::{Branch, List, Node};
use crate::token::Error;
use std::ops::Range;

impl Parser<'_> {
    /// Parses what follows the keyword, up to the end of the block.
    pub(super) fn branch(
        &mut self,
        keyword: &'static str,
        head: Range<usize>,
        mut tokens: Tokens,
    ) -> Result<Branch, Error> {
        self.enter(&head)?;
        // What the pipeline and the bodies declare is in sight up to the end, in the `else` too.
        let mark = self.scope.mark();
        let pipeline = self.pipeline(&mut tokens, keyword)?;
        let is_loop = usize::from(keyword == "range");
        self.scope.loops += is_loop;
        let (body, stop) = self.list(false)?;
        self.scope.loops -= is_loop;
        let (otherwise, end) = match stop {
            Stop::Eof => return Err(unclosed(keyword, head)),
            Stop::End(end) => (None, end.end),
            Stop::Else(span, tokens) => {
                let (list, end) = self.else_list(keyword, &head, span, tokens)?;
                (Some(list), end)
            }
        };
        self.scope.back_to(mark);
        self.leave();
        Ok(Branch { span: head.start..end, head, pipeline, body, otherwise })
    }

    /// What an `else` runs, and where the block ends.
    fn else_list(
        &mut self,
        keyword: &'static str,
        head: &Range<usize>,
        span: Range<usize>,
        mut tokens: Tokens,
    ) -> Result<(List, usize), Error> {
        let follows = tokens.peek().map(|token| self.slice(&token.span));
        if let Some(follows) = follows {
            if follows != keyword {
                let message = format!(
                    "unexpected {{{{else {follows}}}}}; {{{{else}}}} or {{{{end}}}} of this {keyword} was expected"
                );
                return Err(Error::new(span, message));
            }
            tokens.next();
            // One `end` closes them both.
            let branch = self.branch(keyword, span, tokens)?;
            let end = branch.span.end;
            let node = if keyword == "if" { Node::If(branch) } else { Node::With(branch) };
            return Ok((List { nodes: vec![node] }, end));
        }
        let (list, stop) = self.list(false)?;
        match stop {
            Stop::Eof => Err(unclosed(keyword, head.clone())),
            Stop::End(end) => Ok((list, end.end)),
            Stop::Else(span, _) => {
                let message = format!("expected end; found {{{{else}}}}: this {keyword} has one");
                Err(Error::new(span, message))
            }
        }
    }
}

/// A block that the text ends in.
pub(super) fn unclosed(keyword: &str, head: Range<usize>) -> Error {
    let message = format!("unexpected EOF; {{{{end}}}} of this {keyword} was expected");
    Error::new(head, message)
}
