//! `.Files`: the chart's other files.

use super::glob::Glob;
use crate::chart::{Chart, FileKind};
use crate::encode::{base64, to_yaml};
use crate::functions::{Budget, Failure, Method, Param};
use crate::source::SourceMap;
use crate::value::{Entry, IntType, ItemType, List, Map, Origin, Text, Value};

/// Go's name of the type.
const FILES: &str = "engine.files";

/// `.Files` of a chart. The files are kept as texts; see [`bytes`].
pub(crate) fn files(chart: &Chart, sources: &SourceMap) -> Map {
    let loaded = chart.loaded().filter(|(file, _)| {
        !matches!(
            file.kind,
            FileKind::ChartYaml
                | FileKind::Requirements
                | FileKind::Values
                | FileKind::TestValues
                | FileKind::ValuesSchema
                | FileKind::Template
        )
    });
    named(loaded.map(|(file, id)| {
        let text = Text::of_file(id, sources.file(id).text());
        (file.path.as_str().into(), Entry { key: Origin::None, value: Value::Str(text) })
    }))
}

fn named(entries: impl Iterator<Item = (std::rc::Rc<str>, Entry)>) -> Map {
    entries.collect::<Map>().named(FILES)
}

/// Whether a map is `.Files`, or what its `Glob` gave.
pub(crate) fn is_files(map: &Map) -> bool {
    map.name == FILES
}

/// A text as the `[]byte` that Go has.
///
/// # Errors
/// When it takes more than the budget has.
pub(crate) fn bytes(budget: &mut Budget, text: &Text) -> Result<Value, Failure> {
    budget.bytes(text.len().saturating_mul(size_of::<Value>()))?;
    let item = |(at, byte): (usize, &u8)| {
        // As a number it is spelled by that byte, and has digits of its own.
        let origin = Origin::computed(text.spans(at..at + 1));
        Value::Int(i64::from(*byte), IntType::Uint8, origin)
    };
    let items: Vec<Value> = text.bytes().iter().enumerate().map(item).collect();
    Ok(Value::List(List { items: items.into(), of: ItemType::Byte, ..List::default() }))
}

pub(super) const METHODS: &[Method] = &[
    Method {
        name: "Get",
        params: &[Param::String],
        call: |_, receiver, args| Ok(Value::Str(get(receiver, args))),
    },
    Method {
        name: "GetBytes",
        params: &[Param::String],
        call: |budget, receiver, args| bytes(budget, &get(receiver, args)),
    },
    Method {
        name: "Glob",
        params: &[Param::String],
        call: |budget, receiver, args| {
            let (Value::Map(map), Some(Value::Str(pattern))) = (receiver, args.first()) else {
                return Ok(Value::Nil);
            };
            budget.bytes(pattern.len().saturating_mul(64))?;
            let glob = Glob::new(&pattern.as_str());
            let entries = map.entries();
            let found = entries.iter().filter(|(name, _)| glob.matches(name));
            Ok(Value::Map(named(found.map(|(name, entry)| (name.clone(), entry.clone())))))
        },
    },
    Method {
        name: "AsConfig",
        params: &[],
        call: |budget, receiver, _| as_yaml(budget, receiver, |_, text| Ok(text.clone())),
    },
    Method {
        name: "AsSecrets",
        params: &[],
        call: |budget, receiver, _| {
            as_yaml(budget, receiver, |budget, text| {
                budget.bytes(text.len().saturating_mul(2))?;
                Ok(text.derive(base64::encode(text.bytes())))
            })
        },
    },
    Method {
        name: "Lines",
        params: &[Param::String],
        call: |budget, receiver, args| {
            let text = get(receiver, args);
            budget.bytes(text.len().saturating_mul(2))?;
            Ok(Value::List(List::of_strings(lines(&text))))
        },
    },
];

fn get(receiver: &Value, args: &[Value]) -> Text {
    let (Value::Map(map), Some(Value::Str(name))) = (receiver, args.first()) else {
        return Text::default();
    };
    match map.get(&name.as_str()) {
        Some(Value::Str(text)) => text,
        _ => Text::default(),
    }
}

/// The files by the last part of their paths, as YAML.
fn as_yaml(
    budget: &mut Budget,
    receiver: &Value,
    write: fn(&mut Budget, &Text) -> Result<Text, Failure>,
) -> Result<Value, Failure> {
    let Value::Map(map) = receiver else { return Ok(Value::Nil) };
    let config = Map::new().typed(ItemType::String);
    for (path, entry) in map.entries().iter() {
        if let Value::Str(text) = &entry.value {
            let name = path.rsplit('/').next().unwrap_or_default();
            config.set(name, Value::Str(write(budget, text)?));
        }
    }
    to_yaml(&Value::Map(config), budget).map(Value::Str)
}

fn lines(text: &Text) -> Vec<Text> {
    if text.is_empty() {
        return Vec::new();
    }
    let end = text.len() - usize::from(text.bytes().ends_with(b"\n"));
    let mut lines = Vec::new();
    let mut from = 0;
    for at in memchr::memchr_iter(b'\n', text.bytes().get(..end).unwrap_or_default()) {
        lines.push(text.slice(from..at));
        from = at + 1;
    }
    lines.push(text.slice(from..end));
    lines
}
