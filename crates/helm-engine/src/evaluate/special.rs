//! The functions that need the evaluation: `and`, `or`, `include`, `tpl`,
//! `required`, `fail` and `lookup`.

use super::argument::validated;
use super::call::Signature;
use super::error::{ErrorKind, Via};
use super::item::Item;
use super::lookup::Asked;
use super::pipeline::Call;
use super::state::State;
use super::unit::{Templates, Unit, parse, utf8};
use super::{Evaluator, Outcome, without_no_value};
use crate::functions::Param;
use crate::source::FileText;
use crate::value::{Text, Value};
use std::rc::Rc;
use std::sync::Arc;

/// How often a template may be included within itself; Helm's bound.
const MOST_INCLUSIONS: usize = 1000;
/// How long a text of `tpl` may be: as long as Helm lets a file be.
const LONGEST_TPL: usize = 5 << 20;
/// The name of templates that are no file's.
pub(super) const TPL: &str = "gotpl";
/// Parsed texts of `tpl` that are kept.
const MOST_PARSED: usize = 512;

/// The names of the functions that need the evaluation, which the tables of
/// [`functions`](crate::functions) do not have.
pub const SPECIAL: [&str; 7] = ["and", "fail", "include", "lookup", "or", "required", "tpl"];

/// A function that needs the evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Special {
    And,
    Or,
    Include,
    Tpl,
    Required,
    Fail,
    Lookup,
}

impl Special {
    /// The one with a name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "and" => Self::And,
            "or" => Self::Or,
            "include" => Self::Include,
            "tpl" => Self::Tpl,
            "required" => Self::Required,
            "fail" => Self::Fail,
            "lookup" => Self::Lookup,
            _ => return None,
        })
    }

    fn signature(self) -> Signature {
        use Param::{Any, Reflect, String};
        let (name, params, rest): (_, &[Param], _) = match self {
            Self::And => ("and", &[Reflect], Some(Reflect)),
            Self::Or => ("or", &[Reflect], Some(Reflect)),
            Self::Include => ("include", &[String, Any], None),
            Self::Tpl => ("tpl", &[String, Any], None),
            Self::Required => ("required", &[String, Any], None),
            Self::Fail => ("fail", &[String], None),
            Self::Lookup => ("lookup", &[String, String, String, String], None),
        };
        Signature { name, params, rest }
    }
}

impl Evaluator {
    pub(super) fn call_special<'u>(
        &mut self,
        state: &mut State<'u>,
        special: Special,
        call: Call<'_, 'u>,
    ) -> Outcome<Item> {
        if matches!(special, Special::And | Special::Or) {
            return self.short_circuit(state, special, call);
        }
        let args = self.arguments(state, special.signature(), &call)?;
        state.at(call.at);
        let mut args = args.into_iter();
        let text = match args.next() {
            Some(Value::Str(text)) => text,
            _ => Text::default(),
        };
        let value = args.next().unwrap_or_default();
        let value = match special {
            Special::Include => Value::Str(self.include(state, &text, value)?),
            Special::Tpl => Value::Str(self.tpl(state, &text, value)?),
            Special::Required => {
                let is_empty = match &value {
                    Value::Nil => true,
                    Value::Str(text) => text.is_empty(),
                    _ => false,
                };
                if is_empty {
                    return Err(state.failed(ErrorKind::Refused, text.as_str()));
                }
                value
            }
            Special::Fail => return Err(state.failed(ErrorKind::Refused, text.as_str())),
            Special::Lookup => {
                let spelled = |value: Option<Value>| match value {
                    Some(Value::Str(text)) => text.as_str().into_owned(),
                    _ => String::new(),
                };
                let (kind, namespace) = (spelled(Some(value)), spelled(args.next()));
                self.looked_up(
                    state,
                    &Asked {
                        api_version: &text.as_str(),
                        kind: &kind,
                        namespace: &namespace,
                        name: &spelled(args.next()),
                    },
                )?
            }
            Special::And | Special::Or => Value::Nil,
        };
        Ok(Item::plain(value))
    }

    /// `and` and `or` evaluate only as many arguments as they need.
    fn short_circuit<'u>(
        &mut self,
        state: &mut State<'u>,
        special: Special,
        call: Call<'_, 'u>,
    ) -> Outcome<Item> {
        let signature = special.signature();
        if call.args.is_empty() && call.last.is_none() {
            let message =
                format!("wrong number of args for {}: want at least 1 got 0", signature.name);
            return Err(state.error(message));
        }
        let mut item = Item::default();
        for (index, operand) in call.args.iter().enumerate() {
            item = self.argument(state, call.dot, Some(Param::Reflect), operand)?;
            if item.value.is_true() == (special == Special::Or) {
                if self.explorer.asks_for_values()
                    && let Some(other) = self.further_operand(state, special, &call, index)?
                {
                    return Ok(other);
                }
                return Ok(item);
            }
        }
        match call.last {
            Some(last) => validated(state, last, Some(Param::Reflect)),
            None => Ok(item),
        }
    }

    fn include(&mut self, state: &State<'_>, name: &Text, data: Value) -> Outcome<Text> {
        let name = &*name.as_str();
        match self.included.get_mut(name) {
            Some(count) if *count > MOST_INCLUSIONS => {
                let message = format!(
                    "error calling include: rendering template has a nested reference name: \
                     {name}: unable to execute template"
                );
                return Err(state.failed(ErrorKind::Call, message));
            }
            Some(count) => *count += 1,
            None => drop(self.included.insert(name.into(), 1)),
        }
        let result = match self.templates.find(name).cloned() {
            Some(template) => {
                let call = self.enter(state, &template);
                let result = self.execute(&template, Item::plain(data), 0);
                self.leave(call, result.as_ref().ok());
                result.map_err(|mut error| {
                    error.led_by(|| state.frame(Via::Include));
                    error
                })
            }
            None => Err(state.error(format!(
                "error calling include: template: no template {name:?} associated with template {TPL:?}"
            ))),
        };
        if let Some(count) = self.included.get_mut(name) {
            *count -= 1;
        }
        result
    }

    fn tpl(&mut self, state: &State<'_>, text: &Text, data: Value) -> Outcome<Text> {
        self.deeper(state)?;
        if memchr::memmem::find(text.bytes(), b"{{").is_none() {
            return Ok(without_no_value(text.clone()));
        }
        if text.len() > LONGEST_TPL {
            let message = format!(
                "error calling tpl: the text is longer than the limit of {} MiB",
                LONGEST_TPL >> 20
            );
            return Err(state.limit(message));
        }
        let through = |mut error: Box<super::Error>| {
            error.led_by(|| state.frame(Via::Tpl(text.clone())));
            error
        };
        let string = utf8(TPL, text).map_err(|error| through(Box::new(error)))?;
        let (source, tree) = match self.parsed.get_key_value(string) {
            Some((source, tree)) => (source.clone(), Arc::clone(tree)),
            None => {
                // A tree takes several times the room of its text.
                self.room(state, text.len().saturating_mul(16))?;
                let tree = parse(TPL, text, string).map_err(|error| through(Box::new(error)))?;
                let source = FileText::from(string);
                if self.parsed.len() < MOST_PARSED || self.explorer.keeps_trees() {
                    self.parsed.insert(source.clone(), Arc::clone(&tree));
                }
                (source, tree)
            }
        };
        let unit = Rc::new(Unit::new(TPL.to_owned(), text.clone(), source, tree));
        let mut layer = Templates::over(Rc::clone(&self.templates));
        layer.add(&unit);
        let outer = std::mem::replace(&mut self.templates, Rc::new(layer));
        let own = unit.own();
        let call = self.enter(state, &own);
        let result = self.execute(&own, Item::plain(data), 0);
        self.leave(call, result.as_ref().ok());
        self.templates = outer;
        result.map(without_no_value).map_err(through)
    }
}
