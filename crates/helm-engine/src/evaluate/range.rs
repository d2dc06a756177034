//! `range`.

use super::item::Item;
use super::mentions;
use super::state::State;
use super::walk::Flow;
use super::{Evaluator, Outcome};
use crate::functions::print;
use crate::objects;
use crate::value::{ItemType, Origin, Text, TextBuilder, Value};
use go_template::ast::Branch;

impl Evaluator {
    /// Prints the body for each item, or what stands behind `else`.
    pub(super) fn range<'u>(
        &mut self,
        state: &mut State<'u>,
        dot: &Item,
        branch: &'u Branch,
        out: &mut TextBuilder,
    ) -> Outcome<Flow> {
        self.deeper(state)?;
        let outer = state.mark();
        let over = self.deciding(state, dot, branch, false)?.value;
        let any = over.is_true();
        let decided = self.decides(state, branch, any);
        if decided.holds != any {
            let flow = self.inside(&decided, |evaluator| {
                evaluator.range_turned(state, dot, branch, any, out)
            })?;
            state.pop(outer);
            return Ok(flow);
        }
        let any = match &over {
            Value::Nil => false,
            Value::Int(count, of, origin) => {
                if branch.pipeline.variables.len() > 1 {
                    let message =
                        format!("can't use {count} to iterate over more than one variable");
                    return Err(state.error(message));
                }
                let item = |index| Item::plain(Value::Int(index, *of, origin.clone()));
                let mut iteration = Iteration::new(state, branch);
                for index in 0..*count {
                    if iteration.run(self, state, Item::default(), item(index), out)? {
                        break;
                    }
                }
                *count > 0
            }
            Value::List(list) => {
                let mut iteration = Iteration::new(state, branch);
                for (index, value) in list.items.iter().enumerate() {
                    let key = Item::plain(Value::int(index as i64));
                    let item = Item { value: value.clone(), boxed: list.of == ItemType::Any };
                    if iteration.run(self, state, key, item, out)? {
                        break;
                    }
                }
                !list.items.is_empty()
            }
            Value::Map(map) => {
                // The body may change the map.
                let entries: Vec<_> =
                    map.entries().iter().map(|(key, entry)| (key.clone(), entry.clone())).collect();
                let files = objects::is_files(map);
                // Go makes a list of a file's bytes, even where only its name is used.
                let unread = files && !mentions::its_item(branch, &state.unit.source);
                let mut iteration = Iteration::new(state, branch);
                for (key, entry) in &entries {
                    let key = Text::with_origin(key.as_bytes(), key_origin(&entry.key, key.len()));
                    let item = match (&entry.value, files) {
                        (Value::Str(_), true) if unread => Item::default(),
                        (Value::Str(text), true) => {
                            let bytes = objects::bytes(&mut self.budget, text)
                                .map_err(|failure| state.spent(failure))?;
                            Item::plain(bytes)
                        }
                        (value, _) => Item { value: value.clone(), boxed: map.of == ItemType::Any },
                    };
                    if iteration.run(self, state, Item::plain(Value::Str(key)), item, out)? {
                        break;
                    }
                }
                !entries.is_empty()
            }
            other @ (Value::Bool(..) | Value::Float(..) | Value::Str(_) | Value::Struct(_)) => {
                let printed = print::print_value(&mut self.budget, other)
                    .map_err(|failure| state.spent(failure))?;
                let message = format!("range can't iterate over {}", printed.as_str());
                return Err(state.error(message));
            }
        };
        state.pop(outer);
        match (&branch.otherwise, any) {
            (Some(otherwise), false) => {
                let flow = self.walk(state, dot, otherwise, out)?;
                state.pop(outer);
                Ok(flow)
            }
            _ => Ok(Flow::Next),
        }
    }
}

impl Evaluator {
    /// Explores what the values do not choose: the body once, with nothing as its
    /// item, or what stands behind `else`.
    fn range_turned<'u>(
        &mut self,
        state: &mut State<'u>,
        dot: &Item,
        branch: &'u Branch,
        any: bool,
        out: &mut TextBuilder,
    ) -> Outcome<Flow> {
        if any {
            return match &branch.otherwise {
                Some(otherwise) => self.walk(state, dot, otherwise, out),
                None => Ok(Flow::Next),
            };
        }
        Iteration::new(state, branch).run(self, state, Item::default(), Item::default(), out)?;
        Ok(Flow::Next)
    }
}

/// A key's origin, for as long a text as the key is.
fn key_origin(origin: &Origin, length: usize) -> Origin {
    match origin {
        Origin::Spelled { file, start, end }
            if (*end as usize).checked_sub(*start as usize) == Some(length) =>
        {
            Origin::copied(*file, *start as usize)
        }
        other => other.clone(),
    }
}

/// The runs of a body.
struct Iteration<'u> {
    branch: &'u Branch,
    /// The variables before those of the body.
    mark: usize,
}

impl<'u> Iteration<'u> {
    fn new(state: &State<'u>, branch: &'u Branch) -> Self {
        Self { branch, mark: state.mark() }
    }

    /// Runs the body once. True when it ends the range.
    fn run(
        &mut self,
        evaluator: &mut Evaluator,
        state: &mut State<'u>,
        key: Item,
        item: Item,
        out: &mut TextBuilder,
    ) -> Outcome<bool> {
        evaluator.budget.step().map_err(|failure| state.spent(failure))?;
        let (pipeline, text) = (&self.branch.pipeline, &state.unit.source);
        match (&*pipeline.variables, pipeline.assigns) {
            ([], _) => {}
            ([one], true) => state.assign(one.name(text), item.clone())?,
            ([first, second, ..], true) => {
                state.assign(first.name(text), key)?;
                state.assign(second.name(text), item.clone())?;
            }
            ([_], false) => state.set_declared(0, item.clone()),
            ([_, _, ..], false) => {
                state.set_declared(0, item.clone());
                state.set_declared(1, key);
            }
        }
        let flow = evaluator.walk(state, &item, &self.branch.body, out)?;
        state.pop(self.mark);
        Ok(flow == Flow::Break)
    }
}
