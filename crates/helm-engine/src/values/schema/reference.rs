//! What a `$ref` refers to, within its file.

use super::draft::Draft;
use super::problem::push_step;
use crate::value::{Map, Value};
use std::collections::HashSet;

/// Where a reference leads.
#[derive(Debug)]
pub(super) enum Target {
    Found(Value),
    /// To nothing in this file.
    Nowhere,
    /// To another file, or to what has a name of its own.
    Elsewhere,
}

/// What a reference in a file refers to.
pub(super) fn resolve(root: &Value, draft: Draft, reference: &str) -> Target {
    let (base, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    if !base.is_empty() && own_id(root, draft).is_none_or(|id| id.trim_end_matches('#') != base) {
        return Target::Elsewhere;
    }
    if !fragment.is_empty() && !fragment.starts_with('/') {
        return anchored(root, fragment).map_or(Target::Elsewhere, Target::Found);
    }
    let mut node = root.clone();
    for key in fragment.split('/').skip(1) {
        let key = unescaped(key);
        let next = match &node {
            Value::Map(map) => map.get(&key),
            Value::List(list) => key.parse().ok().and_then(|at: usize| list.items.get(at).cloned()),
            _ => None,
        };
        match next {
            Some(next) => node = next,
            None => return Target::Nowhere,
        }
        if has_own_id(&node, draft) {
            return Target::Elsewhere;
        }
    }
    Target::Found(node)
}

/// True of a part that has an `$id`, from which its references lead elsewhere.
pub(super) fn has_own_id(schema: &Value, draft: Draft) -> bool {
    own_id(schema, draft).is_some()
}

fn own_id(schema: &Value, draft: Draft) -> Option<String> {
    let Value::Map(map) = schema else { return None };
    match map.get(draft.id()) {
        Some(Value::Str(id)) => Some(id.as_str().into_owned()),
        _ => None,
    }
}

/// The part that has an `$anchor`.
fn anchored(schema: &Value, name: &str) -> Option<Value> {
    match schema {
        Value::Map(map) => {
            let here =
                matches!(map.get("$anchor"), Some(Value::Str(text)) if text.as_str() == name);
            if here {
                return Some(schema.clone());
            }
            map.entries().values().find_map(|entry| anchored(&entry.value, name))
        }
        Value::List(list) => list.items.iter().find_map(|item| anchored(item, name)),
        _ => None,
    }
}

/// A key of a pointer without its escapes.
fn unescaped(key: &str) -> String {
    let mut bytes = Vec::with_capacity(key.len());
    let mut rest = key.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).replace("~1", "/").replace("~0", "~")
}

/// The pointer of the first reference to nothing. What only stands among the definitions
/// counts when something refers to it.
pub(super) fn dangling(root: &Value, draft: Draft) -> Option<String> {
    let mut seen = HashSet::new();
    let mut waiting = vec![root.clone()];
    while let Some(schema) = waiting.pop() {
        let mut nowhere = None;
        each(&schema, draft, &mut String::new(), false, &mut |_, schema| {
            let Some(Value::Str(reference)) = schema.get("$ref") else { return true };
            let reference = reference.as_str().into_owned();
            match resolve(root, draft, &reference) {
                Target::Found(target) if seen.insert(reference.clone()) => waiting.push(target),
                Target::Nowhere => nowhere = reference.split_once('#').map(|it| it.1.to_owned()),
                _ => {}
            }
            nowhere.is_none()
        });
        if nowhere.is_some() {
            return nowhere;
        }
    }
    None
}

/// Keys under which a schema stands.
const ONE: [&str; 10] = [
    "additionalItems",
    "additionalProperties",
    "contains",
    "else",
    "if",
    "items",
    "not",
    "propertyNames",
    "then",
    "unevaluatedProperties",
];
/// Keys under which a list of schemas stands.
const LIST: [&str; 5] = ["allOf", "anyOf", "items", "oneOf", "prefixItems"];
/// Keys under which schemas stand by name.
const NAMED: [&str; 6] =
    ["$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties"];

/// Keys under which schemas wait for a reference.
const DEFINED: [&str; 2] = ["$defs", "definitions"];

/// Visits a schema and those in it, each with its pointer, for as long as `visit` says so;
/// those that are only defined when asked to.
pub(super) fn each(
    schema: &Value,
    draft: Draft,
    at: &mut String,
    defined: bool,
    visit: &mut dyn FnMut(&str, &Map) -> bool,
) -> bool {
    let Value::Map(map) = schema else { return true };
    if !at.is_empty() && has_own_id(schema, draft) {
        return true;
    }
    if !visit(at, map) {
        return false;
    }
    let mark = at.len();
    let mut go = |at: &mut String, steps: &[&str], schema: &Value| {
        steps.iter().for_each(|key| push_step(at, key));
        let on = each(schema, draft, at, defined, visit);
        at.truncate(mark);
        on
    };
    for (key, entry) in map.entries().iter() {
        let key = &**key;
        if !defined && DEFINED.contains(&key) {
            continue;
        }
        let on = match &entry.value {
            Value::Map(named) if NAMED.contains(&key) => {
                named.entries().iter().all(|(name, entry)| go(at, &[key, name], &entry.value))
            }
            value @ Value::Map(_) if ONE.contains(&key) => go(at, &[key], value),
            Value::List(list) if LIST.contains(&key) => list
                .items
                .iter()
                .enumerate()
                .all(|(index, item)| go(at, &[key, &index.to_string()], item)),
            _ => true,
        };
        if !on {
            return false;
        }
    }
    true
}
