//! `define` and `block`.

use super::branch::unclosed;
use super::tokens::{Tokens, quoted};
use super::{Parser, Stop};
use crate::ast::{Definition, Invocation, List, Node};
use crate::literal::StringLiteral;
use crate::token::Error;
use std::collections::HashMap;
use std::mem;
use std::ops::Range;

/// The names that are defined already, and whether by more than white space.
#[derive(Default)]
pub(super) struct Names(HashMap<String, bool>);

impl Parser<'_> {
    /// `define`
    pub(super) fn definition(
        &mut self,
        head: Range<usize>,
        mut tokens: Tokens,
    ) -> Result<(), Error> {
        let (name, name_span) = self.name(&mut tokens, "define clause")?;
        self.expect_close(&mut tokens, "define clause")?;
        self.body("define", name, name_span, head)
    }

    /// `block`: a definition and its use.
    pub(super) fn block(
        &mut self,
        span: Range<usize>,
        mut tokens: Tokens,
    ) -> Result<Invocation, Error> {
        let (name, name_span) = self.name(&mut tokens, "block clause")?;
        // It is the block's place that decides which variables its argument sees.
        let argument = Some(self.pipeline(&mut tokens, "block clause")?);
        self.body("block", name.clone(), name_span.clone(), span.clone())?;
        Ok(Invocation { span, name, name_span, argument })
    }

    /// The body of a definition, which sees nothing of what is around it.
    fn body(
        &mut self,
        keyword: &str,
        name: StringLiteral,
        name_span: Range<usize>,
        head: Range<usize>,
    ) -> Result<(), Error> {
        self.enter(&head)?;
        let around = mem::take(&mut self.scope);
        let (body, stop) = self.list(false)?;
        self.scope = around;
        self.leave();
        let end = match stop {
            Stop::End(end) => end.end,
            Stop::Eof => return Err(unclosed(keyword, head)),
            Stop::Else(span, _) => {
                let message = format!(
                    "unexpected {{{{else}}}} in {keyword} clause; {{{{end}}}} was expected"
                );
                return Err(Error::new(span, message));
            }
        };
        self.add(&name.value, &name_span, &body)?;
        self.definitions.push(Definition { name, name_span, span: head.start..end, body });
        Ok(())
    }

    /// Go: a name may be defined again only when one of the two is empty.
    fn add(&mut self, name: &str, span: &Range<usize>, body: &List) -> Result<(), Error> {
        let is_full = body.nodes.iter().any(|node| match node {
            Node::Text(span) => !self.slice(span).trim().is_empty(),
            _ => true,
        });
        let names = &mut self.names.0;
        match names.get_mut(name) {
            Some(true) if is_full => {
                let name = quoted(name);
                let message =
                    format!("multiple definition of template {name}; another name was expected");
                return Err(Error::new(span.clone(), message));
            }
            Some(was_full) => *was_full |= is_full,
            None => {
                names.insert(name.to_owned(), is_full);
            }
        }
        Ok(())
    }
}
