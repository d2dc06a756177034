//! Maps inside maps; Helm calls them tables.
//!
//! The functions follow Helm's of the same names, which change and share maps
//! as these do.

use crate::value::{Entry, Map, Value};
use std::rc::Rc;

/// The entries as they are now, so that the map can be changed meanwhile.
pub(super) fn snapshot(map: &Map) -> Vec<(Rc<str>, Entry)> {
    map.entries().iter().map(|(key, entry)| (Rc::clone(key), entry.clone())).collect()
}

/// A copy that shares no map. Lists are never changed, but maps in them are.
pub(super) fn deep_copy(map: &Map) -> Map {
    let copy: Map = map
        .entries()
        .iter()
        .map(|(key, entry)| {
            let value = copied(&entry.value);
            (Rc::clone(key), Entry { key: entry.key.clone(), value })
        })
        .collect();
    copy.typed(map.of).named(map.name)
}

/// A copy of a value that shares no map.
pub(super) fn copied(value: &Value) -> Value {
    match value {
        Value::Map(map) => Value::Map(deep_copy(map)),
        Value::List(list)
            if list.items.iter().any(|i| matches!(i, Value::Map(_) | Value::List(_))) =>
        {
            let items: Vec<Value> = list.items.iter().map(copied).collect();
            let mut list = list.clone();
            list.items = items.into();
            Value::List(list)
        }
        other => other.clone(),
    }
}

/// Puts `src` under `dst`, which wins. With `merge` nils are kept, without it a
/// nil in `dst` deletes what `src` has.
pub(super) fn coalesce_tables(dst: &Map, src: &Map, merge: bool) {
    let before = snapshot(src);
    for (key, entry) in snapshot(dst) {
        if matches!(entry.value, Value::Nil) {
            src.put(&key, entry);
        }
    }
    let was_set = |key: &str| {
        let found = before.binary_search_by(|(known, _)| (**known).cmp(key));
        found.is_ok_and(|index| !matches!(before[index].1.value, Value::Nil))
    };
    for (key, entry) in snapshot(src) {
        match (dst.get(&key), &entry.value) {
            (Some(Value::Nil), _) if !merge && was_set(&key) => {
                dst.remove(&key);
            }
            (None, _) => {
                dst.put(&key, entry);
            }
            (Some(Value::Map(over)), Value::Map(under)) => coalesce_tables(&over, under, merge),
            _ => {}
        }
    }
}

/// Removes nils, however deep.
pub(super) fn clean_nils(map: &Map) {
    let is_nil = |(_, entry): &(&Rc<str>, &Entry)| matches!(entry.value, Value::Nil);
    let nils: Vec<Rc<str>> =
        map.entries().iter().filter(is_nil).map(|(key, _)| Rc::clone(key)).collect();
    for key in nils {
        map.remove(&key);
    }
    for entry in map.entries().values() {
        if let Value::Map(inner) = &entry.value {
            clean_nils(inner);
        }
    }
}

/// The table at a path with dots.
///
/// # Errors
/// The part of the path where there is none.
pub(crate) fn table(map: &Map, path: &str) -> Result<Map, String> {
    let mut map = map.clone();
    for key in path.split('.') {
        map = match map.get(key) {
            Some(Value::Map(inner)) => inner,
            _ => return Err(key.to_owned()),
        };
    }
    Ok(map)
}

/// The value at a path with dots, when it is no table.
pub(crate) fn path_value(map: &Map, path: &str) -> Option<Value> {
    let (map, key) = match path.rsplit_once('.') {
        Some((tables, key)) => (table(map, tables).ok()?, key),
        None => (map.clone(), path),
    };
    map.get(key).filter(|value| !matches!(value, Value::Map(_)))
}
