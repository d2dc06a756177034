//! The state of one template's execution.

use super::argument::shown;
use super::error::{Error, ErrorKind, Frame, Via};
use super::item::Item;
use super::pipeline::position;
use super::unit::{Named, Unit};
use crate::functions::Failure;
use crate::source;
use go_template::Span;
use go_template::ast::{Invocation, Operand};
use std::ops::Range;

/// The node that an error would name.
#[derive(Debug, Clone, Copy)]
pub(super) enum At<'u> {
    /// A node whose position is where it begins.
    Node(Span),
    /// An operand.
    Operand(&'u Operand),
    /// A `template` or a `block`.
    Invocation(&'u Invocation),
}

impl At<'_> {
    /// The offset that Go gives as its position.
    fn position(self, text: &str) -> usize {
        match self {
            Self::Node(span) => span.start(),
            Self::Operand(operand) => position(operand, text),
            Self::Invocation(invocation) => invocation.name_span.start(),
        }
    }

    /// The bytes that Go shows.
    fn shown(self) -> Range<usize> {
        match self {
            Self::Node(span) => span.range(),
            Self::Operand(operand) => shown(operand),
            Self::Invocation(invocation) => invocation.span.range(),
        }
    }
}

/// The state of one template's execution; Go's `state`.
pub(super) struct State<'u> {
    /// The text that the template stands in.
    pub(super) unit: &'u Unit,
    /// What is executed.
    pub(super) template: &'u Named,
    /// How many `template` actions led here from a file, `include` or `tpl`.
    pub(super) depth: usize,
    /// Errors say where they are; else they are passed over.
    traces: bool,
    /// The innermost last.
    variables: Vec<(&'u str, Item)>,
    at: At<'u>,
}

impl<'u> State<'u> {
    pub(super) fn new(template: &'u Named, dot: Item, depth: usize, traces: bool) -> Self {
        Self {
            unit: &template.unit,
            depth,
            template,
            traces,
            variables: vec![("$", dot)],
            at: At::Node(Span::default()),
        }
    }

    /// Errors are from now on at this node.
    pub(super) fn at(&mut self, at: At<'u>) {
        self.at = at;
    }

    /// How many variables there are: to be given to [`State::pop`].
    pub(super) fn mark(&self) -> usize {
        self.variables.len()
    }

    /// Ends the variables that were declared since.
    pub(super) fn pop(&mut self, mark: usize) {
        self.variables.truncate(mark);
    }

    /// Declares a variable.
    pub(super) fn push(&mut self, name: &'u str, value: Item) {
        self.variables.push((name, value));
    }

    /// Sets the variable that was declared last but `back`.
    pub(super) fn set_declared(&mut self, back: usize, value: Item) {
        let count = self.variables.len();
        if let Some((_, slot)) = count.checked_sub(back + 1).and_then(|i| self.variables.get_mut(i))
        {
            *slot = value;
        }
    }

    /// Assigns to the innermost variable with a name.
    pub(super) fn assign(&mut self, name: &str, value: Item) -> Result<(), Box<Error>> {
        match self.variables.iter_mut().rev().find(|(known, _)| *known == name) {
            Some((_, slot)) => {
                *slot = value;
                Ok(())
            }
            None => Err(self.error(format!("undefined variable: {name}"))),
        }
    }

    /// The innermost variable with a name.
    pub(super) fn variable(&self, name: &str) -> Result<Item, Box<Error>> {
        let found = self.variables.iter().rev().find(|(known, _)| *known == name);
        match found {
            Some((_, item)) => Ok(item.clone()),
            None => Err(self.error(format!("undefined variable: {name}"))),
        }
    }

    /// What Go's rules forbid, at the current node.
    pub(super) fn error(&self, message: impl Into<String>) -> Box<Error> {
        self.failed(ErrorKind::Evaluation, message)
    }

    /// A limit of the engine, at the current node.
    pub(super) fn limit(&self, message: impl Into<String>) -> Box<Error> {
        self.failed(ErrorKind::Limit, message)
    }

    /// A failure of the budget, at the current node.
    pub(super) fn spent(&self, failure: Failure) -> Box<Error> {
        self.limit(failure.0)
    }

    /// An error at the current node.
    pub(super) fn failed(&self, kind: ErrorKind, message: impl Into<String>) -> Box<Error> {
        let frames = if self.traces { vec![self.frame(Via::Here)] } else { Vec::new() };
        Box::new(Error { kind, message: message.into(), frames })
    }

    /// The bytes of the current node, when they are bytes of one file.
    pub(super) fn site(&self) -> Option<source::Span> {
        self.unit.span(self.at.shown())
    }

    /// The current node as a frame of an error.
    pub(super) fn frame(&self, via: Via) -> Frame {
        if !self.traces {
            return Frame::default();
        }
        Frame {
            template: self.template.name().to_owned(),
            place: self.unit.place(self.at.position(&self.unit.source), self.at.shown()),
            context: self.unit.context(self.at.shown()),
            via,
        }
    }
}
