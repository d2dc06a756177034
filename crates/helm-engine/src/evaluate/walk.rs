//! Nodes: what a template prints.

use super::item::Item;
use super::state::{At, State};
use super::{Evaluator, Outcome};
use crate::functions::print;
use crate::value::TextBuilder;
use go_template::ast::{Branch, Invocation, List, Node};

/// How deep `template` may lead, as in Go.
const MOST_TEMPLATES: usize = 100_000;

/// What comes after a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// The next one.
    Next,
    /// The end of the innermost `range`.
    Break,
    /// The next item of the innermost `range`.
    Continue,
}

impl Evaluator {
    /// Prints nodes. This is how every branch is evaluated.
    pub(super) fn walk<'u>(
        &mut self,
        state: &mut State<'u>,
        dot: &Item,
        list: &'u List,
        out: &mut TextBuilder,
    ) -> Outcome<Flow> {
        for node in &list.nodes {
            self.budget.step().map_err(|failure| state.spent(failure))?;
            match node {
                Node::Text(range) => {
                    self.room(state, range.len())?;
                    out.push_slice(&state.unit.text, range.clone());
                }
                Node::Action(pipeline) => {
                    let item = self.pipeline(state, dot, pipeline)?;
                    if pipeline.variables.is_empty() {
                        state.at(At::start(&pipeline.span));
                        let text = print::print_value(&mut self.budget, &item.value)
                            .map_err(|failure| state.spent(failure))?;
                        self.room(state, text.len())?;
                        out.push(&text);
                    }
                }
                Node::Template(invocation) => self.template(state, dot, invocation, out)?,
                Node::Break(_) => return Ok(Flow::Break),
                Node::Continue(_) => return Ok(Flow::Continue),
                Node::Range(branch) => {
                    let flow = self.range(state, dot, branch, out)?;
                    if flow != Flow::Next {
                        return Ok(flow);
                    }
                }
                Node::If(branch) => match self.condition(state, dot, branch, false, out)? {
                    Flow::Next => {}
                    flow => return Ok(flow),
                },
                Node::With(branch) => match self.condition(state, dot, branch, true, out)? {
                    Flow::Next => {}
                    flow => return Ok(flow),
                },
            }
        }
        Ok(Flow::Next)
    }

    /// `if`, and `with`, which sets the dot.
    fn condition<'u>(
        &mut self,
        state: &mut State<'u>,
        dot: &Item,
        branch: &'u Branch,
        sets_dot: bool,
        out: &mut TextBuilder,
    ) -> Outcome<Flow> {
        self.deeper(state)?;
        let mark = state.mark();
        let item = self.pipeline(state, dot, &branch.pipeline)?;
        let flow = match (item.value.is_true(), &branch.otherwise) {
            (true, _) => {
                let dot = if sets_dot { &item } else { dot };
                self.walk(state, dot, &branch.body, out)?
            }
            (false, Some(otherwise)) => self.walk(state, dot, otherwise, out)?,
            (false, None) => Flow::Next,
        };
        state.pop(mark);
        Ok(flow)
    }

    /// `template` and `block`.
    fn template<'u>(
        &mut self,
        state: &mut State<'u>,
        dot: &Item,
        invocation: &'u Invocation,
        out: &mut TextBuilder,
    ) -> Outcome<()> {
        let here = At { position: invocation.name_span.start, span: invocation.span.clone() };
        state.at(here);
        let name = &invocation.name.value;
        let Some(template) = self.templates.find(name).cloned() else {
            return Err(state.error(format!("template {name:?} not defined")));
        };
        if state.depth == MOST_TEMPLATES {
            let message = format!("exceeded maximum template depth ({MOST_TEMPLATES})");
            return Err(state.error(message));
        }
        let argument = match &invocation.argument {
            Some(pipeline) => self.pipeline(state, dot, pipeline)?,
            None => Item::default(),
        };
        self.execute_into(&template, argument, state.depth + 1, out)
    }

    /// Takes room for output from the budget.
    pub(super) fn room(&mut self, state: &State<'_>, bytes: usize) -> Outcome<()> {
        self.budget.bytes(bytes).map_err(|failure| state.spent(failure))
    }
}
