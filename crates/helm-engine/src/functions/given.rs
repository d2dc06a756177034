//! What functions on text are given, and how they write what they give back.

pub(super) use super::args::{any, int, text};
use super::{Budget, Failure, Function, Param};
use crate::source::Span;
use crate::value::{ItemType, List, Map, Origin, RUN_COST, Struct, Text, TextBuilder, Value};
use std::ops::Range;

/// What a function gives back.
pub(super) type Given = Result<Value, Failure>;

/// A function with a fixed number of parameters.
pub(super) const fn function(
    name: &'static str,
    params: &'static [Param],
    call: fn(&mut Budget, &[Value]) -> Given,
) -> Function {
    Function { name, params, rest: None, call }
}

/// A function that takes any number of any values.
pub(super) const fn variadic(
    name: &'static str,
    call: fn(&mut Budget, &[Value]) -> Given,
) -> Function {
    Function { name, params: &[], rest: Some(Param::Any), call }
}

pub(super) fn fail<T>(message: impl Into<String>) -> Result<T, Failure> {
    Err(Failure(message.into()))
}

/// The origin of what is computed from these texts as wholes.
pub(super) fn computed(inputs: &[&Text]) -> Origin {
    match inputs {
        [one] => one.computed(0..one.len()),
        _ => Origin::computed(inputs.iter().flat_map(|text| text.inputs())),
    }
}

/// The source bytes behind a value that prints as one text.
pub(super) fn spans(value: &Value) -> Vec<Span> {
    match value {
        Value::Struct(object) => object.field(Struct::STRING).map_or(Vec::new(), Value::spans),
        other => other.spans(),
    }
}

/// A text that is computed from others.
pub(super) fn made(
    budget: &mut Budget,
    bytes: impl Into<Vec<u8>>,
    inputs: &[&Text],
) -> Result<Value, Failure> {
    let bytes = bytes.into();
    budget.bytes(bytes.len())?;
    Ok(Value::Str(Text::with_origin(bytes, computed(inputs))))
}

/// A part of a text.
pub(super) fn part(budget: &mut Budget, text: &Text, range: Range<usize>) -> Given {
    if range != (0..text.len()) {
        budget.bytes(text.cost(range.clone()))?;
    }
    Ok(Value::Str(text.slice(range)))
}

/// A boolean that is computed from texts.
pub(super) fn truth(value: bool, inputs: &[&Text]) -> Given {
    Ok(Value::Bool(value, computed(inputs)))
}

/// A `[]string` of parts of a text.
pub(super) fn parts(
    budget: &mut Budget,
    text: &Text,
    ranges: impl IntoIterator<Item = Range<usize>>,
) -> Given {
    let mut items = Vec::new();
    for range in ranges {
        item(budget, text.cost(range.clone()))?;
        items.push(text.slice(range));
    }
    Ok(Value::List(List::of_strings(items)))
}

/// Go's nil slice of strings: what nothing was found gives.
pub(super) fn no_strings() -> Value {
    Value::List(List { nil: true, ..List::of_strings([]) })
}

/// A `map[string]string` of `_0`, `_1`… with the parts of a text.
pub(super) fn numbered(
    budget: &mut Budget,
    text: &Text,
    ranges: impl IntoIterator<Item = Range<usize>>,
) -> Given {
    let mut out = Map::new();
    out.of = ItemType::String;
    for (index, range) in ranges.into_iter().enumerate() {
        item(budget, range.len())?;
        out.set(&format!("_{index}"), Value::Str(text.slice(range)));
    }
    Ok(Value::Map(out))
}

/// Asks for one more item, which takes room beyond its bytes.
fn item(budget: &mut Budget, length: usize) -> Result<(), Failure> {
    budget.step()?;
    budget.bytes(length.saturating_add(size_of::<Value>()))
}

/// Writes text, and asks the budget for every byte before.
pub(super) struct Writer<'b> {
    out: TextBuilder,
    budget: &'b mut Budget,
}

impl<'b> Writer<'b> {
    pub(super) fn new(budget: &'b mut Budget) -> Self {
        Self { out: TextBuilder::default(), budget }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    pub(super) fn text(&mut self, text: &Text) -> Result<(), Failure> {
        self.slice(text, 0..text.len())
    }

    pub(super) fn slice(&mut self, text: &Text, range: Range<usize>) -> Result<(), Failure> {
        self.budget.bytes(text.cost(range.clone()))?;
        self.out.push_slice(text, range);
        Ok(())
    }

    /// Text from no file.
    pub(super) fn literal(&mut self, text: &str) -> Result<(), Failure> {
        self.budget.bytes(text.len())?;
        self.out.push_str(text);
        Ok(())
    }

    /// Takes a step of the budget.
    pub(super) fn step(&mut self) -> Result<(), Failure> {
        self.budget.step()
    }

    /// Takes the steps that it costs to look through some bytes.
    pub(super) fn reading(&mut self, bytes: usize) -> Result<(), Failure> {
        self.budget.reading(bytes)
    }

    /// One byte from no file, many times.
    pub(super) fn fill(&mut self, byte: u8, count: usize) -> Result<(), Failure> {
        self.budget.bytes(count)?;
        self.out.push_bytes(&vec![byte; count], Origin::None);
        Ok(())
    }

    /// What stands in place of a range of a text: a copy where it is the same.
    pub(super) fn instead(
        &mut self,
        text: &Text,
        range: Range<usize>,
        bytes: &[u8],
    ) -> Result<(), Failure> {
        if text.bytes().get(range.clone()) == Some(bytes) {
            return self.slice(text, range);
        }
        self.budget.bytes(bytes.len().max(RUN_COST))?;
        self.out.push_bytes(bytes, text.computed(range));
        Ok(())
    }

    pub(super) fn character(
        &mut self,
        text: &Text,
        range: Range<usize>,
        character: char,
    ) -> Result<(), Failure> {
        self.instead(text, range, character.encode_utf8(&mut [0; 4]).as_bytes())
    }

    pub(super) fn finish(self) -> Text {
        self.out.finish()
    }

    pub(super) fn value(self) -> Given {
        Ok(Value::Str(self.finish()))
    }
}
