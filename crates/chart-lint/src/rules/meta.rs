//! What a rule says of itself.

use crate::model::Level;

/// A rule's name, documentation and default level.
///
/// `explain`, `docs/rules/` and the rule table of SARIF are made from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleMeta {
    /// The name, for instance `disallowed-registry`.
    pub name: &'static str,
    /// One sentence without a full stop.
    pub summary: &'static str,
    /// What it finds, why it matters, an example and what to do, in Markdown.
    pub explanation: &'static str,
    /// The level where the policy says nothing.
    pub level: Level,
}
