//! The user's values: files over one another, then what is set.

use super::set::set_values;
use super::tables::{deep_copy, snapshot};
use crate::decode;
use crate::source::{FileId, SourceMap};
use crate::value::{Map, Text, Value};
use std::collections::HashMap;
use std::fmt;

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetError(pub String);

impl fmt::Display for SetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SetError {}

/// What is wrong with values that a user gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OverlayError {
    /// A file that Helm cannot read.
    File {
        /// The file.
        file: FileId,
        /// What is wrong, and where.
        error: decode::Error,
    },
    /// An expression, in Helm's words.
    Set {
        /// The flag that gave it.
        flag: &'static str,
        /// What is wrong.
        error: SetError,
    },
}

impl fmt::Display for OverlayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { error, .. } => error.fmt(f),
            Self::Set { flag, error } => write!(f, "failed parsing {flag} data: {error}"),
        }
    }
}

impl std::error::Error for OverlayError {}

/// Tells whether Helm accepts these values, all of them together.
///
/// # Errors
/// What is wrong with the first that it does not accept.
pub fn check(overlays: &[Overlay], sources: &SourceMap) -> Result<(), OverlayError> {
    user_values(overlays, sources, &mut Files::default()).map(drop)
}

/// Values files that were read, for all charts and scenarios that use them.
#[derive(Debug, Default)]
pub(crate) struct Files(HashMap<FileId, Result<Map, decode::Error>>);

impl Files {
    /// The values in a file; they are shared and must not be changed.
    pub(crate) fn values(
        &mut self,
        sources: &SourceMap,
        file: FileId,
    ) -> Result<Map, decode::Error> {
        let read = || match decode::file(file, sources.file(file).text())? {
            Value::Map(map) => Ok(map),
            _ => Ok(Map::new()),
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
) -> Result<Map, OverlayError> {
    let values = Map::new();
    // Helm puts what is set over all files.
    for overlay in overlays {
        if let Overlay::File(file) = overlay {
            let read = files.values(sources, *file);
            let read = read.map_err(|error| OverlayError::File { file: *file, error })?;
            merge(&values, &deep_copy(&read));
        }
    }
    for overlay in overlays {
        let (flag, set) = match overlay {
            Overlay::File(_) => continue,
            Overlay::Set(text) => ("--set", set_values(text, false, &values)),
            Overlay::SetString(text) => ("--set-string", set_values(text, true, &values)),
        };
        set.map_err(|error| OverlayError::Set { flag, error })?;
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
