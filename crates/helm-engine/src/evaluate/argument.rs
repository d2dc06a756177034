//! Arguments: evaluated for the parameter they are for, and checked as Go does.

use super::item::Item;
use super::pipeline::Call;
use super::state::{At, State};
use super::{Evaluator, Outcome, constant};
use crate::functions::Param;
use crate::value::{IntType, ItemType, Value};
use go_template::ast::{Operand, OperandKind};

impl Evaluator {
    /// An argument for a parameter; for none where any value will do as it is.
    pub(super) fn argument<'u>(
        &mut self,
        state: &mut State<'u>,
        dot: &Item,
        param: Option<Param>,
        operand: &'u Operand,
    ) -> Outcome<Item> {
        state.at(At::Operand(operand));
        let item = match &operand.kind {
            OperandKind::Dot => dot.clone(),
            OperandKind::Nil => {
                return match param {
                    Some(param) if !takes_nil(param) => {
                        Err(state.error(format!("cannot assign nil to {}", go_name(param))))
                    }
                    _ => Ok(Item::default()),
                };
            }
            OperandKind::Field | OperandKind::Variable | OperandKind::Chain(_) => {
                self.fields_of(state, dot, operand, &[], None)?
            }
            OperandKind::Pipeline(pipeline) => {
                self.deeper(state)?;
                self.pipeline(state, dot, pipeline)?
            }
            OperandKind::Function => {
                let name = operand.name(&state.unit.source);
                let at = At::Node(operand.span);
                self.call_function(
                    state,
                    name,
                    Call { at, args: &[], last: None, before: 0..0, dot },
                )?
            }
            OperandKind::Bool(_) | OperandKind::Number(_) | OperandKind::String(_) => {
                return self.constant(state, param, operand).map(Item::plain);
            }
        };
        validated(state, item, param)
    }

    /// A constant, of the type of the parameter.
    fn constant(
        &mut self,
        state: &mut State<'_>,
        param: Option<Param>,
        operand: &Operand,
    ) -> Outcome<Value> {
        let param = param.unwrap_or(Param::Any);
        let origin = constant::origin(state, operand);
        let expected = match (param, &operand.kind) {
            (Param::Bool | Param::Any | Param::Reflect, OperandKind::Bool(truth)) => {
                return Ok(Value::Bool(*truth, origin));
            }
            (Param::String | Param::Any | Param::Reflect, OperandKind::String(literal)) => {
                return Ok(Value::Str(constant::string(state, literal)));
            }
            (Param::Any | Param::Reflect, OperandKind::Number(number)) => {
                return self.ideal(state, operand, **number);
            }
            (Param::Int | Param::Int64, OperandKind::Number(number)) if number.int.is_some() => {
                let of = if param == Param::Int { IntType::Int } else { IntType::Int64 };
                return Ok(Value::Int(number.int.unwrap_or_default(), of, origin));
            }
            (Param::Float64, OperandKind::Number(number)) if number.float.is_some() => {
                return Ok(Value::Float(number.float.unwrap_or_default(), origin));
            }
            (Param::Bool, _) => "bool",
            (Param::String, _) => "string",
            (Param::Int | Param::Int64, _) => "integer",
            (Param::Float64, _) => "float",
            (Param::Any | Param::Reflect | Param::Map | Param::List | Param::Time, _) => {
                let shown = state.unit.context(operand.span.range());
                let of = go_name(param);
                return Err(state.error(format!("can't handle {shown} for arg of type {of}")));
            }
        };
        let shown = state.unit.context(operand.span.range());
        Err(state.error(format!("expected {expected}; found {shown}")))
    }
}

/// The bytes that Go shows of an operand: those in parentheses without them.
pub(super) fn shown(operand: &Operand) -> std::ops::Range<usize> {
    match &operand.kind {
        OperandKind::Pipeline(pipeline) => pipeline.span.range(),
        _ => operand.span.range(),
    }
}

/// A value that may be given for a parameter; Go's `validateType`.
pub(super) fn validated(state: &State<'_>, item: Item, param: Option<Param>) -> Outcome<Item> {
    let Some(param) = param else { return Ok(item) };
    if item.is_invalid() {
        return match takes_nil(param) {
            true => Ok(item),
            false => Err(state.error(format!("invalid value; expected {}", go_name(param)))),
        };
    }
    if is_assignable(&item.value, param) {
        return Ok(item.unboxed());
    }
    let got = match item.value {
        Value::Nil => item.type_name(),
        _ => item.unboxed().type_name(),
    };
    let expected = go_name(param);
    Err(state.error(format!("wrong type for value; expected {expected}; got {got}")))
}

fn is_assignable(value: &Value, param: Param) -> bool {
    match (param, value) {
        (Param::Any | Param::Reflect, _)
        | (Param::String, Value::Str(_))
        | (Param::Bool, Value::Bool(..))
        | (Param::Int, Value::Int(_, IntType::Int, _))
        | (Param::Int64, Value::Int(_, IntType::Int64, _))
        | (Param::Float64, Value::Float(..)) => true,
        (Param::Map, Value::Map(map)) => map.of == ItemType::Any && !crate::objects::is_files(map),
        (Param::Time, Value::Struct(object)) => object.type_name == "time.Time",
        (Param::List, Value::List(list)) => list.of == ItemType::Any,
        _ => false,
    }
}

fn takes_nil(param: Param) -> bool {
    matches!(param, Param::Any | Param::Reflect | Param::Map | Param::List)
}

/// The parameter's type as Go prints it.
fn go_name(param: Param) -> &'static str {
    match param {
        Param::Any => "interface {}",
        Param::Reflect => "reflect.Value",
        Param::String => "string",
        Param::Bool => "bool",
        Param::Int => "int",
        Param::Int64 => "int64",
        Param::Float64 => "float64",
        Param::Map => "map[string]interface {}",
        Param::List => "[]interface {}",
        Param::Time => "time.Time",
    }
}
