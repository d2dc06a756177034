//! sprig's functions over maps. Maps are shared: `set`, `unset` and `merge`
//! change the map that they are given, wherever else it is known.

mod copy;
mod merge;

use super::args::{any, as_map, map, origin_of, rest, text};
use super::print::string_of;
use super::reflect::type_name;
use super::{Budget, Failure, Function, Param};
use crate::value::{Entry, List, Map, Text, Value};

/// Asks for the room of some entries.
fn room(budget: &mut Budget, count: usize) -> Result<(), Failure> {
    budget.bytes(count.saturating_mul(size_of::<Entry>() + size_of::<String>()))
}

/// Puts a value under a key that is text of its own origin.
fn put(budget: &mut Budget, map: &Map, key: &Text, value: Value) -> Result<(), Failure> {
    kept(budget, &key.as_str())?;
    map.put(&key.as_str(), Entry { key: origin_of(key), value });
    Ok(())
}

/// Asks for the room of a key: in the map, and in the note of what stood there.
fn kept(budget: &mut Budget, key: &str) -> Result<(), Failure> {
    budget.bytes(key.len().saturating_mul(2))
}

fn dict(budget: &mut Budget, args: &[Value]) -> Result<Value, Failure> {
    room(budget, args.len().div_ceil(2))?;
    let out = Map::new();
    for pair in args.chunks(2) {
        let key = string_of(budget, any(pair, 0))?;
        put(budget, &out, &key, pair.get(1).cloned().unwrap_or_else(|| Value::str("")))?;
    }
    Ok(Value::Map(out))
}

fn set(budget: &mut Budget, args: &[Value]) -> Result<Value, Failure> {
    let nil = || Failure("assignment to entry in nil map".to_owned());
    let map = map(args, 0)?.ok_or_else(nil)?;
    room(budget, 1)?;
    put(budget, &map, text(args, 1)?, any(args, 2).clone())?;
    Ok(Value::Map(map))
}

fn pluck(budget: &mut Budget, args: &[Value]) -> Result<Value, Failure> {
    let key = text(args, 0)?.as_str();
    let mut found = Vec::new();
    for arg in rest(args, 1) {
        if let Some(value) = as_map(arg)?.and_then(|map| map.get(&key)) {
            found.push(value);
        }
    }
    room(budget, found.len())?;
    Ok(Value::List(List::new(found)))
}

/// Go gives the keys in another order each time; ours are sorted.
fn keys(budget: &mut Budget, args: &[Value]) -> Result<Value, Failure> {
    let mut keys = Vec::new();
    for arg in args {
        let Some(map) = as_map(arg)? else { continue };
        room(budget, map.len())?;
        for (key, entry) in map.entries().iter() {
            budget.bytes(key.len())?;
            keys.push(Text::with_origin(key.as_bytes(), entry.key.clone()));
        }
    }
    Ok(Value::List(List::of_strings(keys)))
}

/// As [`keys`], in the keys' order.
fn values(budget: &mut Budget, args: &[Value]) -> Result<Value, Failure> {
    let values: Vec<Value> = match map(args, 0)? {
        Some(map) => map.entries().values().map(|entry| entry.value.clone()).collect(),
        None => Vec::new(),
    };
    room(budget, values.len())?;
    Ok(Value::List(List::new(values)))
}

fn pick(budget: &mut Budget, args: &[Value]) -> Result<Value, Failure> {
    let out = Map::new();
    let map = map(args, 0)?.unwrap_or_default();
    for index in 1..args.len() {
        let key = text(args, index)?.as_str();
        if let Some(entry) = map.entry(&key) {
            room(budget, 1)?;
            kept(budget, &key)?;
            out.put(&key, entry);
        }
    }
    Ok(Value::Map(out))
}

fn omit(budget: &mut Budget, args: &[Value]) -> Result<Value, Failure> {
    let map = map(args, 0)?.unwrap_or_default();
    room(budget, map.len())?;
    let out = map.shallow_copy();
    for index in 1..args.len() {
        let key = text(args, index)?.as_str();
        kept(budget, &key)?;
        out.remove(&key);
    }
    Ok(Value::Map(out))
}

fn dig(_: &mut Budget, args: &[Value]) -> Result<Value, Failure> {
    let [keys @ .., default, dict] = args else { return Err(dig_needs()) };
    if keys.is_empty() {
        return Err(dig_needs());
    }
    let mut map = as_dict(dict)?;
    let mut names = Vec::with_capacity(keys.len());
    for key in keys {
        match key {
            Value::Str(text) => names.push(text.as_str()),
            other => return Err(conversion(other, "string")),
        }
    }
    for (index, name) in names.iter().enumerate() {
        let Some(value) = map.get(name) else { return Ok(default.clone()) };
        if index + 1 == names.len() {
            return Ok(value);
        }
        map = as_dict(&value)?;
    }
    Ok(default.clone())
}

fn dig_needs() -> Failure {
    Failure("dig needs at least three arguments".to_owned())
}

/// A `map[string]interface {}` and nothing like it: `.Values` has another type.
fn as_dict(value: &Value) -> Result<Map, Failure> {
    const TYPE: &str = "map[string]interface {}";
    match value {
        Value::Map(map) if type_name(value) == TYPE => Ok(map.clone()),
        other => Err(conversion(other, TYPE)),
    }
}

fn conversion(value: &Value, wanted: &str) -> Failure {
    let name = match value {
        Value::Nil => "nil".into(),
        other => type_name(other),
    };
    Failure(format!("interface conversion: interface {{}} is {name}, not {wanted}"))
}

/// A function of a map and any number of others.
const fn of_maps(
    name: &'static str,
    call: fn(&mut Budget, &[Value]) -> Result<Value, Failure>,
) -> Function {
    Function { name, params: &[Param::Map], rest: Some(Param::Map), call }
}

pub(super) const FUNCTIONS: &[Function] = &[
    Function { name: "dict", params: &[], rest: Some(Param::Any), call: dict },
    Function {
        name: "get",
        params: &[Param::Map, Param::String],
        rest: None,
        call: |_, args| {
            let key = text(args, 1)?.as_str();
            let value = map(args, 0)?.and_then(|map| map.get(&key));
            Ok(value.unwrap_or_else(|| Value::str("")))
        },
    },
    Function {
        name: "set",
        params: &[Param::Map, Param::String, Param::Any],
        rest: None,
        call: set,
    },
    Function {
        name: "unset",
        params: &[Param::Map, Param::String],
        rest: None,
        call: |budget, args| {
            let map = map(args, 0)?.unwrap_or_else(Map::nil);
            let key = text(args, 1)?.as_str();
            kept(budget, &key)?;
            map.remove(&key);
            Ok(Value::Map(map))
        },
    },
    Function {
        name: "hasKey",
        params: &[Param::Map, Param::String],
        rest: None,
        call: |_, args| {
            let key = text(args, 1)?.as_str();
            let found = map(args, 0)?.is_some_and(|map| map.entries().contains_key(&key));
            Ok(Value::bool(found))
        },
    },
    Function { name: "pluck", params: &[Param::String], rest: Some(Param::Map), call: pluck },
    Function { name: "keys", params: &[], rest: Some(Param::Map), call: keys },
    Function { name: "values", params: &[Param::Map], rest: None, call: values },
    Function { name: "pick", params: &[Param::Map], rest: Some(Param::String), call: pick },
    Function { name: "omit", params: &[Param::Map], rest: Some(Param::String), call: omit },
    Function { name: "dig", params: &[], rest: Some(Param::Any), call: dig },
    of_maps("merge", |budget, args| merge::all(budget, args, false)),
    of_maps("mustMerge", |budget, args| merge::all(budget, args, false)),
    of_maps("mergeOverwrite", |budget, args| merge::all(budget, args, true)),
    of_maps("mustMergeOverwrite", |budget, args| merge::all(budget, args, true)),
    Function {
        name: "deepCopy",
        params: &[Param::Any],
        rest: None,
        call: |budget, args| copy::deep_copy(budget, any(args, 0)),
    },
    Function {
        name: "mustDeepCopy",
        params: &[Param::Any],
        rest: None,
        call: |budget, args| copy::deep_copy(budget, any(args, 0)),
    },
];
