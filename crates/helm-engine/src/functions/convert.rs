//! sprig's conversions: what is no number is 0, without an error.

pub(super) mod number;

use super::args::{any, text};
use super::print::{sprint, string_of};
use super::{Function, Param};
use crate::value::{IntType, List, Origin, Text, Value};
use number::{Bad, parse_float, parse_int};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "toString",
        params: &[Param::Any],
        rest: None,
        call: |budget, args| string_of(budget, any(args, 0)).map(Value::Str),
    },
    Function {
        name: "toStrings",
        params: &[Param::Any],
        rest: None,
        call: |budget, args| match any(args, 0) {
            Value::Nil => Ok(Value::List(List::of_strings([]))),
            Value::List(list) => {
                let mut strings = Vec::new();
                for item in list.items.iter().filter(|item| !matches!(item, Value::Nil)) {
                    budget.bytes(size_of::<Value>())?;
                    strings.push(string_of(budget, item)?);
                }
                Ok(Value::List(List::of_strings(strings)))
            }
            other => Ok(Value::List(List::of_strings([string_of(budget, other)?]))),
        },
    },
    Function {
        name: "atoi",
        params: &[Param::String],
        rest: None,
        call: |_, args| {
            let text = text(args, 0)?;
            let number = match parse_int(text.bytes(), 10) {
                Ok(number) | Err(Bad::Range(number)) => number,
                Err(Bad::Syntax) => 0,
            };
            Ok(Value::Int(number, IntType::Int, computed(text)))
        },
    },
    Function {
        name: "int",
        params: &[Param::Any],
        rest: None,
        call: |_, args| {
            let value = any(args, 0);
            Ok(Value::Int(to_int(value), IntType::Int, origin(value)))
        },
    },
    Function {
        name: "int64",
        params: &[Param::Any],
        rest: None,
        call: |_, args| {
            let value = any(args, 0);
            Ok(Value::Int(to_int(value), IntType::Int64, origin(value)))
        },
    },
    Function {
        name: "float64",
        params: &[Param::Any],
        rest: None,
        call: |_, args| {
            let value = any(args, 0);
            Ok(Value::Float(to_float(value), origin(value)))
        },
    },
    Function {
        name: "toDecimal",
        params: &[Param::Any],
        rest: None,
        call: |budget, args| {
            let value = any(args, 0);
            let text = sprint(budget, std::slice::from_ref(value))?;
            let number = parse_int(text.bytes(), 8).unwrap_or(0);
            Ok(Value::Int(number, IntType::Int64, origin(value)))
        },
    },
];

/// The integer that a value stands for; 0 where it stands for none.
pub(super) fn to_int(value: &Value) -> i64 {
    match value {
        Value::Int(number, ..) => *number,
        Value::Float(number, _) => truncated(*number),
        Value::Str(text) => parse_int(without_zero_fraction(text.bytes()), 0).unwrap_or(0),
        Value::Bool(truth, _) => i64::from(*truth),
        Value::Nil | Value::List(_) | Value::Map(_) | Value::Struct(_) => 0,
    }
}

/// The float that a value stands for; 0 where it stands for none.
pub(super) fn to_float(value: &Value) -> f64 {
    match value {
        Value::Int(number, IntType::Uint64, _) => *number as u64 as f64,
        Value::Int(number, ..) => *number as f64,
        Value::Float(number, _) => *number,
        Value::Str(text) => parse_float(text.bytes()).unwrap_or(0.0),
        Value::Bool(truth, _) => f64::from(u8::from(*truth)),
        Value::Nil | Value::List(_) | Value::Map(_) | Value::Struct(_) => 0.0,
    }
}

/// Go's conversion of a float: what an `int64` cannot hold is the least one.
pub(super) fn truncated(number: f64) -> i64 {
    let limit = 2_f64.powi(63);
    if (-limit..limit).contains(&number) { number as i64 } else { i64::MIN }
}

/// `1.00` without its `.00`. A point without zeros behind it stays.
fn without_zero_fraction(text: &[u8]) -> &[u8] {
    let zeros = text.iter().rev().take_while(|&&byte| byte == b'0').count();
    match text[..text.len() - zeros].split_last() {
        Some((b'.', whole)) if zeros > 0 => whole,
        _ => text,
    }
}

fn origin(value: &Value) -> Origin {
    match value {
        Value::Bool(_, origin) | Value::Int(_, _, origin) | Value::Float(_, origin) => {
            origin.clone()
        }
        Value::Str(text) => computed(text),
        Value::Nil | Value::List(_) | Value::Map(_) | Value::Struct(_) => Origin::None,
    }
}

fn computed(text: &Text) -> Origin {
    text.computed(0..text.len())
}
