//! Go's own functions over values: `len`, `index`, `not`, `html` and the like.

mod escape;

use super::args::{any, rest};
use super::reflect::type_name;
use super::{Failure, Function, Param};
use crate::value::{IntType, ItemType, List, Map, Origin, Text, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "len",
        params: &[Param::Reflect],
        rest: None,
        call: |_, args| length(any(args, 0)).map(|length| Value::int(length as i64)),
    },
    Function {
        name: "index",
        params: &[Param::Reflect],
        rest: Some(Param::Reflect),
        call: |_, args| index(any(args, 0), rest(args, 1)),
    },
    Function {
        name: "not",
        params: &[Param::Reflect],
        rest: None,
        call: |_, args| Ok(Value::bool(!any(args, 0).is_true())),
    },
    Function {
        name: "call",
        params: &[Param::Reflect],
        rest: Some(Param::Reflect),
        call: |_, args| {
            Err(Failure(match any(args, 0) {
                Value::Nil => "call of nil".to_owned(),
                // Go names the argument as the template spells it.
                value => format!("non-function of type {}", type_name(value)),
            }))
        },
    },
    Function {
        name: "html",
        params: &[],
        rest: Some(Param::Any),
        call: |budget, args| escape::escape(budget, args, escape::html),
    },
    Function {
        name: "js",
        params: &[],
        rest: Some(Param::Any),
        call: |budget, args| escape::escape(budget, args, escape::js),
    },
    Function {
        name: "urlquery",
        params: &[],
        rest: Some(Param::Any),
        call: |budget, args| escape::escape(budget, args, escape::url_query),
    },
];

fn length(item: &Value) -> Result<usize, Failure> {
    match item {
        Value::Str(text) => Ok(text.len()),
        Value::List(list) => Ok(list.items.len()),
        Value::Map(map) => Ok(map.len()),
        Value::Nil => Err(Failure("len of nil pointer".to_owned())),
        other => Err(Failure(format!("len of type {}", type_name(other)))),
    }
}

fn index(item: &Value, indexes: &[Value]) -> Result<Value, Failure> {
    if matches!(item, Value::Nil) {
        return Err(Failure("index of untyped nil".to_owned()));
    }
    let mut item = item.clone();
    for index in indexes {
        item = match &item {
            Value::Nil => return Err(Failure("index of nil pointer".to_owned())),
            Value::Str(text) => {
                let at = position(index, text.len())?;
                byte(text, at)
                    .ok_or_else(|| Failure("reflect: string index out of range".to_owned()))?
            }
            Value::List(list) => {
                let at = position(index, list.items.len())?;
                let item = list.items.get(at).cloned();
                item.ok_or_else(|| Failure("reflect: slice index out of range".to_owned()))?
            }
            Value::Map(map) => in_map(map, index)?,
            other => {
                let name = type_name(other);
                return Err(Failure(format!("can't index item of type {name}")));
            }
        };
    }
    Ok(item)
}

fn byte(text: &Text, at: usize) -> Option<Value> {
    let byte = *text.bytes().get(at)?;
    let origin = text.computed(at..at + 1);
    Some(Value::Int(byte.into(), IntType::Uint8, origin))
}

fn in_map(map: &Map, index: &Value) -> Result<Value, Failure> {
    match index {
        Value::Str(key) => Ok(map.get(&key.as_str()).unwrap_or_else(|| zero(map.of))),
        Value::Nil => Err(Failure("value is nil; should be of type string".to_owned())),
        other => {
            let name = type_name(other);
            Err(Failure(format!("value has type {name}; should be string")))
        }
    }
}

/// What Go gives for a key that a map does not have.
fn zero(of: ItemType) -> Value {
    match of {
        ItemType::Any => Value::Nil,
        ItemType::String => Value::str(""),
        ItemType::Int => Value::int(0),
        ItemType::Byte => Value::Int(0, IntType::Uint8, Origin::None),
        ItemType::List => Value::List(List::nil()),
    }
}

/// An index into something of a length. The length itself passes here, as in Go.
fn position(index: &Value, length: usize) -> Result<usize, Failure> {
    let number = match index {
        Value::Int(number, ..) => *number,
        Value::Nil => return Err(Failure("cannot index slice/array with nil".to_owned())),
        other => {
            let name = type_name(other);
            return Err(Failure(format!("cannot index slice/array with type {name}")));
        }
    };
    usize::try_from(number)
        .ok()
        .filter(|&at| at <= length)
        .ok_or_else(|| Failure(format!("index out of range: {number}")))
}
