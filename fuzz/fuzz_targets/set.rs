//! Expressions of `--set`.
#![no_main]

use helm_engine::source::FileId;
use helm_engine::value::{Map, Origin, Text, Value};
use helm_engine::values::set_values;

/// Every byte that is set comes from the expression.
fn holds(expression: &str, value: &Value) {
    for span in value.spans() {
        assert!(span.start <= span.end && span.end <= expression.len());
    }
    match value {
        Value::Map(map) => map.entries().values().for_each(|entry| holds(expression, &entry.value)),
        Value::List(list) => list.items.iter().for_each(|item| holds(expression, item)),
        _ => {}
    }
}

libfuzzer_sys::fuzz_target!(|text: &str| {
    for strings in [false, true] {
        let values = Map::new();
        values.set("list", Value::List(Default::default()));
        let given = Text::with_origin(text, Origin::copied(FileId(0), 0));
        if let Err(error) = set_values(&given, strings, &values) {
            assert!(!error.0.is_empty());
        }
        holds(text, &Value::Map(values));
    }
});
