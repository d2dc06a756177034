//! Go's `fmt`: how values are printed, in an action and by `print` and `printf`.

mod float;
mod integer;
mod numbers;
mod printer;
mod printf;
mod quote;
pub(super) mod runes;

use super::{Budget, Failure, Function, Param};
use crate::value::{ItemType, List, Struct, Text, TextBuilder, Value};
use printer::Printer;
use std::rc::Rc;

/// What Go prints for nil in an action. Helm takes every one out of what a
/// template gives in the end, and out of what `tpl` gives, but not `include`.
pub const NO_VALUE: &str = "<no value>";

/// What an action with a value prints.
///
/// # Errors
/// When the text or the nesting is over a limit.
pub fn print_value(budget: &mut Budget, value: &Value) -> Result<Text, Failure> {
    match value {
        Value::Nil => Ok(NO_VALUE.into()),
        Value::Str(text) => Ok(text.clone()),
        Value::Struct(object) => match in_action(object) {
            Some(text) => Ok(text),
            None => sprint(budget, &[pointed_at(object)]),
        },
        _ => sprint(budget, std::slice::from_ref(value)),
    }
}

/// What `print` gives of these: blanks stand between two that are not strings.
///
/// # Errors
/// When the text or the nesting is over a limit.
pub(crate) fn sprint(budget: &mut Budget, values: &[Value]) -> Result<Text, Failure> {
    let mut printer = Printer::new(budget);
    let mut after_string = true;
    for value in values {
        let string = matches!(value, Value::Str(_));
        if !string && !after_string {
            printer.put_str(" ")?;
        }
        printer.argument(value, 'v')?;
        after_string = string;
    }
    Ok(printer.finish())
}

/// What `printf` gives of a format and its arguments.
///
/// # Errors
/// When the text or the nesting is over a limit.
pub(crate) fn sprintf(budget: &mut Budget, format: &Text, args: &[Value]) -> Result<Text, Failure> {
    printf::run(Printer::new(budget), format, args)
}

/// A text as `%q` prints it.
pub(crate) fn go_quoted(text: &Text) -> String {
    quote::quote(text, false).as_str().into_owned()
}

/// A float as `%v` prints it.
pub(super) fn print_float(number: f64) -> String {
    float::format(number, 'g', None)
}

/// The string that sprig makes of a value: `toString`, the keys of `dict`.
///
/// # Errors
/// When the text or the nesting is over a limit.
pub(crate) fn string_of(budget: &mut Budget, value: &Value) -> Result<Text, Failure> {
    match value {
        Value::Str(text) => Ok(text.clone()),
        Value::List(list) if list.of == ItemType::Byte => {
            budget.bytes(list.items.len())?;
            Ok(bytes_of(list))
        }
        _ => sprint(budget, std::slice::from_ref(value)),
    }
}

/// The text of a `[]byte`.
fn bytes_of(list: &List) -> Text {
    let mut text = TextBuilder::default();
    for item in list.items.iter() {
        if let Value::Int(byte, _, origin) = item {
            text.push_bytes(&[*byte as u8], origin.clone());
        }
    }
    text.finish()
}

/// What the method `String` gives, where Go would call it for this value.
fn stringer(object: &Struct) -> Option<&Text> {
    match object.field(Struct::STRING) {
        Some(Value::Str(text)) => Some(text),
        _ => None,
    }
}

/// An action takes the address of what it prints, so it finds also the methods
/// of pointers.
fn in_action(object: &Struct) -> Option<Text> {
    match (object.type_name, object.field("Version")) {
        ("common.KubeVersion", Some(Value::Str(version))) => Some(version.clone()),
        _ => stringer(object).cloned(),
    }
}

/// The struct itself where a value is a pointer to one.
fn pointed_at(object: &Rc<Struct>) -> Value {
    match object.type_name.strip_prefix('*') {
        Some(type_name) => {
            Value::Struct(Rc::new(Struct { type_name, fields: object.fields.clone() }))
        }
        None => Value::Struct(Rc::clone(object)),
    }
}

/// The values as Go's `html`, `js` and `urlquery` print them before they escape.
pub(super) fn printable(budget: &mut Budget, values: &[Value]) -> Result<Text, Failure> {
    if let [Value::Str(text)] = values {
        return Ok(text.clone());
    }
    let shown: Vec<Value> = values
        .iter()
        .map(|value| match value {
            Value::Nil => Value::str(NO_VALUE),
            Value::Struct(object) => pointed_at(object),
            other => other.clone(),
        })
        .collect();
    sprint(budget, &shown)
}

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "print",
        params: &[],
        rest: Some(Param::Any),
        call: |budget, args| sprint(budget, args).map(Value::Str),
    },
    Function {
        name: "println",
        params: &[],
        rest: Some(Param::Any),
        call: |budget, args| {
            let mut printer = Printer::new(budget);
            for (index, value) in args.iter().enumerate() {
                if index > 0 {
                    printer.put_str(" ")?;
                }
                printer.argument(value, 'v')?;
            }
            printer.put_str("\n")?;
            Ok(Value::Str(printer.finish()))
        },
    },
    Function {
        name: "printf",
        params: &[Param::String],
        rest: Some(Param::Any),
        call: |budget, args| match args.split_first() {
            Some((Value::Str(format), rest)) => sprintf(budget, format, rest).map(Value::Str),
            _ => Err(super::args::wrong()),
        },
    },
];
