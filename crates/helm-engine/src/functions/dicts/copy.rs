//! sprig's `deepCopy`.

use super::room;
use crate::functions::args::with_items;
use crate::functions::reflect::{DEEPEST, too_deep};
use crate::functions::{Budget, Failure};
use crate::value::{Entry, Map, Value};

/// A value that shares no map with the first one. What was shared within it is
/// copied once for each place, as in Go.
pub(super) fn deep_copy(budget: &mut Budget, value: &Value) -> Result<Value, Failure> {
    match value {
        Value::Nil => Err(Failure("reflect: call of reflect.Value.Type on zero Value".to_owned())),
        value => copied(budget, value, 0),
    }
}

fn copied(budget: &mut Budget, value: &Value, depth: usize) -> Result<Value, Failure> {
    if depth == DEEPEST {
        return Err(too_deep());
    }
    match value {
        Value::List(list) => {
            room(budget, list.items.len())?;
            let items: Result<Vec<Value>, Failure> =
                list.items.iter().map(|item| copied(budget, item, depth + 1)).collect();
            Ok(Value::List(with_items(list, items?)))
        }
        Value::Map(map) => {
            room(budget, map.len())?;
            let mut entries = Vec::with_capacity(map.len());
            for (key, entry) in map.entries().iter() {
                let value = copied(budget, &entry.value, depth + 1)?;
                entries.push((key.clone(), Entry { key: entry.key.clone(), value }));
            }
            let mut copy: Map = entries.into_iter().collect();
            (copy.of, copy.name, copy.nil) = (map.of, map.name, map.nil);
            Ok(Value::Map(copy))
        }
        other => Ok(other.clone()),
    }
}
