//! Text as values: YAML, JSON and TOML as Helm reads them. Each string points
//! through to the bytes that spell it, in whichever file they stand.

use std::fmt;

mod documents;
mod json;
mod source;
mod toml;
mod yaml;

pub(crate) use json::{json, mismatch};
pub(crate) use toml::toml;
pub(crate) use yaml::of_file;
pub use yaml::{file, yaml};

/// Maps and lists in one another, at most.
pub(crate) const DEEPEST: usize = 256;

/// Why a text could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Where reading stopped, in bytes of the text, when that is known.
    pub offset: Option<usize>,
    /// What is wrong, as Go says it where that is known.
    pub message: String,
    /// True when a limit of the engine ended it rather than Go's rules.
    pub limit: bool,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl Error {
    fn new(offset: usize, message: impl Into<String>) -> Self {
        Self { offset: Some(offset), message: message.into(), limit: false }
    }

    fn limit(message: impl Into<String>) -> Self {
        Self { offset: None, message: message.into(), limit: true }
    }

    fn too_deep() -> Self {
        Self::limit(format!("maps and lists nest deeper than {DEEPEST} levels"))
    }
}
