//! `values.schema.json`: what Helm holds the values of each chart against before it
//! renders.
//!
//! The keywords of JSON Schema that charts use are known, from draft 4 to 2020-12.
//! Taken as satisfied are `format`, `unevaluatedProperties`, `unevaluatedItems`, dynamic
//! references, references to other files and to what has an `$id` of its own, and
//! what more than [`MOST_STEPS`] steps or [`MOST_DEEP`] levels would tell: a schema can be
//! made to take for ever.

mod arrays;
mod draft;
mod number;
mod objects;
mod problem;
mod reference;
mod shape;
mod validator;

use super::Loaded;
use crate::chart::FileState;
use crate::decode;
use crate::source::SourceMap;
use crate::value::{Map, Text, Value};
use draft::Draft;
use validator::Validator;

/// Schemas that are held against values, for one chart.
const MOST_STEPS: usize = 1_000_000;
/// Schemas inside of one another that are followed.
const MOST_DEEP: usize = 256;

/// What is said of text behind a schema.
const TRAILING: &str = "after top-level value";

/// Why Helm refuses these values of a chart; nothing when it does not.
pub(crate) fn refusal(chart: &Loaded<'_>, values: &Map, sources: &SourceMap) -> Option<String> {
    let mut said = String::new();
    collect(chart, values, sources, &mut said);
    (!said.is_empty()).then(|| {
        format!(
            "values don't meet the specifications of the schema(s) in the following chart(s):\n{said}"
        )
    })
}

/// What a chart's schema and its subcharts' say, in Helm's words.
fn collect(chart: &Loaded<'_>, values: &Map, sources: &SourceMap, said: &mut String) {
    let name = chart.metadata.name.as_str();
    let file = chart.chart.file("values.schema.json").map(|file| &file.state);
    if let Some(&FileState::Loaded(id)) = file
        && let Err(problems) = check(sources.file(id).text(), &Value::Map(values.clone()))
    {
        said.push_str(&format!("{name}:\n{problems}"));
    }
    for subchart in &chart.subcharts {
        let name = subchart.metadata.name.as_str();
        match values.get(&name) {
            Some(Value::Map(values)) => collect(subchart, &values, sources, said),
            None | Some(Value::Nil) => {}
            Some(_) => said.push_str(&format!("{name}:\ninvalid type for values\n")),
        }
    }
}

/// Holds values against the text of a schema.
fn check(text: &str, values: &Value) -> Result<(), String> {
    let root = decode::json(&Text::from(text)).map_err(|error| match error.message.as_str() {
        "unexpected end of JSON input" if text.trim().is_empty() => "EOF".to_owned(),
        "unexpected end of JSON input" => "unexpected EOF".to_owned(),
        message if message.ends_with(TRAILING) => format!("invalid character {TRAILING}"),
        _ => error.message,
    })?;
    let draft = Draft::of(&root);
    if let Some(problem) = shape::mistake(&root, draft) {
        return Err(format!(
            "\"file:///values.schema.json#\" is not valid against metaschema: \
             jsonschema validation failed with '{}'\n{}",
            draft.metaschema(),
            problem.lines().trim_end()
        ));
    }
    if let Some(pointer) = reference::dangling(&root, draft) {
        return Err(format!("json-pointer in \"file:///values.schema.json#{pointer}\" not found"));
    }
    match Validator::new(&root, draft).validate(&root, values) {
        None => Ok(()),
        Some(problem) => Err(problem.lines()),
    }
}

#[cfg(test)]
mod tests;
