//! The policy file as types.

use crate::model::Level;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The policy file of a repository of charts.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The version of this format: 1.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1)))]
    pub version: u32,
    /// Which registries images may come from.
    #[serde(default)]
    pub registries: Registries,
    /// Images that are permitted although their registry is disallowed.
    #[serde(default)]
    pub exceptions: Vec<Exception>,
    /// Where images are to be pulled from instead; the first match wins.
    #[serde(default)]
    pub replacements: Vec<Replacement>,
    /// How urgent an image is, where its role does not decide; the first match wins.
    #[serde(default)]
    pub priorities: Vec<Priority>,
    /// How charts are migrated.
    #[serde(default)]
    pub migration: Migration,
    /// The level of each rule, by its name.
    #[serde(default)]
    pub rules: BTreeMap<String, Level>,
    /// What inline suppressions may do.
    #[serde(default)]
    pub suppressions: Suppressions,
    /// How registries are asked; a verification asks those alone that the policy names.
    #[serde(default)]
    pub endpoints: Vec<Endpoint>,
    /// The registry to copy images to that have no replacement elsewhere, perhaps with the
    /// beginning of a repository: `123456789012.dkr.ecr.us-east-1.amazonaws.com/mirror`.
    #[serde(default)]
    pub mirror: Option<String>,
}

/// Which registries images may come from.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Registries {
    /// Registries that images may come from: hosts, in which `*` stands for whole labels.
    #[serde(default)]
    pub allowed: Vec<String>,
    /// Registries that images must not come from. They win over `allowed`.
    #[serde(default)]
    pub disallowed: Vec<String>,
    /// The level of images from registries in neither list; `warning` when not given.
    #[serde(default)]
    pub unlisted: Option<Level>,
}

/// Images that are permitted although their registry is disallowed.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// Patterns of registry and repository; `*` stays within a part, `**` crosses `/`.
    pub images: Vec<String>,
    /// What the reference must have for the exception to hold.
    #[serde(default)]
    pub requires: Option<Requirement>,
    /// Why the images are permitted.
    pub reason: String,
    /// The last day on which the exception holds, as YYYY-MM-DD.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = r"^\d{4}-\d{2}-\d{2}$")))]
    pub expires: Option<String>,
    /// Who answers for the exception.
    #[serde(default)]
    pub owner: Option<String>,
    /// Charts that it is for, as globs over their name or folder; all when not given.
    #[serde(default)]
    pub charts: Vec<String>,
    /// Files that it is for, as globs over the path of the declaration; all when not given.
    #[serde(default)]
    pub paths: Vec<String>,
}

/// What an exception can require.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Requirement {
    /// The reference is pinned by digest.
    Digest,
}

/// Where images are to be pulled from instead.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Replacement {
    /// A pattern of registry and repository.
    pub from: String,
    /// The name that replaces it; each wildcard takes what its counterpart matched. Its
    /// registry is none that is disallowed, unless an exception permits the images.
    pub to: String,
}

/// How urgent images are.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Priority {
    /// Patterns of registry and repository; all images when not given.
    #[serde(default)]
    pub images: Vec<String>,
    /// Charts that it is for, as globs over their name or folder; all when not given.
    #[serde(default)]
    pub charts: Vec<String>,
    /// Files that it is for, as globs over the path of the declaration; all when not given.
    #[serde(default)]
    pub paths: Vec<String>,
    /// How urgent they are.
    pub priority: Urgency,
    /// Why the role does not decide.
    #[serde(default)]
    pub reason: Option<String>,
}

/// How urgent an image is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Urgency {
    /// It runs in production.
    High,
    /// It prepares or maintains.
    Medium,
    /// It tests.
    Low,
}

impl Urgency {
    /// All, the most urgent first.
    pub const ALL: [Self; 3] = [Self::High, Self::Medium, Self::Low];

    /// The word for it in policy files and machine output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

/// How charts are migrated.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Migration {
    /// Which part of a chart's version a migration raises; `patch` when not given.
    #[serde(default)]
    pub bump: Bump,
}

/// A part of a version.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    /// `1.2.3` becomes `1.2.4`.
    #[default]
    Patch,
    /// `1.2.3` becomes `1.3.0`.
    Minor,
    /// `1.2.3` becomes `2.0.0`.
    Major,
    /// The version stays.
    None,
}

/// What inline suppressions may do.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Suppressions {
    /// Whether comments in charts may suppress findings; `allowed` when not given.
    #[serde(default)]
    pub inline: Inline,
}

/// Whether comments may suppress findings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Inline {
    /// They may, with a reason.
    #[default]
    Allowed,
    /// They have no effect, and each is a finding.
    Forbidden,
}

/// How a registry is asked.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Endpoint {
    /// The registry, as images name it.
    pub registry: String,
    /// Where it is asked instead, for instance `https://mirror.example`.
    #[serde(default)]
    pub endpoint: Option<String>,
    /// It may be asked without encryption; on this machine every registry may.
    #[serde(default)]
    pub insecure: bool,
    /// How many requests may be under way at once.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub at_once: Option<u16>,
    /// How many requests may be sent in a second.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(extend("exclusiveMinimum" = 0)))]
    pub per_second: Option<f64>,
}
