//! Values as text and back: YAML, JSON and TOML.

use super::{Budget, Failure, Function, Param};
use crate::decode;
use crate::encode::{self, Layout};
use crate::value::{List, Map, Text, Value};

/// These functions.
pub(super) const FUNCTIONS: &[Function] = &[
    to("toYaml", |budget, args| nothing(encode::yaml(first(args), budget))),
    to("mustToYaml", |budget, args| must(encode::yaml(first(args), budget))),
    to("toYamlPretty", |budget, args| nothing(encode::yaml_pretty(first(args), budget))),
    to("toJson", |budget, args| nothing(encode::json(first(args), Layout::Compact, budget))),
    to("mustToJson", |budget, args| must(encode::json(first(args), Layout::Compact, budget))),
    to("toPrettyJson", |budget, args| nothing(encode::json(first(args), Layout::Pretty, budget))),
    to("mustToPrettyJson", |budget, args| must(encode::json(first(args), Layout::Pretty, budget))),
    to("toRawJson", |budget, args| must(encode::json(first(args), Layout::Raw, budget))),
    to("mustToRawJson", |budget, args| must(encode::json(first(args), Layout::Raw, budget))),
    to("toToml", to_toml),
    to("mustToToml", must_to_toml),
    from("fromYaml", |budget, args| map(yaml(budget, args)?, BY_WAY_OF_YAML)),
    from("fromYamlArray", |budget, args| list(yaml(budget, args)?, BY_WAY_OF_YAML)),
    from("fromJson", |budget, args| map(json(budget, args)?, "")),
    from("fromJsonArray", |budget, args| list(json(budget, args)?, "")),
    from("mustFromJson", must_from_json),
    from("fromToml", from_toml),
];

type Call = fn(&mut Budget, &[Value]) -> Result<Value, Failure>;

const fn to(name: &'static str, call: Call) -> Function {
    Function { name, params: &[Param::Any], rest: None, call }
}

const fn from(name: &'static str, call: Call) -> Function {
    Function { name, params: &[Param::String], rest: None, call }
}

fn first(args: &[Value]) -> &Value {
    args.first().unwrap_or(&Value::Nil)
}

fn text(args: &[Value]) -> Text {
    match args.first() {
        Some(Value::Str(text)) => text.clone(),
        _ => Text::default(),
    }
}

fn nothing(written: Result<Text, encode::Error>) -> Result<Value, Failure> {
    encode::or_nothing(written).map(Value::Str)
}

fn must(written: Result<Text, encode::Error>) -> Result<Value, Failure> {
    encode::or_failure(written).map(Value::Str)
}

/// `toToml` prints Go's message when the value cannot be written.
fn to_toml(budget: &mut Budget, args: &[Value]) -> Result<Value, Failure> {
    if matches!(first(args), Value::Nil) {
        return must_to_toml(budget, args);
    }
    match encode::toml(first(args), budget) {
        Err(encode::Error::Refused(message)) => Ok(Value::str(message)),
        written => must(written),
    }
}

/// Go's encoder panics at nil.
fn must_to_toml(budget: &mut Budget, args: &[Value]) -> Result<Value, Failure> {
    match first(args) {
        Value::Nil => Err(Failure("reflect: call of reflect.Value.Type on zero Value".to_owned())),
        value => must(encode::toml(value, budget)),
    }
}

/// What reading gave: a value, or Go's message.
type Read = Result<Value, String>;

/// Keeps a limit of the engine apart from what Go refuses.
fn checked(read: Result<Value, decode::Error>) -> Result<Read, Failure> {
    match read {
        Ok(value) => Ok(Ok(value)),
        Err(error) if error.limit => Err(Failure(error.message)),
        Err(error) => Ok(Err(error.message)),
    }
}

fn yaml(budget: &mut Budget, args: &[Value]) -> Result<Read, Failure> {
    let text = text(args);
    budget.bytes(text.len())?;
    let read = checked(decode::yaml(&text))?;
    Ok(read.map_err(|message| format!("error converting YAML to JSON: {message}")))
}

fn json(budget: &mut Budget, args: &[Value]) -> Result<Read, Failure> {
    let text = text(args);
    budget.bytes(text.len())?;
    checked(decode::json(&text))
}

/// Reads YAML that a JSON package decodes, whose messages Go's YAML package wraps.
const BY_WAY_OF_YAML: &str = "error unmarshaling JSON: while decoding JSON: ";

/// A map; what is wrong stands in it under `Error`.
fn map(read: Read, wrap: &str) -> Result<Value, Failure> {
    let read = read.and_then(|value| match value {
        Value::Nil => Ok(Map::new()),
        Value::Map(map) => Ok(map),
        other => Err(format!("{wrap}{}", decode::mismatch(&other, "map[string]interface {}"))),
    });
    Ok(Value::Map(read.unwrap_or_else(|message| {
        let map = Map::new();
        map.set("Error", Value::str(message));
        map
    })))
}

/// A list; what is wrong is its only item.
fn list(read: Read, wrap: &str) -> Result<Value, Failure> {
    let read = read.and_then(|value| match value {
        Value::Nil => Ok(List::default()),
        Value::List(list) => Ok(list),
        other => Err(format!("{wrap}{}", decode::mismatch(&other, "[]interface {}"))),
    });
    Ok(Value::List(read.unwrap_or_else(|message| List::new(vec![Value::str(message)]))))
}

fn must_from_json(budget: &mut Budget, args: &[Value]) -> Result<Value, Failure> {
    json(budget, args)?.map_err(Failure)
}

fn from_toml(budget: &mut Budget, args: &[Value]) -> Result<Value, Failure> {
    let text = text(args);
    budget.bytes(text.len())?;
    map(checked(decode::toml(&text))?, "")
}
