//! The user's values: files over one another, then what is set.

use super::set::set_values;
use super::tables::{deep_copy, snapshot};
use crate::decode;
use crate::source::{FileId, SourceMap};
use crate::value::{Map, Text, Value};
use std::collections::HashMap;

/// Values that a user gives, each over those before it.
#[derive(Debug, Clone)]
pub enum Overlay {
    /// A file, as `-f` gives it.
    File(FileId),
    /// `a.b=1,c={x,y}`, as `--set` gives it.
    Set(Text),
    /// The same with every value a string, as `--set-string` gives it.
    SetString(Text),
}

/// What is wrong with an expression of `--set`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SetError(pub String);

/// Values files that were read, for all charts and scenarios that use them.
#[derive(Debug, Default)]
pub(crate) struct Files(HashMap<FileId, Result<Map, String>>);

impl Files {
    /// The values in a file; they are shared and must not be changed.
    pub(crate) fn values(&mut self, sources: &SourceMap, file: FileId) -> Result<Map, String> {
        let read = || match decode::file(file, sources.file(file).text()) {
            Ok(Value::Map(map)) => Ok(map),
            Ok(_) => Ok(Map::new()),
            Err(error) => Err(error.message),
        };
        self.0.entry(file).or_insert_with(read).clone()
    }
}

/// The user's values together.
///
/// # Errors
/// What is wrong with one of them.
pub(crate) fn user_values(
    overlays: &[Overlay],
    sources: &SourceMap,
    files: &mut Files,
) -> Result<Map, String> {
    let values = Map::new();
    // Helm puts what is set over all files.
    for overlay in overlays {
        if let Overlay::File(file) = overlay {
            merge(&values, &deep_copy(&files.values(sources, *file)?));
        }
    }
    for overlay in overlays {
        let set = match overlay {
            Overlay::File(_) => continue,
            Overlay::Set(text) => set_values(text, false, &values),
            Overlay::SetString(text) => set_values(text, true, &values),
        };
        set.map_err(|error| format!("failed parsing --set data: {error}"))?;
    }
    Ok(values)
}

/// Puts maps over those of the same key; anything else takes its place.
fn merge(under: &Map, over: &Map) {
    for (key, entry) in snapshot(over) {
        match (under.get(&key), &entry.value) {
            (Some(Value::Map(under)), Value::Map(over)) => merge(&under, over),
            _ => {
                under.put(&key, entry);
            }
        }
    }
}
