//! `define`, `block` and `template`.

use super::Parser;
use super::block::Kind;
use super::tokens::{Tokens, quoted};
use crate::ast::{Definition, Invocation, Node};
use crate::literal::StringLiteral;
use crate::span::Span;
use crate::token::{Error, TokenKind};
use smol_str::SmolStr;
use std::collections::HashMap;
use std::mem;

/// The names that are defined already, and whether by more than white space.
#[derive(Default)]
pub(super) struct Names(HashMap<SmolStr, bool>);

impl Parser<'_> {
    /// Opens a `define`.
    pub(super) fn open_definition(&mut self, tokens: &mut Tokens<'_>) -> Result<(), Error> {
        let (name, name_span) = self.name(tokens, "define clause")?;
        self.expect_close(tokens, "define clause")?;
        let head = tokens.action();
        let scope = mem::take(&mut self.scope);
        self.open("define", head, Kind::Definition { name, name_span, scope, invocation: None })
    }

    /// Opens a `block`: a definition and its use.
    pub(super) fn open_block(&mut self, tokens: &mut Tokens<'_>) -> Result<(), Error> {
        let (name, name_span) = self.name(tokens, "block clause")?;
        // The argument sees the variables around it, the body does not.
        let argument = Some(self.pipeline(tokens, "block clause")?);
        let span = tokens.action();
        let scope = mem::take(&mut self.scope);
        let invocation = Box::new(Invocation {
            span: span.clone().into(),
            name: name.clone(),
            name_span,
            argument,
        });
        let invocation = Some(invocation);
        self.open("block", span, Kind::Definition { name, name_span, scope, invocation })
    }

    /// `template`
    pub(super) fn invocation(&mut self, tokens: &mut Tokens<'_>) -> Result<Invocation, Error> {
        const CONTEXT: &str = "template clause";
        let (name, name_span) = self.name(tokens, CONTEXT)?;
        let argument = match tokens.peek() {
            None => None,
            Some(_) => Some(self.pipeline(tokens, CONTEXT)?),
        };
        Ok(Invocation { span: tokens.action().into(), name, name_span, argument })
    }

    /// The name of a template, a string.
    fn name(&self, tokens: &mut Tokens<'_>, context: &str) -> Result<(StringLiteral, Span), Error> {
        let expected = "the template's name, a string,";
        if !matches!(tokens.kind(), Some(TokenKind::String(_))) {
            return Err(self.unexpected(tokens, context, expected));
        }
        match tokens.next().map(|token| (token.kind, token.span)) {
            Some((TokenKind::String(name), span)) => Ok((*name, span.into())),
            _ => Err(self.unexpected(tokens, context, expected)),
        }
    }

    /// Adds a definition. Go: a name may be defined again only when one of the
    /// two is empty.
    pub(super) fn define(&mut self, definition: Definition) -> Result<(), Error> {
        let is_full = definition.body.nodes.iter().any(|node| match node {
            Node::Text(span) => !span.of(self.text).trim().is_empty(),
            _ => true,
        });
        let name = &definition.name.value;
        let names = &mut self.names.0;
        match names.get_mut(name) {
            Some(true) if is_full => {
                let name = quoted(name);
                let message =
                    format!("multiple definition of template {name}; another name was expected");
                return Err(Error::new(definition.name_span.range(), message));
            }
            Some(was_full) => *was_full |= is_full,
            None => {
                names.insert(name.clone(), is_full);
            }
        }
        self.definitions.push(definition);
        Ok(())
    }
}
