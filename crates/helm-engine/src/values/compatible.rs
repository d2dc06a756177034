//! Whether a version is within the range that a dependency asks for.

use crate::functions::{Budget, lookup};
use crate::value::{Text, Value};

/// Helm's `IsCompatibleRange`: false too where either cannot be read.
pub(super) fn is_compatible(range: &Text, version: &Text) -> bool {
    let Some(compare) = lookup("semverCompare") else { return false };
    let args = [Value::Str(range.clone()), Value::Str(version.clone())];
    let mut budget = Budget::new(1 << 20, 1 << 20);
    matches!((compare.call)(&mut budget, &args), Ok(Value::Bool(true, _)))
}
