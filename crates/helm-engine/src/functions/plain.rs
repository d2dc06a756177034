//! Values as text where a string is wanted.

use super::print::{sprint, sprintf};
use super::{Budget, Failure};
use crate::value::{Text, Value};

/// A value as `%v` prints it.
pub(super) fn printed(budget: &mut Budget, value: &Value) -> Result<Text, Failure> {
    match value {
        Value::Str(text) => Ok(text.clone()),
        _ => sprint(budget, std::slice::from_ref(value)),
    }
}

/// A text as `%q` prints it; what needs no escape stays a copy.
pub(super) fn quoted(budget: &mut Budget, text: &Text) -> Result<Text, Failure> {
    sprintf(budget, &Text::from("%q"), &[Value::Str(text.clone())])
}

/// Bytes as `%q` prints them, for messages.
pub(super) fn quoted_string(bytes: &[u8]) -> String {
    // What is in a message is text that was paid for.
    let mut budget = Budget::new(usize::MAX, usize::MAX);
    match quoted(&mut budget, &Text::new(bytes)) {
        Ok(text) => text.as_str().into_owned(),
        Err(Failure(message)) => message,
    }
}
