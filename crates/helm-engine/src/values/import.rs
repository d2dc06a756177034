//! `import-values`: tables of a subchart that become the parent's.

use super::coalesce::coalesced;
use super::loaded::Loaded;
use super::tables::{coalesce_tables, deep_copy, table};
use crate::functions::print::string_of;
use crate::functions::{Budget, Failure};
use crate::value::{ItemType, Map, Value};

/// Imports what the dependencies of a chart and of its subcharts say.
///
/// # Errors
/// When what a chart has for a subchart is no table.
pub(crate) fn import_values(chart: &mut Loaded<'_>) -> Result<(), Failure> {
    for subchart in &mut chart.subcharts {
        import_values(subchart)?;
    }
    let Some(mut dependencies) = chart.metadata.dependencies.take() else { return Ok(()) };
    let values = coalesced(chart, &Map::new(), true)?;
    let imported = Map::new();
    for dependency in &mut dependencies {
        let name = dependency.name.as_str().into_owned();
        let mut normal = Vec::new();
        for import in &dependency.import_values {
            let (child, parent) = match import {
                Value::Str(name) => (format!("exports.{}", name.as_str()), ".".to_owned()),
                Value::Map(map) => (printed(map, "child")?, printed(map, "parent")?),
                _ => continue,
            };
            let pair = Map::new().typed(ItemType::String);
            pair.set("child", Value::str(child.as_str()));
            pair.set("parent", Value::str(parent.as_str()));
            normal.push(Value::Map(pair));
            if let Ok(found) = table(&values, &format!("{name}.{child}")) {
                coalesce_tables(&imported, &at_path(&parent, found), true);
            }
        }
        dependency.import_values = normal;
    }
    chart.values = deep_copy(&values);
    coalesce_tables(&chart.values, &imported, true);
    chart.metadata.dependencies = Some(dependencies);
    Ok(())
}

fn printed(map: &Map, key: &str) -> Result<String, Failure> {
    let value = map.get(key).unwrap_or_default();
    let mut budget = Budget::new(1 << 20, 1 << 20);
    Ok(string_of(&mut budget, &value)?.as_str().into_owned())
}

/// A table inside those that a path names.
fn at_path(path: &str, table: Map) -> Map {
    if path == "." {
        return table;
    }
    path.rsplit('.').fold(table, |inner, key| {
        let outer = Map::new();
        outer.set(key, Value::Map(inner));
        outer
    })
}
