//! Functions that make one text of any values.

use crate::functions::given::{Given, Writer, any, text};
use crate::functions::plain::{printed, quoted};
use crate::functions::print::string_of;
use crate::functions::{Budget, Failure};
use crate::value::{List, Text, Value};

/// The values that are not nil, with blanks between them.
fn spaced(
    budget: &mut Budget,
    given: &[Value],
    mark: &str,
    print: impl Fn(&mut Budget, &Value) -> Result<Text, Failure>,
) -> Given {
    let present = given.iter().filter(|value| !matches!(value, Value::Nil));
    let texts = present.map(|value| print(budget, value)).collect::<Result<Vec<_>, _>>()?;
    let mut out = Writer::new(budget);
    for (index, text) in texts.iter().enumerate() {
        if index > 0 {
            out.literal(" ")?;
        }
        out.literal(mark)?;
        out.text(text)?;
        out.literal(mark)?;
    }
    out.value()
}

pub(super) fn quote(budget: &mut Budget, given: &[Value]) -> Given {
    spaced(budget, given, "", |budget, value| {
        let text = string_of(budget, value)?;
        quoted(budget, &text)
    })
}

pub(super) fn squote(budget: &mut Budget, given: &[Value]) -> Given {
    spaced(budget, given, "'", printed)
}

pub(super) fn cat(budget: &mut Budget, given: &[Value]) -> Given {
    spaced(budget, given, "", printed)
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
        out.push(string_of(budget, item)?);
    }
    Ok(out)
}

pub(super) fn sort_alpha(budget: &mut Budget, given: &[Value]) -> Given {
    let value = any(given, 0);
    let mut items = match value {
        Value::List(_) => strings(budget, value)?,
        other => vec![string_of(budget, other)?],
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
