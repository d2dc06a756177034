//! Fields of maps and structs, and methods.

use super::call::Signature;
use super::error::ErrorKind;
use super::item::Item;
use super::pipeline::Call;
use super::state::State;
use super::{Evaluator, Outcome};
use crate::objects;
use crate::value::{ItemType, List, Value};
use go_template::ast::Fields;

impl Evaluator {
    /// Fields, one after the other. Only the last takes the arguments.
    pub(super) fn field_chain<'u>(
        &mut self,
        state: &mut State<'u>,
        receiver: Item,
        mut fields: Fields<'u>,
        call: Call<'_, 'u>,
    ) -> Outcome<Item> {
        let mut receiver = receiver;
        while let Some(name) = fields.next() {
            if fields.path().is_empty() {
                return self.field(state, receiver, name, call);
            }
            let none = Call { at: call.at, args: &[], last: None, before: 0..0, dot: call.dot };
            receiver = self.field(state, receiver, name, none)?;
        }
        Ok(receiver)
    }

    /// Go's `evalField`.
    fn field<'u>(
        &mut self,
        state: &mut State<'u>,
        receiver: Item,
        name: &str,
        call: Call<'_, 'u>,
    ) -> Outcome<Item> {
        if receiver.is_invalid() {
            return Ok(Item::default());
        }
        if matches!(receiver.value, Value::Nil) {
            let type_name = receiver.type_name();
            return Err(state.error(format!("nil pointer evaluating {type_name}.{name}")));
        }
        if let Some(method) = objects::method(&receiver.value, name) {
            let signature = Signature { name: method.name, params: method.params, rest: None };
            let args = self.arguments(state, signature, &call)?;
            return match (method.call)(&mut self.budget, &receiver.value, &args) {
                Ok(value) => Ok(Item::plain(value)),
                Err(failure) => {
                    state.at(call.at);
                    let message = format!("error calling {name}: {failure}");
                    Err(state.failed(ErrorKind::Call, message))
                }
            };
        }
        let has_arguments = !call.args.is_empty() || call.last.is_some();
        match &receiver.value {
            Value::Struct(object) => {
                if let Some(value) = object.field(name) {
                    if name.starts_with(char::is_lowercase) {
                        let of = receiver.type_name();
                        let message = format!("{name} is an unexported field of struct type {of}");
                        return Err(state.error(message));
                    }
                    if has_arguments {
                        let message =
                            format!("{name} has arguments but cannot be invoked as function");
                        return Err(state.error(message));
                    }
                    return Ok(Item::plain(value.clone()));
                }
            }
            Value::Map(map) => {
                if has_arguments {
                    return Err(state.error(format!("{name} is not a method but has arguments")));
                }
                let found = map.get(name);
                if objects::is_files(map) {
                    let file = match found {
                        Some(Value::Str(text)) => text,
                        _ => Default::default(),
                    };
                    return match objects::bytes(&mut self.budget, &file) {
                        Ok(bytes) => Ok(Item::plain(bytes)),
                        Err(failure) => Err(state.spent(failure)),
                    };
                }
                return Ok(match (found, map.of) {
                    (Some(value), of) => Item { value, boxed: of == ItemType::Any },
                    (None, ItemType::Any) => Item::boxed(Value::Nil),
                    (None, ItemType::String) => Item::plain(Value::str("")),
                    (None, ItemType::Int | ItemType::Byte) => Item::plain(Value::int(0)),
                    (None, ItemType::List) => Item::plain(Value::List(List::nil())),
                });
            }
            _ => {}
        }
        let type_name = receiver.type_name();
        Err(state.error(format!("can't evaluate field {name} in type {type_name}")))
    }
}
