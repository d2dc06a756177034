//! Findings: what a rule says of one place.

use super::location::Location;
use std::sync::Arc;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Fails the gate.
    Error,
    /// Is shown and does not fail the gate.
    Warning,
    /// Is shown, quietly.
    Note,
    /// Is not reported.
    Off,
}

impl Level {
    /// The word for it in policy files and machine output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
            Self::Off => "off",
        }
    }
}

/// One violation of one rule at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule's name, for instance `disallowed-registry`.
    pub rule: &'static str,
    /// How much it weighs, the policy's word included.
    pub level: Level,
    /// One sentence that names the offender, without a full stop.
    pub message: String,
    /// The reference that it is about, when it is about one.
    pub reference: Option<String>,
    /// The chart's folder relative to the root.
    pub chart: Option<Arc<str>>,
    /// The bytes to change, and why them.
    pub primary: Label,
    /// The way there, and what decided: other files or other places.
    pub related: Vec<Label>,
    /// What to do next; each entry is one sentence or two.
    pub help: Vec<String>,
    /// The reference to write instead, when the policy knows one.
    pub replacement: Option<String>,
    /// What to change so that it is written, where a reading of the files tells it and no
    /// image has to stay that the same bytes spell.
    pub fix: Option<Fix>,
    /// Identifies the finding when lines move: hex digits, stable between runs
    /// and machines. See [`crate::fingerprint`].
    pub fingerprint: String,
}

/// A change that makes a finding go away, to be made as a whole: half of it would be
/// another image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What to write, in the order of paths and lines; never empty, and none overlaps
    /// another.
    pub edits: Vec<FixEdit>,
    /// How many other images move with the finding's, each to its own replacement, since
    /// the same bytes spell them.
    pub others: usize,
}

/// A place, and what is to stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixEdit {
    /// The place, with the text that stands there now.
    pub location: Location,
    /// The text that is to stand there.
    pub text: String,
}

/// A place and what to know of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    /// The place.
    pub location: Location,
    /// A few words, without a full stop.
    pub text: String,
}
