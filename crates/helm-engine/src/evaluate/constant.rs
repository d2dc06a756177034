//! Constants of templates: the type that each gets, and its bytes.

use super::state::State;
use super::{Evaluator, Outcome};
use crate::value::{IntType, Origin, Text, TextBuilder, Value};
use go_template::StringLiteral;
use go_template::ast::{Number, Operand};

impl Evaluator {
    /// A number where no type is asked for.
    pub(super) fn ideal(
        &mut self,
        state: &mut State<'_>,
        operand: &Operand,
        number: Number,
    ) -> Outcome<Value> {
        let origin = origin(state, operand);
        if let (true, Some(float)) = (number.looks_like_float, number.float) {
            return Ok(Value::Float(float, origin));
        }
        if let Some(int) = number.int {
            return Ok(Value::Int(int, IntType::Int, origin));
        }
        let text = state.unit.context(operand.span.range());
        if number.uint.is_some() {
            return Err(state.error(format!("{text} overflows int")));
        }
        if let Some(float) = number.float {
            return Ok(Value::Float(float, origin));
        }
        Err(state.error(format!("{text} is a complex number, which this engine does not have")))
    }
}

/// Where a constant is written.
pub(super) fn origin(state: &State<'_>, operand: &Operand) -> Origin {
    state.unit.text.computed(operand.span.range())
}

/// A string constant, each byte with the bytes that spell it.
pub(super) fn string(state: &State<'_>, literal: &StringLiteral) -> Text {
    let text = &state.unit.text;
    let value = literal.value.as_bytes();
    let whole = literal.source(0..value.len());
    if text.bytes().get(whole.clone()) == Some(value) {
        return text.slice(whole);
    }
    let mut out = TextBuilder::default();
    for (at, character) in literal.value.char_indices() {
        let end = at + character.len_utf8();
        let source = literal.source(at..end);
        let bytes = &value[at..end];
        if text.bytes().get(source.clone()) == Some(bytes) {
            out.push_slice(text, source);
        } else {
            let end = source.end.min(text.len());
            let spans = text.spans(source.start.min(end)..end);
            out.push_bytes(bytes, Origin::computed(spans));
        }
    }
    out.finish()
}
