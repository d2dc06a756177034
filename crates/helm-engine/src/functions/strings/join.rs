//! Functions that make one text of any values.

use crate::functions::given::{Given, Writer, any, text};
use crate::functions::plain::{printed, quoted, strval};
use crate::functions::{Budget, Failure};
use crate::value::{List, Text, Value};

/// A value as sprig makes a string of it.
fn string(budget: &mut Budget, value: &Value) -> Result<Text, Failure> {
    if let Value::Str(text) = value {
        return Ok(text.clone());
    }
    let mut out = Writer::new(budget);
    strval(&mut out, value)?;
    Ok(out.finish())
}

/// The values that are not nil, with blanks between them.
fn spaced(
    budget: &mut Budget,
    given: &[Value],
    write: impl Fn(&mut Writer<'_>, &Value) -> Result<(), Failure>,
) -> Given {
    let mut out = Writer::new(budget);
    let present = given.iter().filter(|value| !matches!(value, Value::Nil));
    for (index, value) in present.enumerate() {
        if index > 0 {
            out.literal(" ")?;
        }
        write(&mut out, value)?;
    }
    out.value()
}

pub(super) fn quote(budget: &mut Budget, given: &[Value]) -> Given {
    let texts = given
        .iter()
        .filter(|value| !matches!(value, Value::Nil))
        .map(|value| string(budget, value).map(Value::Str))
        .collect::<Result<Vec<_>, _>>()?;
    spaced(budget, &texts, |out, value| match value {
        Value::Str(text) => quoted(out, text),
        _ => Ok(()),
    })
}

pub(super) fn squote(budget: &mut Budget, given: &[Value]) -> Given {
    spaced(budget, given, |out, value| {
        out.literal("'")?;
        printed(out, value, 0)?;
        out.literal("'")
    })
}

pub(super) fn cat(budget: &mut Budget, given: &[Value]) -> Given {
    spaced(budget, given, |out, value| printed(out, value, 0))
}

pub(super) fn to_string(budget: &mut Budget, given: &[Value]) -> Given {
    string(budget, any(given, 0)).map(Value::Str)
}

/// sprig's `strslice`: the items that are not nil, each as a string; what is no
/// list is the only item.
fn strings(budget: &mut Budget, value: &Value) -> Result<Vec<Text>, Failure> {
    let mut out = Vec::new();
    let items = match value {
        Value::Nil => &[],
        Value::List(list) => list.items.as_slice(),
        other => std::slice::from_ref(other),
    };
    for item in items.iter().filter(|item| !matches!(item, Value::Nil)) {
        budget.bytes(size_of::<Value>())?;
        out.push(string(budget, item)?);
    }
    Ok(out)
}

pub(super) fn to_strings(budget: &mut Budget, given: &[Value]) -> Given {
    strings(budget, any(given, 0)).map(|items| Value::List(List::of_strings(items)))
}

pub(super) fn sort_alpha(budget: &mut Budget, given: &[Value]) -> Given {
    let value = any(given, 0);
    let mut items = match value {
        Value::List(_) => strings(budget, value)?,
        other => vec![string(budget, other)?],
    };
    items.sort_by(|a, b| a.bytes().cmp(b.bytes()));
    Ok(Value::List(List::of_strings(items)))
}

pub(super) fn join(budget: &mut Budget, given: &[Value]) -> Given {
    let separator = text(given, 0)?;
    let items = strings(budget, any(given, 1))?;
    let mut out = Writer::new(budget);
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.text(separator)?;
        }
        out.text(item)?;
    }
    out.value()
}
