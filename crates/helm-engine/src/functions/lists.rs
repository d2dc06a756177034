//! sprig's functions over lists. A list is never changed: each gives another.

mod choose;
mod take;

use super::args::{any, int, rest};
use super::convert::to_int;
use super::reflect::kind_name;
use super::{Budget, Failure, Function, Param};
use crate::value::{List, Value};

/// What a dereference of nil says.
const NIL_POINTER: &str = "runtime error: invalid memory address or nil pointer dereference";

/// The list, or sprig's error, which says what could not be done to which kind.
fn list<'v>(value: &'v Value, cannot: &str) -> Result<&'v List, Failure> {
    match value {
        Value::List(list) => Ok(list),
        Value::Nil => Err(Failure(NIL_POINTER.to_owned())),
        other => Err(Failure(format!("{cannot} type {}", kind_name(other)))),
    }
}

/// Asks for the room of some items.
fn room(budget: &mut Budget, count: usize) -> Result<(), Failure> {
    budget.bytes(count.saturating_mul(size_of::<Value>()))
}

/// A `[]interface {}` of these.
fn of_any(budget: &mut Budget, items: Vec<Value>) -> Result<Value, Failure> {
    room(budget, items.len())?;
    Ok(Value::List(List::new(items)))
}

fn new_list(budget: &mut Budget, args: &[Value]) -> Result<Value, Failure> {
    room(budget, args.len())?;
    Ok(Value::List(List::new(args.to_vec())))
}

fn append(budget: &mut Budget, args: &[Value]) -> Result<Value, Failure> {
    let list = list(any(args, 0), "Cannot push on")?;
    room(budget, list.items.len() + 1)?;
    let items = list.items.iter().chain([any(args, 1)]);
    Ok(Value::List(List::new(items.cloned().collect())))
}

fn prepend(budget: &mut Budget, args: &[Value]) -> Result<Value, Failure> {
    let list = list(any(args, 0), "Cannot prepend on")?;
    room(budget, list.items.len() + 1)?;
    let items = [any(args, 1)].into_iter().chain(list.items.iter());
    Ok(Value::List(List::new(items.cloned().collect())))
}

fn reverse(budget: &mut Budget, args: &[Value]) -> Result<Value, Failure> {
    let list = list(any(args, 0), "Cannot find reverse on")?;
    room(budget, list.items.len())?;
    Ok(Value::List(List::new(list.items.iter().rev().cloned().collect())))
}

fn concat(budget: &mut Budget, args: &[Value]) -> Result<Value, Failure> {
    let mut items = Vec::new();
    for arg in args {
        let list = match arg {
            Value::List(list) => list,
            Value::Nil => return Err(Failure(NIL_POINTER.to_owned())),
            other => {
                let kind = kind_name(other);
                return Err(Failure(format!("Cannot concat type {kind} as list")));
            }
        };
        room(budget, list.items.len())?;
        items.extend(list.items.iter().cloned());
    }
    Ok(Value::List(if items.is_empty() { List::nil() } else { List::new(items) }))
}

/// A function over one list.
const fn over(
    name: &'static str,
    call: fn(&mut Budget, &[Value]) -> Result<Value, Failure>,
) -> Function {
    Function { name, params: &[Param::Any], rest: None, call }
}

/// A function over two values of any type.
const fn with(
    name: &'static str,
    call: fn(&mut Budget, &[Value]) -> Result<Value, Failure>,
) -> Function {
    Function { name, params: &[Param::Any, Param::Any], rest: None, call }
}

/// A function over a value and any number of others.
const fn with_others(
    name: &'static str,
    call: fn(&mut Budget, &[Value]) -> Result<Value, Failure>,
) -> Function {
    Function { name, params: &[Param::Any], rest: Some(Param::Any), call }
}

/// A function over any number of values.
const fn of_all(
    name: &'static str,
    call: fn(&mut Budget, &[Value]) -> Result<Value, Failure>,
) -> Function {
    Function { name, params: &[], rest: Some(Param::Any), call }
}

/// A function over an `int` and a list.
const fn sized(
    name: &'static str,
    call: fn(&mut Budget, &[Value]) -> Result<Value, Failure>,
) -> Function {
    Function { name, params: &[Param::Int, Param::Any], rest: None, call }
}

pub(super) const FUNCTIONS: &[Function] = &[
    of_all("list", new_list),
    of_all("tuple", new_list),
    of_all("concat", concat),
    with("append", append),
    with("mustAppend", append),
    with("push", append),
    with("mustPush", append),
    with("prepend", prepend),
    with("mustPrepend", prepend),
    over("reverse", reverse),
    over("mustReverse", reverse),
    over("first", take::first),
    over("mustFirst", take::first),
    over("last", take::last),
    over("mustLast", take::last),
    over("rest", take::rest),
    over("mustRest", take::rest),
    over("initial", take::initial),
    over("mustInitial", take::initial),
    with_others("slice", take::slice),
    with_others("mustSlice", take::slice),
    sized("chunk", take::chunk),
    sized("mustChunk", take::chunk),
    over("compact", choose::compact),
    over("mustCompact", choose::compact),
    over("uniq", choose::uniq),
    over("mustUniq", choose::uniq),
    with_others("without", choose::without),
    with_others("mustWithout", choose::without),
    with("has", choose::has),
    with("mustHas", choose::has),
];
