//! `merge` and `mergeOverwrite`, as the Go package mergo 1.0 does it.
//!
//! Both change the first map and every map in it that a source has too. What the
//! first one lacks it takes over as it is: a map stays shared with its source.

use super::{as_map, kept, room};
use crate::functions::reflect::{DEEPEST, too_deep};
use crate::functions::{Budget, Failure};
use crate::value::{Entry, Items, List, Map, Value};
use std::rc::Rc;

/// Merges all sources into the first map, one after another.
pub(super) fn all(budget: &mut Budget, args: &[Value], overwrite: bool) -> Result<Value, Failure> {
    let mut maps = args.iter().map(as_map);
    let mut into = match maps.next() {
        Some(map) => map?,
        None => None,
    };
    for source in maps {
        if let Some(source) = source? {
            merge(budget, into.get_or_insert_default(), &source, overwrite, 0)?;
        }
    }
    Ok(Value::Map(into.unwrap_or_else(Map::nil)))
}

fn merge(
    budget: &mut Budget,
    into: &Map,
    source: &Map,
    overwrite: bool,
    depth: usize,
) -> Result<(), Failure> {
    if depth == DEEPEST {
        return Err(too_deep());
    }
    // Both may be one map.
    let entries: Vec<(Rc<str>, Entry)> = {
        let entries = source.entries();
        entries.iter().map(|(key, entry)| (Rc::clone(key), entry.clone())).collect()
    };
    room(budget, entries.len())?;
    for (key, entry) in entries {
        budget.step()?;
        kept(budget, &key)?;
        let there = into.get(&key);
        let there = there.as_ref();
        match &entry.value {
            Value::Nil => {
                if overwrite {
                    into.put(&key, entry);
                }
                continue;
            }
            Value::Map(map) => {
                if let Some(Value::Map(there)) = there {
                    merge(budget, there, map, overwrite, depth + 1)?;
                }
            }
            Value::List(list) => {
                let list = match there {
                    // Not "is the list empty": mergo asks it of the whole map.
                    _ if overwrite || into.is_empty() => Some(list.clone()),
                    None | Some(Value::Nil) => {
                        Some(List { items: Items::default(), ..list.clone() })
                    }
                    Some(_) => None,
                };
                if let Some(list) = list {
                    into.put(&key, Entry { value: Value::List(list), ..entry.clone() });
                }
            }
            _ => {}
        }
        // A map that was empty and took something over above is full now.
        let full = there.is_some_and(|there| !is_empty(there));
        let kept = match (&entry.value, there) {
            (Value::List(_), _) => full,
            (Value::Map(_), Some(Value::Map(_))) => full,
            _ => false,
        };
        if !kept && (overwrite || !full) {
            into.put(&key, entry);
        }
    }
    Ok(())
}

/// mergo's emptiness: structs are never empty.
fn is_empty(value: &Value) -> bool {
    !value.is_true()
}
