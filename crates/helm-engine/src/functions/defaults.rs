//! sprig's functions that choose between values.

use super::args::{any, bool, text};
use super::{Failure, Function, Param};
use crate::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "default",
        params: &[Param::Any],
        rest: Some(Param::Any),
        call: |_, args| {
            let given = args.get(1).filter(|value| value.is_true());
            Ok(given.unwrap_or(any(args, 0)).clone())
        },
    },
    Function {
        name: "empty",
        params: &[Param::Any],
        rest: None,
        call: |_, args| Ok(Value::bool(!any(args, 0).is_true())),
    },
    Function {
        name: "coalesce",
        params: &[],
        rest: Some(Param::Any),
        call: |_, args| Ok(args.iter().find(|value| value.is_true()).cloned().unwrap_or_default()),
    },
    Function {
        name: "all",
        params: &[],
        rest: Some(Param::Any),
        call: |_, args| Ok(Value::bool(args.iter().all(Value::is_true))),
    },
    Function {
        name: "any",
        params: &[],
        rest: Some(Param::Any),
        call: |_, args| Ok(Value::bool(args.iter().any(Value::is_true))),
    },
    Function {
        name: "ternary",
        params: &[Param::Any, Param::Any, Param::Bool],
        rest: None,
        call: |_, args| {
            let chosen = if bool(args, 2)? { any(args, 0) } else { any(args, 1) };
            Ok(chosen.clone())
        },
    },
    Function {
        name: "fail",
        params: &[Param::String],
        rest: None,
        call: |_, args| Err(Failure(text(args, 0)?.as_str().into_owned())),
    },
];
