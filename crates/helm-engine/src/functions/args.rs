//! Arguments of functions, after their types were checked.

use super::Failure;
use crate::value::{List, Map, Origin, Text, Value};

const NIL: &Value = &Value::Nil;

/// The error where an argument is not of its parameter's type all the same.
pub(super) fn wrong() -> Failure {
    Failure("wrong type for value".to_owned())
}

/// Any argument; nil where there is none.
pub(super) fn any(args: &[Value], index: usize) -> &Value {
    args.get(index).unwrap_or(NIL)
}

/// A `string`.
pub(super) fn text(args: &[Value], index: usize) -> Result<&Text, Failure> {
    match any(args, index) {
        Value::Str(text) => Ok(text),
        _ => Err(wrong()),
    }
}

/// A `bool`.
pub(super) fn bool(args: &[Value], index: usize) -> Result<bool, Failure> {
    match any(args, index) {
        Value::Bool(truth, _) => Ok(*truth),
        _ => Err(wrong()),
    }
}

/// An `int`.
pub(super) fn int(args: &[Value], index: usize) -> Result<i64, Failure> {
    match any(args, index) {
        Value::Int(number, ..) => Ok(*number),
        _ => Err(wrong()),
    }
}

/// A `float64`.
pub(super) fn float(args: &[Value], index: usize) -> Result<f64, Failure> {
    match any(args, index) {
        Value::Float(number, _) => Ok(*number),
        _ => Err(wrong()),
    }
}

/// A `map[string]interface {}`; none where it is Go's nil map.
pub(super) fn map(args: &[Value], index: usize) -> Result<Option<Map>, Failure> {
    as_map(any(args, index))
}

/// [`map`] of a value.
pub(super) fn as_map(value: &Value) -> Result<Option<Map>, Failure> {
    match value {
        Value::Map(map) if map.nil => Ok(None),
        Value::Map(map) => {
            let mut map = map.clone();
            map.name = "";
            Ok(Some(map))
        }
        Value::Nil => Ok(None),
        _ => Err(wrong()),
    }
}

/// The arguments from an index on.
pub(super) fn rest(args: &[Value], index: usize) -> &[Value] {
    args.get(index..).unwrap_or_default()
}

/// A list that keeps all else of another: its items change, not its type.
pub(super) fn with_items(list: &List, items: Vec<Value>) -> List {
    List { items: items.into(), ..list.clone() }
}

/// The origin of what is computed from all of these.
pub(super) fn computed(args: &[Value]) -> Origin {
    match args.iter().all(|value| matches!(value, Value::Int(_, _, Origin::None))) {
        true => Origin::None,
        false => Origin::computed(args.iter().flat_map(Value::spans)),
    }
}

/// The origin of a text as a whole.
pub(super) fn origin_of(text: &Text) -> Origin {
    let mut runs = text.runs();
    match (runs.next(), runs.next()) {
        (None, _) => Origin::None,
        (Some((_, origin)), None) => origin,
        _ => text.computed(0..text.len()),
    }
}
