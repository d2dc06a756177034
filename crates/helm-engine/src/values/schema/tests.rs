//! What real Helm said of schemas and values, and what takes too long.

use super::*;
use crate::evaluate::with_stack;
use std::time::{Duration, Instant};

/// A schema, values, and the lines with which Helm refused them, or `ok`.
const HELM_SAYS: &str = include_str!("helm_says.jsonl");

/// Keywords that are taken as satisfied.
const NOT_KNOWN: [&str; 2] = ["unevaluatedProperties", "\"format\""];

/// What is said of values, its lines in one order: Helm has them in that of Go's maps.
fn said(schema: &str, values: &str) -> Vec<String> {
    let values = decode::yaml(&Text::from(values)).unwrap_or_default();
    let map = match values {
        Value::Map(map) => map,
        _ => Map::new(),
    };
    let given = Map::new();
    for (key, entry) in map.entries().iter().filter(|(_, entry)| !matches!(entry.value, Value::Nil))
    {
        given.put(key, entry.clone());
    }
    let answer = check(schema, &Value::Map(given)).err().unwrap_or_else(|| "ok".to_owned());
    sorted(&answer)
}

fn sorted(answer: &str) -> Vec<String> {
    let mut words: Vec<String> =
        answer.split([' ', '\n', ',']).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    words.sort();
    words
}

fn rows() -> Vec<[String; 3]> {
    let row = |line: &str| {
        let Ok(Value::List(list)) = decode::json(&Text::from(line)) else { panic!("{line}") };
        let cell = |index: usize| match &list.items[index] {
            Value::Str(text) => text.as_str().into_owned(),
            _ => panic!("{line}"),
        };
        [cell(0), cell(1), cell(2)]
    };
    HELM_SAYS.lines().map(row).collect()
}

#[test]
fn schemas_say_what_helm_says() {
    with_stack(|| {
        let mut wrong = Vec::new();
        for [schema, values, helm] in rows() {
            let ours = said(&schema, &values);
            // Of a schema that is none, and of a cycle, only which it is.
            let class = ["against metaschema:", "reference cycle"];
            let class = class.into_iter().find(|class| helm.contains(class));
            let agrees = match class {
                _ if NOT_KNOWN.iter().any(|keyword| schema.contains(keyword)) => ours == ["ok"],
                Some(class) => sorted(class).iter().all(|word| ours.contains(word)),
                None => ours == sorted(&helm),
            };
            if !agrees {
                wrong.push(format!("{schema} of {values:?}\n  Helm {helm:?}\n  ours {ours:?}"));
            }
        }
        assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows().len(), wrong.join("\n"));
    });
}

#[test]
fn a_hostile_schema_ends() {
    with_stack(|| {
        // Each level asks the next one twice.
        let mut definitions = String::new();
        for level in 0..60 {
            let next = level + 1;
            definitions.push_str(&format!(
                r##""d{level}":{{"allOf":[{{"$ref":"#/$defs/d{next}"}},{{"$ref":"#/$defs/d{next}"}}]}},"##
            ));
        }
        let bomb = format!(r##"{{"$ref":"#/$defs/d0","$defs":{{{definitions}"d60":{{}}}}}}"##);
        let deep = format!("{}{{}}{}", r#"{"not":"#.repeat(200), "}".repeat(200));
        let wide = format!(
            r#"{{"properties":{{"a":{{"uniqueItems":true}}}},"x":"{}"}}"#,
            "y".repeat(1 << 20)
        );
        let numbers: Vec<String> = (0..4000).map(|number| number.to_string()).collect();
        let values = format!("a: [{}]", numbers.join(","));
        let start = Instant::now();
        for schema in [&bomb, &deep, &wide] {
            said(schema, &values);
        }
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    });
}

/// Any schema with any values, and with those of the schema itself.
#[test]
fn no_schema_and_no_values_are_too_odd() {
    with_stack(|| {
        let rows = rows();
        for [schema, ..] in &rows {
            for [_, values, _] in &rows {
                assert!(!said(schema, values).is_empty());
            }
            said(schema, schema.trim_start_matches(['[', '{']));
            for (end, _) in schema.char_indices() {
                said(&schema[..end], "a: [1, {b: x}, null, 1.5]");
            }
        }
    });
}
