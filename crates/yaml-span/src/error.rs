//! What is wrong with a text that is not YAML.

use std::fmt;

/// A text that is not YAML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Where reading stopped, in bytes from 0.
    pub offset: usize,
    /// What is wrong, and what was expected.
    pub message: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
