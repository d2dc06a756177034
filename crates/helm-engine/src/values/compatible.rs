//! Whether a version is within the range that a dependency asks for.

use crate::functions::{Budget, lookup};
use crate::value::{Text, Value};

/// True when a dependency on a range of versions is content with this one.
pub fn admits(range: &str, version: &str) -> bool {
    is_compatible(&Text::from(range), &Text::from(version))
}

/// Helm's `IsCompatibleRange`: false too where either cannot be read.
pub(crate) fn is_compatible(range: &Text, version: &Text) -> bool {
    compare(range, version).unwrap_or(false)
}

/// True of a text that can be read as a range of versions.
pub(crate) fn is_range(range: &Text) -> bool {
    compare(range, &Text::from("1.0.0")).is_some()
}

fn compare(range: &Text, version: &Text) -> Option<bool> {
    let compare = lookup("semverCompare")?;
    let args = [Value::Str(range.clone()), Value::Str(version.clone())];
    let mut budget = Budget::new(1 << 20, 1 << 20);
    match (compare.call)(&mut budget, &args) {
        Ok(Value::Bool(fits, _)) => Some(fits),
        _ => None,
    }
}
