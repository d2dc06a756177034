//! sprig's arithmetic. Integers wrap as Go's do.

mod decimal;
mod rounding;
mod sequence;

use super::args::{any, computed, float, int, rest};
use super::convert::{to_float, to_int};
use super::{Failure, Function, Param};
use crate::value::{IntType, Value};

/// An `int64` that is computed from these.
fn int64(args: &[Value], number: i64) -> Result<Value, Failure> {
    Ok(Value::Int(number, IntType::Int64, computed(args)))
}

/// A `float64` that is computed from these.
fn float64(args: &[Value], number: f64) -> Result<Value, Failure> {
    Ok(Value::Float(number, computed(args)))
}

fn divisor(args: &[Value]) -> Result<i64, Failure> {
    match to_int(any(args, 1)) {
        0 => Err(Failure("runtime error: integer divide by zero".to_owned())),
        number => Ok(number),
    }
}

fn largest(args: &[Value]) -> Result<Value, Failure> {
    int64(args, args.iter().map(to_int).max().unwrap_or(0))
}

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "add1",
        params: &[Param::Any],
        rest: None,
        call: |_, args| int64(args, to_int(any(args, 0)).wrapping_add(1)),
    },
    Function {
        name: "add",
        params: &[],
        rest: Some(Param::Any),
        call: |_, args| int64(args, args.iter().map(to_int).fold(0, i64::wrapping_add)),
    },
    Function {
        name: "sub",
        params: &[Param::Any, Param::Any],
        rest: None,
        call: |_, args| int64(args, to_int(any(args, 0)).wrapping_sub(to_int(any(args, 1)))),
    },
    Function {
        name: "div",
        params: &[Param::Any, Param::Any],
        rest: None,
        call: |_, args| int64(args, to_int(any(args, 0)).wrapping_div(divisor(args)?)),
    },
    Function {
        name: "mod",
        params: &[Param::Any, Param::Any],
        rest: None,
        call: |_, args| int64(args, to_int(any(args, 0)).wrapping_rem(divisor(args)?)),
    },
    Function {
        name: "mul",
        params: &[Param::Any],
        rest: Some(Param::Any),
        call: |_, args| int64(args, args.iter().map(to_int).fold(1, i64::wrapping_mul)),
    },
    Function {
        name: "max",
        params: &[Param::Any],
        rest: Some(Param::Any),
        call: |_, args| largest(args),
    },
    Function {
        name: "biggest",
        params: &[Param::Any],
        rest: Some(Param::Any),
        call: |_, args| largest(args),
    },
    Function {
        name: "min",
        params: &[Param::Any],
        rest: Some(Param::Any),
        call: |_, args| int64(args, args.iter().map(to_int).min().unwrap_or(0)),
    },
    // Random: always the least number that it can be.
    Function {
        name: "randInt",
        params: &[Param::Int, Param::Int],
        rest: None,
        call: |_, args| {
            let (least, end) = (int(args, 0)?, int(args, 1)?);
            if end.wrapping_sub(least) <= 0 {
                return Err(Failure("invalid argument to Intn".to_owned()));
            }
            Ok(Value::int(least))
        },
    },
    Function {
        name: "add1f",
        params: &[Param::Any],
        rest: None,
        call: |budget, args| {
            let one = Value::int(1);
            float64(args, decimal::fold(budget, any(args, 0), &[one], decimal::Operation::Add)?)
        },
    },
    Function {
        name: "addf",
        params: &[],
        rest: Some(Param::Any),
        call: |budget, args| {
            float64(args, decimal::fold(budget, &Value::float(0.0), args, decimal::Operation::Add)?)
        },
    },
    Function {
        name: "subf",
        params: &[Param::Any],
        rest: Some(Param::Any),
        call: |budget, args| {
            float64(
                args,
                decimal::fold(budget, any(args, 0), rest(args, 1), decimal::Operation::Sub)?,
            )
        },
    },
    Function {
        name: "mulf",
        params: &[Param::Any],
        rest: Some(Param::Any),
        call: |budget, args| {
            float64(
                args,
                decimal::fold(budget, any(args, 0), rest(args, 1), decimal::Operation::Mul)?,
            )
        },
    },
    Function {
        name: "divf",
        params: &[Param::Any],
        rest: Some(Param::Any),
        call: |budget, args| {
            float64(
                args,
                decimal::fold(budget, any(args, 0), rest(args, 1), decimal::Operation::Div)?,
            )
        },
    },
    Function {
        name: "maxf",
        params: &[Param::Any],
        rest: Some(Param::Any),
        call: |_, args| float64(args, rounding::fold(args, rounding::max)),
    },
    Function {
        name: "minf",
        params: &[Param::Any],
        rest: Some(Param::Any),
        call: |_, args| float64(args, rounding::fold(args, rounding::min)),
    },
    Function {
        name: "ceil",
        params: &[Param::Any],
        rest: None,
        call: |_, args| float64(args, to_float(any(args, 0)).ceil()),
    },
    Function {
        name: "floor",
        params: &[Param::Any],
        rest: None,
        call: |_, args| float64(args, to_float(any(args, 0)).floor()),
    },
    Function {
        name: "round",
        params: &[Param::Any, Param::Int],
        rest: Some(Param::Float64),
        call: |_, args| {
            let up_from = if args.len() > 2 { float(args, 2)? } else { 0.5 };
            float64(args, rounding::round(to_float(any(args, 0)), int(args, 1)?, up_from))
        },
    },
    Function {
        name: "until",
        params: &[Param::Int],
        rest: None,
        call: |budget, args| {
            let count = int(args, 0)?;
            sequence::list(budget, 0, count, if count < 0 { -1 } else { 1 })
        },
    },
    Function {
        name: "untilStep",
        params: &[Param::Int, Param::Int, Param::Int],
        rest: None,
        call: |budget, args| sequence::list(budget, int(args, 0)?, int(args, 1)?, int(args, 2)?),
    },
    Function {
        name: "seq",
        params: &[],
        rest: Some(Param::Int),
        call: |budget, args| sequence::seq(budget, args),
    },
];
