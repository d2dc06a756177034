//! Go's comparisons: values of one basic kind, or an error.

use super::args::{any, rest};
use super::print::sprintf;
use super::reflect::type_name;
use super::{Budget, Failure, Function, Param};
use crate::value::{IntType, Value};
use std::rc::Rc;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "eq",
        params: &[Param::Reflect],
        rest: Some(Param::Reflect),
        call: |budget, args| equal(budget, any(args, 0), rest(args, 1)).map(Value::bool),
    },
    Function {
        name: "ne",
        params: &[Param::Reflect, Param::Reflect],
        rest: None,
        call: |budget, args| Ok(Value::bool(!equal(budget, any(args, 0), rest(args, 1))?)),
    },
    Function {
        name: "lt",
        params: &[Param::Reflect, Param::Reflect],
        rest: None,
        call: |_, args| less(any(args, 0), any(args, 1)).map(Value::bool),
    },
    Function {
        name: "le",
        params: &[Param::Reflect, Param::Reflect],
        rest: None,
        call: |budget, args| less_or_equal(budget, args).map(Value::bool),
    },
    Function {
        name: "gt",
        params: &[Param::Reflect, Param::Reflect],
        rest: None,
        call: |budget, args| Ok(Value::bool(!less_or_equal(budget, args)?)),
    },
    Function {
        name: "ge",
        params: &[Param::Reflect, Param::Reflect],
        rest: None,
        call: |_, args| Ok(Value::bool(!less(any(args, 0), any(args, 1))?)),
    },
];

fn less_or_equal(budget: &mut Budget, args: &[Value]) -> Result<bool, Failure> {
    Ok(less(any(args, 0), any(args, 1))? || equal(budget, any(args, 0), rest(args, 1))?)
}

/// What Go compares: integers of any type are numbers.
#[derive(PartialEq, PartialOrd)]
enum Basic<'v> {
    Bool(bool),
    Int(i128),
    Float(f64),
    Str(&'v [u8]),
}

fn basic(value: &Value) -> Option<Basic<'_>> {
    Some(match value {
        Value::Bool(truth, _) => Basic::Bool(*truth),
        Value::Int(number, IntType::Uint64, _) => Basic::Int((*number as u64).into()),
        Value::Int(number, ..) => Basic::Int((*number).into()),
        Value::Float(number, _) => Basic::Float(*number),
        Value::Str(text) => Basic::Str(text.bytes()),
        Value::Nil | Value::List(_) | Value::Map(_) | Value::Struct(_) => return None,
    })
}

fn incompatible(a: &Value, b: &Value) -> Failure {
    let (a, b) = (type_name(a), type_name(b));
    Failure(format!("incompatible types for comparison: {a} and {b}"))
}

/// True when the first is one of the others.
fn equal(budget: &mut Budget, first: &Value, others: &[Value]) -> Result<bool, Failure> {
    if others.is_empty() {
        return Err(Failure("missing argument for comparison".to_owned()));
    }
    for other in others {
        if equal_to(budget, first, other)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn equal_to(budget: &mut Budget, first: &Value, other: &Value) -> Result<bool, Failure> {
    match (basic(first), basic(other)) {
        (Some(a), Some(b)) if std::mem::discriminant(&a) == std::mem::discriminant(&b) => {
            return Ok(a == b);
        }
        (None, None) => {}
        // Nothing but nil equals nil.
        _ if matches!(first, Value::Nil) || matches!(other, Value::Nil) => return Ok(false),
        _ => return Err(incompatible(first, other)),
    }
    if is_nil(first) || is_nil(other) {
        comparable_kinds(budget, first, other)?;
        return Ok(is_nil(first) && is_nil(other));
    }
    comparable_kinds(budget, first, other)?;
    match (first, other) {
        (Value::Struct(a), Value::Struct(b)) => Ok(Rc::ptr_eq(a, b)),
        _ => Err(Failure(format!(
            "non-comparable type {}: {}",
            printed(budget, "%s", other)?,
            type_name(other)
        ))),
    }
}

fn is_nil(value: &Value) -> bool {
    match value {
        Value::Nil => true,
        Value::List(list) => list.nil,
        Value::Map(map) => map.nil,
        _ => false,
    }
}

/// Both are of one kind, or one is nil.
fn comparable_kinds(budget: &mut Budget, first: &Value, other: &Value) -> Result<(), Failure> {
    let kind = super::reflect::kind_name;
    if kind(first) == kind(other) || matches!(first, Value::Nil) || matches!(other, Value::Nil) {
        return Ok(());
    }
    Err(Failure(format!(
        "non-comparable types {}: {}, {}: {}",
        printed(budget, "%s", first)?,
        type_name(first),
        type_name(other),
        printed(budget, "%v", other)?
    )))
}

fn printed(budget: &mut Budget, format: &str, value: &Value) -> Result<String, Failure> {
    let text = sprintf(budget, &format.into(), std::slice::from_ref(value))?;
    Ok(text.as_str().into_owned())
}

fn less(first: &Value, other: &Value) -> Result<bool, Failure> {
    let invalid = || Failure("invalid type for comparison".to_owned());
    let a = basic(first).ok_or_else(invalid)?;
    let b = basic(other).ok_or_else(invalid)?;
    if std::mem::discriminant(&a) != std::mem::discriminant(&b) {
        return Err(incompatible(first, other));
    }
    match a {
        Basic::Bool(_) => Err(invalid()),
        _ => Ok(a < b),
    }
}
