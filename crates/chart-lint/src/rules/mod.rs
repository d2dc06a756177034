//! The rules: names until their checks land.

use crate::model::Level;

/// A rule's name, documentation and default level.
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

const fn rule(name: &'static str) -> RuleMeta {
    RuleMeta { name, summary: "…", explanation: "## What it finds\n", level: Level::Error }
}

/// Every rule, in the order of the documentation.
pub static ALL: [&RuleMeta; 11] = [
    &rule("disallowed-registry"),
    &rule("unpinned-exception"),
    &rule("expired-exception"),
    &rule("unused-exception"),
    &rule("unlisted-registry"),
    &rule("invalid-reference"),
    &rule("unresolved-image"),
    &rule("disallowed-chart-registry"),
    &rule("unused-suppression"),
    &rule("unreadable-file"),
    &rule("invalid-policy"),
];

/// The rule with this name.
pub fn find(name: &str) -> Option<&'static RuleMeta> {
    ALL.iter().copied().find(|rule| rule.name == name)
}
