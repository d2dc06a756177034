//! Values on their way through an evaluation.

use crate::functions::type_name;
use crate::value::Value;
use std::borrow::Cow;

/// A value as Go's reflection holds it.
#[derive(Debug, Clone, Default)]
pub(super) struct Item {
    /// The value.
    pub(super) value: Value,
    /// It stands in an `interface {}`: an item of a map or a list, not yet taken
    /// out of it by a pipeline. A nil in one is something; a field of it is an
    /// error, where a field of no value at all is no value.
    pub(super) boxed: bool,
}

impl Item {
    /// A value of its own type.
    pub(super) fn plain(value: Value) -> Self {
        Self { value, boxed: false }
    }

    /// A value in an `interface {}`.
    pub(super) fn boxed(value: Value) -> Self {
        Self { value, boxed: true }
    }

    /// No value at all.
    pub(super) fn is_invalid(&self) -> bool {
        !self.boxed && matches!(self.value, Value::Nil)
    }

    /// The value taken out of its interface.
    pub(super) fn unboxed(self) -> Self {
        Self::plain(self.value)
    }

    /// The type as Go prints it.
    pub(super) fn type_name(&self) -> Cow<'static, str> {
        if self.boxed { "interface {}".into() } else { type_name(&self.value) }
    }
}
