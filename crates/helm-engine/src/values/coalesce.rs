//! Coalescing: a chart's values under those given, down through its subcharts.

use super::loaded::Loaded;
use super::tables::{clean_nils, coalesce_tables, copied, deep_copy, snapshot};
use crate::functions::print::sprintf;
use crate::functions::{Budget, Failure};
use crate::value::{Entry, Map, Value};

const GLOBAL: &str = "global";

/// The values that a chart's templates see. With `merge` nils are kept.
///
/// # Errors
/// When what is given for a subchart is no table.
pub(crate) fn coalesced(chart: &Loaded<'_>, given: &Map, merge: bool) -> Result<Map, Failure> {
    let values = deep_copy(given);
    coalesce(chart, &values, merge)?;
    Ok(values)
}

fn coalesce(chart: &Loaded<'_>, dest: &Map, merge: bool) -> Result<(), Failure> {
    coalesce_values(chart, dest, merge);
    for subchart in &chart.subcharts {
        let name = subchart.metadata.name.as_str();
        let values = match dest.get(&name) {
            None => {
                let values = Map::new();
                dest.set(&name, Value::Map(values.clone()));
                values
            }
            Some(Value::Map(values)) => values,
            Some(other) => {
                let mut budget = Budget::new(1 << 20, 1 << 20);
                let printed = sprintf(&mut budget, &"%t".into(), &[other])?;
                return Err(Failure(format!("type mismatch on {name}: {}", printed.as_str())));
            }
        };
        coalesce_globals(&values, dest);
        coalesce(subchart, &values, merge)?;
    }
    Ok(())
}

/// Gives a subchart's values the parent's globals.
fn coalesce_globals(dest: &Map, src: &Map) {
    let to = match dest.entry(GLOBAL) {
        None => None,
        Some(entry) => match entry.value {
            Value::Map(map) => Some((map, entry.key)),
            _ => return,
        },
    };
    let from = match src.entry(GLOBAL) {
        None => None,
        Some(entry) => match entry.value {
            Value::Map(map) => Some((map, entry.key)),
            _ => return,
        },
    };
    let key_origin = from.as_ref().map(|(_, key)| key.clone()).unwrap_or_default();
    let (to, key_origin) = to.unwrap_or((Map::new(), key_origin));
    for (key, entry) in from.iter().flat_map(|(map, _)| snapshot(map)) {
        match (&entry.value, to.get(&key)) {
            (Value::Map(map), under) => {
                let over = map.shallow_copy();
                match under {
                    None => {}
                    Some(Value::Map(under)) => coalesce_tables(&over, &under, true),
                    Some(_) => continue,
                }
                to.put(&key, Entry { value: Value::Map(over), ..entry.clone() });
            }
            (_, Some(Value::Map(_))) => {}
            _ => {
                to.put(&key, entry);
            }
        }
    }
    dest.put(GLOBAL, Entry { key: key_origin, value: Value::Map(to) });
}

/// Puts the chart's own values under those given.
fn coalesce_values(chart: &Loaded<'_>, given: &Map, merge: bool) {
    for (key, entry) in chart.values.entries().iter() {
        match given.get(key) {
            Some(Value::Nil) if !merge => {
                given.remove(key);
            }
            Some(Value::Map(dest)) => {
                if let Value::Map(src) = &entry.value {
                    let src = deep_copy(src);
                    let merge = merge || chart.has_subchart(key);
                    if !merge {
                        clean_nils(&src);
                    }
                    coalesce_tables(&dest, &src, merge);
                }
            }
            Some(_) => {}
            None => {
                let value = copied(&entry.value);
                if !merge {
                    match &value {
                        Value::Nil => continue,
                        Value::Map(map) => clean_nils(map),
                        _ => {}
                    }
                }
                given.put(key, Entry { key: entry.key.clone(), value });
            }
        }
    }
}
