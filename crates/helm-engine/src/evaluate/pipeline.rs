//! Pipelines and commands: what gives values.

use super::argument::shown;
use super::item::Item;
use super::state::{At, State};
use super::{Evaluator, Outcome, constant};
use crate::value::Value;
use go_template::ast::{Command, Operand, OperandKind, Pipeline};
use std::ops::Range;

/// A field, variable or chain with its arguments.
pub(super) struct Call<'c, 'u> {
    /// What an error names.
    pub(super) at: At<'u>,
    /// The arguments as written.
    pub(super) args: &'u [Operand],
    /// The value of the command before in the pipeline.
    pub(super) last: Option<Item>,
    /// The commands that gave it, as bytes.
    pub(super) before: Range<usize>,
    pub(super) dot: &'c Item,
}

impl Evaluator {
    /// The value of a pipeline. Its variables are declared or assigned.
    pub(super) fn pipeline<'u>(
        &mut self,
        state: &mut State<'u>,
        dot: &Item,
        pipeline: &'u Pipeline,
    ) -> Outcome<Item> {
        state.at(At::Node(pipeline.span));
        let mut last = None;
        let start = pipeline.commands.first().map_or(0, |command| command.span.start());
        let mut before = start..start;
        for command in &pipeline.commands {
            last = Some(self.command(state, dot, command, last, before)?.unboxed());
            before = start..command.span.end();
        }
        let value = last.unwrap_or_default();
        for variable in &pipeline.variables {
            if pipeline.assigns {
                state.assign(variable.name(&state.unit.source), value.clone())?;
            } else {
                state.push(variable.name(&state.unit.source), value.clone());
            }
        }
        Ok(value)
    }

    fn command<'u>(
        &mut self,
        state: &mut State<'u>,
        dot: &Item,
        command: &'u Command,
        last: Option<Item>,
        before: Range<usize>,
    ) -> Outcome<Item> {
        let Some((first, args)) = command.operands.split_first() else {
            return Ok(Item::default());
        };
        match &first.kind {
            OperandKind::Field | OperandKind::Variable | OperandKind::Chain(_) => {
                self.fields_of(state, dot, first, args, last)
            }
            OperandKind::Function => {
                state.at(At::Node(first.span));
                let (name, at) = (first.name(&state.unit.source), At::Node(command.span));
                self.call_function(state, name, Call { at, args, last, before, dot })
            }
            OperandKind::Pipeline(pipeline) => {
                not_a_function(state, first, args, last.as_ref())?;
                self.deeper(state)?;
                self.pipeline(state, dot, pipeline)
            }
            kind => {
                state.at(At::Node(first.span));
                not_a_function(state, first, args, last.as_ref())?;
                match kind {
                    OperandKind::Bool(truth) => {
                        Ok(Item::plain(Value::Bool(*truth, constant::origin(state, first))))
                    }
                    OperandKind::Dot => Ok(dot.clone()),
                    OperandKind::Number(number) => {
                        self.ideal(state, first, **number).map(Item::plain)
                    }
                    OperandKind::String(literal) => {
                        Ok(Item::plain(Value::Str(constant::string(state, literal))))
                    }
                    _ => Err(state.error("nil is not a command")),
                }
            }
        }
    }

    /// A field of the dot, a variable, or fields of what is in parentheses; the
    /// last field may be a method that takes the arguments.
    pub(super) fn fields_of<'u>(
        &mut self,
        state: &mut State<'u>,
        dot: &Item,
        operand: &'u Operand,
        args: &'u [Operand],
        last: Option<Item>,
    ) -> Outcome<Item> {
        let at = At::Operand(operand);
        state.at(at);
        let fields = operand.fields(&state.unit.source);
        let receiver = match &operand.kind {
            OperandKind::Field => dot.clone(),
            OperandKind::Variable => {
                let value = state.variable(operand.name(&state.unit.source))?;
                if fields.path().is_empty() {
                    not_a_function(state, operand, args, last.as_ref())?;
                    return Ok(value);
                }
                value
            }
            OperandKind::Chain(inner) => {
                if matches!(inner.kind, OperandKind::Nil) {
                    let shown = state.unit.context(operand.span.range());
                    let message = format!("indirection through explicit nil in {shown}");
                    return Err(state.error(message));
                }
                self.argument(state, dot, None, inner)?
            }
            _ => return Ok(Item::default()),
        };
        self.field_chain(state, receiver, fields, Call { at, args, last, before: 0..0, dot })
    }
}

/// The offset that Go gives as the position of an operand: of several fields,
/// that of the second one; of a variable's or a chain's fields, the first.
pub(super) fn position(operand: &Operand, text: &str) -> usize {
    let path = operand.fields(text).path();
    match &operand.kind {
        OperandKind::Field => {
            let second = path.match_indices('.').nth(1);
            operand.span.start() + second.map_or(0, |(dot, _)| dot)
        }
        OperandKind::Variable if path.is_empty() => operand.span.start(),
        OperandKind::Variable | OperandKind::Chain(_) => operand.span.end() - path.len(),
        OperandKind::Pipeline(pipeline) => pipeline.span.start(),
        _ => operand.span.start(),
    }
}

fn not_a_function(
    state: &State<'_>,
    operand: &Operand,
    args: &[Operand],
    last: Option<&Item>,
) -> Outcome<()> {
    if args.is_empty() && last.is_none() {
        return Ok(());
    }
    let shown = state.unit.context(shown(operand));
    Err(state.error(format!("can't give argument to non-function {shown}")))
}
