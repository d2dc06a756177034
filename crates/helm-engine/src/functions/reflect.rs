//! What Go's reflection says of a value: its type, its kind.

pub(super) mod equal;

use super::args::{any, text};
use super::{Failure, Function, Param};
use crate::value::{IntType, ItemType, Value};
use std::borrow::Cow;

/// How deep values may nest where they are walked: Go's stack grows, ours does not.
pub(super) const DEEPEST: usize = 256;

/// The error when values nest deeper than [`DEEPEST`].
pub(super) fn too_deep() -> Failure {
    Failure(format!("values nest deeper than the limit of {DEEPEST} levels"))
}

/// The type as `%T` prints it.
pub(crate) fn type_name(value: &Value) -> Cow<'static, str> {
    match value {
        Value::Nil => "<nil>".into(),
        Value::Bool(..) => "bool".into(),
        Value::Int(_, of, _) => int_name(*of).into(),
        Value::Float(..) => "float64".into(),
        Value::Str(_) => "string".into(),
        Value::List(list) => format!("[]{}", item_name(list.of)).into(),
        Value::Map(map) if !map.name.is_empty() => map.name.into(),
        Value::Map(map) => format!("map[string]{}", item_name(map.of)).into(),
        Value::Struct(object) => object.type_name.into(),
    }
}

/// Go's name of an integer type.
pub(super) fn int_name(of: IntType) -> &'static str {
    match of {
        IntType::Int => "int",
        IntType::Int64 => "int64",
        IntType::Int32 => "int32",
        IntType::Uint8 => "uint8",
        IntType::Uint64 => "uint64",
    }
}

fn item_name(of: ItemType) -> &'static str {
    match of {
        ItemType::Any => "interface {}",
        ItemType::String => "string",
        ItemType::Int => "int",
        ItemType::Byte => "uint8",
        ItemType::List => "[]interface {}",
    }
}

/// The kind as Go's `reflect.Kind` prints it.
pub(crate) fn kind_name(value: &Value) -> &'static str {
    match value {
        Value::Nil => "invalid",
        Value::Bool(..) => "bool",
        Value::Int(_, of, _) => int_name(*of),
        Value::Float(..) => "float64",
        Value::Str(_) => "string",
        Value::List(_) => "slice",
        Value::Map(_) => "map",
        Value::Struct(object) if object.type_name.starts_with('*') => "ptr",
        Value::Struct(_) => "struct",
    }
}

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "typeOf",
        params: &[Param::Any],
        rest: None,
        call: |_, args| Ok(Value::str(type_name(any(args, 0)).into_owned())),
    },
    Function {
        name: "typeIs",
        params: &[Param::String, Param::Any],
        rest: None,
        call: |_, args| Ok(Value::bool(text(args, 0)?.bytes() == type_of(args, 1).as_bytes())),
    },
    Function {
        name: "typeIsLike",
        params: &[Param::String, Param::Any],
        rest: None,
        call: |_, args| {
            let (target, name) = (text(args, 0)?, type_of(args, 1));
            let like = name.strip_prefix('*').unwrap_or(&name);
            Ok(Value::bool(target.bytes() == name.as_bytes() || target.bytes() == like.as_bytes()))
        },
    },
    Function {
        name: "kindOf",
        params: &[Param::Any],
        rest: None,
        call: |_, args| Ok(Value::str(kind_name(any(args, 0)))),
    },
    Function {
        name: "kindIs",
        params: &[Param::String, Param::Any],
        rest: None,
        call: |_, args| {
            let kind = kind_name(any(args, 1));
            Ok(Value::bool(text(args, 0)?.bytes() == kind.as_bytes()))
        },
    },
    Function {
        name: "deepEqual",
        params: &[Param::Any, Param::Any],
        rest: None,
        call: |budget, args| equal::deep_equal(budget, any(args, 0), any(args, 1)).map(Value::bool),
    },
];

fn type_of(args: &[Value], index: usize) -> Cow<'static, str> {
    type_name(any(args, index))
}
