//! Nodes: what a template prints.

use super::item::Item;
use super::state::{At, State};
use super::{Evaluator, Outcome};
use crate::functions::print;
use crate::value::TextBuilder;
use go_template::ast::{Branch, Invocation, List, Node, Pipeline};

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
            let mark = state.mark();
            let flow = match self.node(state, dot, node, out) {
                Err(error) if self.explorer.passes_over(&error) => {
                    // To find the place of an error takes a look at the whole text.
                    self.room(state, state.unit.text.len())?;
                    state.pop(mark);
                    if let Node::Action(Pipeline { variables, assigns: false, .. }) = node {
                        for variable in variables {
                            state.push(variable.name(&state.unit.source), Item::default());
                        }
                    }
                    Flow::Next
                }
                flow => flow?,
            };
            if flow != Flow::Next {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }

    fn node<'u>(
        &mut self,
        state: &mut State<'u>,
        dot: &Item,
        node: &'u Node,
        out: &mut TextBuilder,
    ) -> Outcome<Flow> {
        self.budget.step().map_err(|failure| state.spent(failure))?;
        match node {
            Node::Text(range) => {
                self.room(state, range.len())?;
                out.push_slice(&state.unit.text, range.range());
            }
            Node::Action(pipeline) => {
                let outer = self.begin_action(state, pipeline);
                let item = self.pipeline(state, dot, pipeline);
                self.explorer.in_an_image = outer;
                let item = item?;
                if pipeline.assigns {
                    self.explorer.leads_here(&item.value);
                }
                if pipeline.variables.is_empty() {
                    state.at(At::Node(pipeline.span));
                    let text = print::print_value(&mut self.budget, &item.value)
                        .map_err(|failure| state.spent(failure))?;
                    self.room(state, text.cost(0..text.len()))?;
                    self.explorer.leads_here_to_text(&text);
                    out.push(&text);
                }
            }
            Node::Template(invocation) => {
                let outer = self.begin_template(state, invocation);
                let done = self.template(state, dot, invocation, out);
                self.explorer.in_an_image = outer;
                done?;
            }
            Node::Break(_) => return Ok(Flow::Break),
            Node::Continue(_) => return Ok(Flow::Continue),
            Node::Range(branch) => return self.range(state, dot, branch, out),
            Node::If(branch) => return self.condition(state, dot, branch, false, out),
            Node::With(branch) => return self.condition(state, dot, branch, true, out),
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
        let item = self.deciding(state, dot, branch, !sets_dot)?;
        let decided = self.decides(state, branch, item.value.is_true());
        let flow = self.inside(&decided, |evaluator| match (decided.holds, &branch.otherwise) {
            (true, _) => {
                let dot = if sets_dot { &item } else { dot };
                evaluator.walk(state, dot, &branch.body, out)
            }
            (false, Some(otherwise)) => evaluator.walk(state, dot, otherwise, out),
            (false, None) => Ok(Flow::Next),
        })?;
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
        state.at(At::Invocation(invocation));
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
        let call = self.enter(state, &template);
        if call.is_none() {
            return self.execute_into(&template, argument, state.depth + 1, out);
        }
        let result = self.execute(&template, argument, state.depth + 1);
        self.leave(call, result.as_ref().ok());
        out.push(&result?);
        Ok(())
    }

    /// Takes room for output from the budget.
    pub(super) fn room(&mut self, state: &State<'_>, bytes: usize) -> Outcome<()> {
        self.budget.bytes(bytes).map_err(|failure| state.spent(failure))
    }
}
