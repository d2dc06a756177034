//! The policy: which registries are allowed, the exceptions, the replacements.
//!
//! A policy is a YAML file; `docs/policy.md` describes it for its users. It is
//! read into the types of [`document`], and every pattern keeps the bytes that
//! spell it, so that a finding can show the line that decided.

pub mod document;
mod judge;
mod locate;
mod mistake;
mod named;
mod parse;
#[cfg(feature = "schema")]
mod schema;
mod shape;
mod targets;

pub use document::{Bump, Inline, Urgency};
pub use judge::{ExceptionMatch, Judgement, Subject, Suggestion, Unmet};
pub use locate::{Broken, FILE_NAME, Policies};
pub use mistake::Mistake;
#[cfg(feature = "schema")]
pub use schema::schema;

use crate::date::Date;
use crate::model::{Level, Location};
use crate::rules;
use globset::GlobSet;
use helm_engine::source::{SourceMap, Span};
use image_ref::{ImagePattern, Name, RegistryPattern, Replacement};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// How the report names the built-in policy.
pub const BUILT_IN: &str = "built-in";

/// The text of the built-in policy, in the format of a policy file.
pub const BUILT_IN_TEXT: &str = include_str!("built-in.yaml");

/// A policy that judges images.
#[derive(Debug)]
pub struct Policy {
    sources: Arc<SourceMap>,
    /// The longer pattern first, as in the next one.
    allowed: Vec<Listed>,
    disallowed: Vec<Listed>,
    exceptions: Vec<Exception>,
    replacements: Vec<Substitute>,
    priorities: Vec<Priority>,
    endpoints: Vec<document::Endpoint>,
    mirror: Option<Name>,
    levels: HashMap<String, Level>,
    inline: Inline,
    hosts: Vec<RegistryPattern>,
    bump: Bump,
}

/// The bytes of a policy that say something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place(Span);

/// A registry of a list.
#[derive(Debug)]
struct Listed {
    pattern: RegistryPattern,
    place: Place,
}

/// Images that are permitted although their registry is disallowed.
#[derive(Debug)]
pub struct Exception {
    images: Vec<(ImagePattern, Place)>,
    requires_digest: bool,
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    pub expires: Option<Date>,
    /// Who answers for it.
    pub owner: Option<String>,
    narrowing: Narrowing,
    /// The whole entry.
    pub place: Place,
}

#[derive(Debug)]
struct Substitute {
    replacement: Replacement,
    place: Place,
}

/// How urgent images are, where their role does not decide.
#[derive(Debug)]
pub struct Priority {
    images: Vec<(ImagePattern, Place)>,
    narrowing: Narrowing,
    /// How urgent.
    pub urgency: Urgency,
    /// Why.
    pub reason: Option<String>,
    /// The whole entry.
    pub place: Place,
}

/// The charts and files that an entry is for; `None` is all.
#[derive(Debug, Default)]
struct Narrowing {
    charts: Option<GlobSet>,
    paths: Option<GlobSet>,
}

impl Narrowing {
    fn covers(&self, subject: &Subject<'_>) -> bool {
        let chart = |set: &GlobSet| {
            set.is_match(subject.chart) || subject.chart_name.is_some_and(|name| set.is_match(name))
        };
        // Every declaration has to lie in the named files, or one outside of
        // them could change the image unseen.
        let paths = |set: &GlobSet| subject.paths.iter().all(|path| set.is_match(path));
        self.charts.as_ref().is_none_or(chart) && self.paths.as_ref().is_none_or(paths)
    }
}

impl Policy {
    /// Reads a policy; `path` is how findings name it.
    ///
    /// # Errors
    /// All mistakes, each with its bytes in the text.
    pub fn parse(text: &str, path: &str) -> Result<Self, Vec<Mistake>> {
        parse::parse(text, path)
    }

    /// The path that was given to [`Policy::parse`].
    pub fn path(&self) -> &str {
        self.sources.iter().next().map_or(BUILT_IN, |(_, file)| file.path())
    }

    /// A place as reports show it.
    pub fn location(&self, place: Place) -> Location {
        Location::new(&self.sources, place.0)
    }

    /// The level of a rule.
    pub fn level(&self, rule: &str) -> Level {
        let set = self.levels.get(rule).copied();
        set.or_else(|| rules::find(rule).map(|rule| rule.level)).unwrap_or(Level::Error)
    }

    /// Whether the policy itself gives a rule its level.
    pub fn sets_level(&self, rule: &str) -> bool {
        self.levels.contains_key(rule)
    }

    /// The registries that the policy names, in its lists and as the new home of images,
    /// but for patterns that any name fits.
    pub fn hosts(&self) -> &[RegistryPattern] {
        &self.hosts
    }

    /// The exceptions, in the order of the file.
    pub fn exceptions(&self) -> &[Exception] {
        &self.exceptions
    }

    /// What inline suppressions may do.
    pub fn inline(&self) -> Inline {
        self.inline
    }

    /// Which part of a chart's version a migration raises.
    pub fn bump(&self) -> Bump {
        self.bump
    }

    /// The priority that the policy gives an image. The first entry that matches wins.
    pub fn priority(&self, subject: &Subject<'_>) -> Option<&Priority> {
        self.priorities.iter().find(|priority| {
            let named = priority.images.is_empty()
                || priority.images.iter().any(|(pattern, _)| pattern.matches(subject.name));
            named && priority.narrowing.covers(subject)
        })
    }
}

/// The policy that applies where a repository has none.
pub fn built_in() -> Arc<Policy> {
    static POLICY: OnceLock<Arc<Policy>> = OnceLock::new();
    let read = || match Policy::parse(BUILT_IN_TEXT, BUILT_IN) {
        Ok(policy) => Arc::new(policy),
        Err(mistakes) => unreachable!("the built-in policy is wrong: {mistakes:?}"),
    };
    Arc::clone(POLICY.get_or_init(read))
}
