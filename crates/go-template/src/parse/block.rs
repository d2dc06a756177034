//! Blocks: what opens, what stands between, and the end.
//!
//! The open ones are on a stack of the parser's own, so that a template cannot
//! exhaust the thread's.

use super::Parser;
use super::scope::Scope;
use super::tokens::Tokens;
use crate::ast::{Branch, Definition, Invocation, List, Node, Pipeline};
use crate::literal::StringLiteral;
use crate::span::Span;
use crate::token::Error;
use std::mem;
use std::ops::Range;

/// A block whose end is not reached.
pub(super) struct Open<'t> {
    /// The keyword that opened it.
    pub(super) keyword: &'static str,
    /// The opening action.
    pub(super) head: Range<usize>,
    /// The nodes before it.
    pub(super) around: Vec<Node>,
    pub(super) kind: Kind<'t>,
}

/// What becomes of a block at its end.
pub(super) enum Kind<'t> {
    /// `if`, `with` or `range`.
    Branch {
        pipeline: Pipeline,
        /// The variables that its end forgets are those since.
        mark: usize,
        /// The body, once the `else` is reached.
        body: Option<List>,
        /// It is an `else if` or `else with`: one end closes it and what it belongs to.
        is_chained: bool,
    },
    /// `define` or `block`.
    Definition {
        name: StringLiteral,
        name_span: Span,
        /// What is known around it, and not in it.
        scope: Scope<'t>,
        /// The use that a `block` makes of itself.
        invocation: Option<Box<Invocation>>,
    },
}

impl Open<'_> {
    /// The text ends in this block.
    pub(super) fn unclosed(self) -> Error {
        let message = format!("unexpected EOF; {{{{end}}}} of this {} was expected", self.keyword);
        Error::new(self.head, message)
    }
}

impl<'t> Parser<'t> {
    /// Opens a block; the nodes that follow are its own.
    pub(super) fn open(
        &mut self,
        keyword: &'static str,
        head: Range<usize>,
        kind: Kind<'t>,
    ) -> Result<(), Error> {
        if self.blocks.len() >= super::MAX_BLOCKS {
            let message = format!("blocks nest more than {} levels deep", super::MAX_BLOCKS);
            return Err(Error::new(head, message));
        }
        let around = mem::take(&mut self.nodes);
        self.blocks.push(Open { keyword, head, around, kind });
        Ok(())
    }

    /// Opens an `if`, `with` or `range`, whose keyword is taken.
    pub(super) fn open_branch(
        &mut self,
        keyword: &'static str,
        tokens: &mut Tokens<'_>,
        is_chained: bool,
    ) -> Result<(), Error> {
        // What the pipeline and the bodies declare is in sight up to the end, in the `else` too.
        let mark = self.scope.mark();
        let pipeline = self.pipeline(tokens, keyword)?;
        self.scope.loops += usize::from(keyword == "range");
        let head = tokens.action();
        self.open(keyword, head, Kind::Branch { pipeline, mark, body: None, is_chained })
    }

    /// `else`, alone or before what its branch decides by.
    pub(super) fn otherwise(&mut self, tokens: &mut Tokens<'_>) -> Result<(), Error> {
        let follows = tokens.peek().map(|token| self.slice(&token.span));
        if !matches!(follows, None | Some("if" | "with")) {
            return Err(self.unexpected(tokens, "else", "`}}`, `if` or `with`"));
        }
        let Some(block) = self.blocks.last_mut() else {
            return Err(Error::new(tokens.action(), "unexpected {{else}}; no block is open"));
        };
        let keyword = block.keyword;
        let Kind::Branch { body, .. } = &mut block.kind else {
            let message =
                format!("unexpected {{{{else}}}} in {keyword} clause; {{{{end}}}} was expected");
            return Err(Error::new(tokens.action(), message));
        };
        if body.is_some() {
            let message = format!("expected end; found {{{{else}}}}: this {keyword} has one");
            return Err(Error::new(tokens.action(), message));
        }
        *body = Some(List { nodes: mem::take(&mut self.nodes) });
        self.scope.loops -= usize::from(keyword == "range");
        match follows {
            None => Ok(()),
            Some(follows) if follows == keyword => {
                tokens.next();
                self.open_branch(keyword, tokens, true)
            }
            Some(follows) => {
                let message = format!(
                    "unexpected {{{{else {follows}}}}}; \
                     {{{{else}}}} or {{{{end}}}} of this {keyword} was expected"
                );
                Err(Error::new(tokens.action(), message))
            }
        }
    }

    /// `end`: closes the last block, and those that it is an `else if` of.
    pub(super) fn close(&mut self, end: Range<usize>) -> Result<(), Error> {
        loop {
            let Some(block) = self.blocks.pop() else {
                return Err(Error::new(end, "unexpected {{end}}; no block is open"));
            };
            let list = List { nodes: mem::replace(&mut self.nodes, block.around) };
            let span = Span::from(block.head.start..end.end);
            let head = block.head.into();
            match block.kind {
                Kind::Branch { pipeline, mark, body, is_chained } => {
                    self.scope.back_to(mark);
                    let (body, otherwise) = match body {
                        Some(body) => (body, Some(list)),
                        None => {
                            self.scope.loops -= usize::from(block.keyword == "range");
                            (list, None)
                        }
                    };
                    let branch = Branch { span, head, pipeline, body, otherwise };
                    self.nodes.push(match block.keyword {
                        "if" => Node::If(Box::new(branch)),
                        "with" => Node::With(Box::new(branch)),
                        _ => Node::Range(Box::new(branch)),
                    });
                    if !is_chained {
                        return Ok(());
                    }
                }
                Kind::Definition { name, name_span, scope, invocation } => {
                    self.scope = scope;
                    self.nodes.extend(invocation.map(Node::Template));
                    return self.define(Definition { name, name_span, span, body: list });
                }
            }
        }
    }
}
