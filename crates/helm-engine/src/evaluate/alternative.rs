//! The values that an expression does not choose: of `default`, `coalesce` and
//! `ternary`, of `and` and `or`, and of a map that is asked for the key that a value
//! gives.

use super::argument::shown;
use super::assigned::names_a_version;
use super::branch::condition;
use super::condition::{Condition, Wanted, is_value};
use super::decision::{Decision, Kind};
use super::item::Item;
use super::pipeline::Call;
use super::relevance::{self, may_be_image};
use super::special::Special;
use super::state::State;
use super::{Evaluator, Outcome};
use crate::functions::Param;
use crate::value::Value;
use std::ops::Range;

/// How many entries of a map are tried in place of the one that a value names: more
/// than a file may be evaluated again, so that none is left out without being counted.
const MOST_ENTRIES: usize = 100;

/// A value that could be chosen, and what has to be so.
struct Choice {
    value: Value,
    wanted: Vec<(usize, Wanted)>,
}

impl Evaluator {
    /// The value that a function is to choose instead of its own, when that is turned.
    /// The others that may name an image are noted.
    pub(super) fn another_choice<'u>(
        &mut self,
        state: &State<'u>,
        function: &str,
        call: &Call<'_, 'u>,
        args: &[Value],
    ) -> Option<Value> {
        let choices = match function {
            "default" if args.len() == 2 => after_true(args.iter().rev()),
            "coalesce" => after_true(args.iter()),
            "ternary" => of_ternary(args),
            "index" | "get" => self.of_map(state, call, args),
            _ => return None,
        };
        // Whoever has no argument of its own has no place in the tree.
        let node = call.args.first().map(std::ptr::from_ref)?;
        for (way, choice) in choices.into_iter().enumerate() {
            let decision = Decision::new(node, way);
            if self.explorer.turns(decision) {
                self.explorer.leads_to_value(decision, &choice.value);
                return Some(choice.value);
            }
            if !self.explorer.knows(decision)
                && (may_be_image(&choice.value)
                    || matches!(choice.value, Value::Str(_)) && self.explorer.in_an_image)
                && !is_twice_among(args, &choice.value)
                && !is_version(state, call, args.len())
            {
                let wanted = choice.wanted.into_iter();
                let conditions = wanted
                    .map(|(index, wanted)| {
                        // `default` takes what it falls back to first.
                        let index = if function == "default" { 1 - index } else { index };
                        condition(state, place(call, index), wanted)
                    })
                    .collect();
                let slot = self.explorer.slot_of_value(state);
                self.explorer.note(decision, conditions, Kind::Value, vec![slot]);
            }
        }
        None
    }

    /// The operand past the one at which `and` or `or` stops, when that is turned.
    pub(super) fn further_operand<'u>(
        &mut self,
        state: &mut State<'u>,
        special: Special,
        call: &Call<'_, 'u>,
        stopped: usize,
    ) -> Outcome<Option<Item>> {
        let Some(node) = call.args.first().map(std::ptr::from_ref) else { return Ok(None) };
        let count = call.args.len() + usize::from(call.last.is_some());
        // Only the last one comes out of `and` when the others hold.
        let first = if special == Special::And { count - 1 } else { stopped + 1 };
        for index in first.max(stopped + 1)..count {
            let decision = Decision::new(node, index);
            if self.explorer.turns(decision) {
                let chosen = match call.args.get(index) {
                    Some(operand) => {
                        Some(self.argument(state, call.dot, Some(Param::Reflect), operand)?)
                    }
                    None => call.last.clone(),
                };
                if let Some(item) = &chosen {
                    self.explorer.leads_to_value(decision, &item.value);
                }
                return Ok(chosen);
            }
            if !self.explorer.knows(decision) && self.may_matter(&state.unit.source, call, index) {
                let wanted = Wanted::truth(special == Special::And);
                let conditions: Vec<Condition> = (stopped..index)
                    .map(|index| condition(state, place(call, index), wanted.clone()))
                    .collect();
                let slot = self.explorer.slot_of_value(state);
                self.explorer.note(decision, conditions, Kind::Value, vec![slot]);
            }
        }
        Ok(None)
    }

    /// True when an operand that is not evaluated may give an image.
    fn may_matter(&mut self, text: &str, call: &Call<'_, '_>, index: usize) -> bool {
        let Some(operand) = call.args.get(index) else {
            return call.last.as_ref().is_some_and(|item| may_be_image(&item.value));
        };
        let templates = std::rc::Rc::clone(&self.templates);
        self.explorer.relevance.operand(operand, text, &templates)
            || relevance::gives_text(operand) && self.explorer.in_an_image
    }

    /// The other entries of a map whose key is a value of the chart.
    fn of_map(&self, state: &State<'_>, call: &Call<'_, '_>, args: &[Value]) -> Vec<Choice> {
        let [Value::Map(map), Value::Str(key)] = args else { return Vec::new() };
        if !is_value(&state.unit.context(place(call, 1))) {
            return Vec::new();
        }
        let entries = map.entries();
        let others = entries.iter().filter(|(name, _)| name.as_bytes() != key.bytes());
        others
            .filter(|(_, entry)| may_be_image(&entry.value))
            .take(MOST_ENTRIES)
            .map(|(name, entry)| Choice {
                value: entry.value.clone(),
                wanted: vec![(1, Wanted::Equal(name.to_string()))],
            })
            .collect()
    }
}

/// What comes after the first value that is true, when that and those between are not.
fn after_true<'v>(values: impl Iterator<Item = &'v Value>) -> Vec<Choice> {
    let mut passed: Vec<(usize, Wanted)> = Vec::new();
    let mut choices = Vec::new();
    for (index, value) in values.enumerate() {
        if value.is_true() {
            if !passed.is_empty() {
                choices.push(Choice { value: value.clone(), wanted: passed.clone() });
            }
            passed.push((index, Wanted::False));
        }
    }
    choices
}

/// True of a text that another argument gives as well: it changes nothing.
fn is_twice_among(args: &[Value], value: &Value) -> bool {
    let Value::Str(text) = value else { return false };
    let same = |arg: &&Value| matches!(arg, Value::Str(other) if other.bytes() == text.bytes());
    args.iter().filter(same).count() > 1
}

/// True of a call that chooses a tag or a digest: no other image comes of it.
fn is_version(state: &State<'_>, call: &Call<'_, '_>, count: usize) -> bool {
    (0..count).any(|index| names_a_version(&state.unit.context(place(call, index))))
}

/// The other one of the two values.
fn of_ternary(args: &[Value]) -> Vec<Choice> {
    let [yes, no, Value::Bool(truth, _)] = args else { return Vec::new() };
    let value = if *truth { no } else { yes };
    vec![Choice { value: value.clone(), wanted: vec![(2, Wanted::truth(!truth))] }]
}

/// Where an argument is written.
fn place(call: &Call<'_, '_>, index: usize) -> Range<usize> {
    call.args.get(index).map_or_else(|| call.before.clone(), shown)
}
