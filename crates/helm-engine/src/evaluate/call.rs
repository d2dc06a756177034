//! Calls of functions.

use super::argument::{shown, validated};
use super::error::ErrorKind;
use super::item::Item;
use super::pipeline::Call;
use super::special::Special;
use super::state::State;
use super::{Evaluator, Outcome};
use crate::functions::{self, Param};
use crate::value::Value;

/// What a function takes.
#[derive(Clone, Copy)]
pub(super) struct Signature {
    pub(super) name: &'static str,
    pub(super) params: &'static [Param],
    pub(super) rest: Option<Param>,
}

impl Signature {
    fn param(&self, index: usize) -> Option<Param> {
        self.params.get(index).copied().or(self.rest)
    }
}

impl Evaluator {
    /// Calls the function with a name.
    pub(super) fn call_function<'u>(
        &mut self,
        state: &mut State<'u>,
        name: &'u str,
        call: Call<'_, 'u>,
    ) -> Outcome<Item> {
        if let Some(special) = Special::named(name) {
            return self.call_special(state, special, call);
        }
        let Some(function) = functions::lookup(name) else {
            return Err(state.error(format!("{name:?} is not a defined function")));
        };
        let (params, rest) = (function.params, function.rest);
        let args = self.arguments(state, Signature { name: function.name, params, rest }, &call)?;
        let read = args.iter().map(length).fold(0, usize::saturating_add);
        self.budget.reading(read).map_err(|failure| state.spent(failure))?;
        if self.explorer.asks_for_values()
            && let Some(value) = self.another_choice(state, function.name, &call, &args)
        {
            return Ok(Item::plain(value));
        }
        match (function.call)(&mut self.budget, &args) {
            Ok(value) => Ok(Item::plain(value)),
            Err(failure) => {
                state.at(call.at);
                let kind = match self.budget.is_spent() {
                    true => ErrorKind::Limit,
                    false => ErrorKind::Call,
                };
                let reason = match name {
                    "call" => failure.0.replacen("non-function", &callee(state, &call), 1),
                    _ => failure.0,
                };
                Err(state.failed(kind, format!("error calling {name}: {reason}")))
            }
        }
    }

    /// The values of the arguments, checked; Go's `evalCall` up to the call.
    pub(super) fn arguments<'u>(
        &mut self,
        state: &mut State<'u>,
        signature: Signature,
        call: &Call<'_, 'u>,
    ) -> Outcome<Vec<Value>> {
        let Signature { name, params, rest } = signature;
        let given = call.args.len() + usize::from(call.last.is_some());
        if rest.is_some() && given < params.len() {
            let (want, got) = (params.len(), call.args.len());
            let message =
                format!("wrong number of args for {name}: want at least {want} got {got}");
            return Err(state.error(message));
        }
        if rest.is_none() && given != params.len() {
            let want = params.len();
            let message = format!("wrong number of args for {name}: want {want} got {given}");
            return Err(state.error(message));
        }
        self.room(state, given.saturating_mul(size_of::<Value>()))?;
        let mut values = Vec::with_capacity(given);
        for (index, operand) in call.args.iter().enumerate() {
            let param = signature.param(index);
            values.push(self.argument(state, call.dot, param, operand)?.value);
        }
        if let Some(last) = &call.last {
            let param = signature.param(values.len());
            values.push(validated(state, last.clone(), param)?.value);
        }
        Ok(values)
    }
}

/// How much a function may have to look through.
fn length(value: &Value) -> usize {
    match value {
        Value::Str(text) => text.cost(0..text.len()),
        Value::List(list) => list.items.len().saturating_mul(size_of::<Value>()),
        _ => 0,
    }
}

/// How Go names what `call` was to call.
fn callee(state: &State<'_>, call: &Call<'_, '_>) -> String {
    let named = match (call.args.first(), &call.last) {
        (Some(operand), _) => state.unit.context(shown(operand)),
        (None, Some(Item { value: Value::Str(text), .. })) => text.as_str().into_owned(),
        (None, Some(item)) => format!("<{} Value>", item.type_name()),
        (None, None) => String::new(),
    };
    format!("non-function {named}")
}
