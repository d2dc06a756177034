//! What is wrong with a policy file, and where.

use std::fmt;
use std::ops::Range;
use yaml_span::{NodeId, Tree};

/// A mistake in a policy file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The bytes of the file.
    pub span: Range<usize>,
    /// What is wrong, without a full stop.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

impl Mistake {
    /// A mistake of a node.
    pub(super) fn at(
        tree: &Tree<'_>,
        id: NodeId,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { span: tree.node(id).span.clone(), message: message.into(), help: help.into() }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
