//! Values as YAML, JSON and TOML, byte for byte as Helm writes them, with each
//! byte's origin kept.

pub mod base64;
mod json;
mod number;
mod order;
mod shape;
mod toml;
mod writer;
mod yaml;

pub(crate) use json::{Layout, json};
pub(crate) use toml::toml;
pub(crate) use yaml::{yaml, yaml_pretty};

use crate::functions::{Budget, Failure};
use crate::value::{Text, Value};

/// Maps and lists in one another, at most.
pub(crate) const DEEPEST: usize = 256;

/// Why a value could not be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Error {
    /// Go refuses it, with this message. Most of Helm's functions then print nothing.
    Refused(String),
    /// A limit of the engine. It ends the evaluation whatever the function.
    Limit(Failure),
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::Limit(failure)
    }
}

/// What Helm's `toYaml` prints: nothing when the value cannot be written.
///
/// # Errors
/// When a limit is reached.
pub fn to_yaml(value: &Value, budget: &mut Budget) -> Result<Text, Failure> {
    or_nothing(yaml(value, budget))
}

/// The text, or nothing where Go refuses the value.
pub(crate) fn or_nothing(written: Result<Text, Error>) -> Result<Text, Failure> {
    match written {
        Ok(text) => Ok(text),
        Err(Error::Refused(_)) => Ok(Text::default()),
        Err(Error::Limit(failure)) => Err(failure),
    }
}

/// The text, or Go's message.
pub(crate) fn or_failure(written: Result<Text, Error>) -> Result<Text, Failure> {
    written.map_err(|error| match error {
        Error::Refused(message) => Failure(message),
        Error::Limit(failure) => failure,
    })
}
