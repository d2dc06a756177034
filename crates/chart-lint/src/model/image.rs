//! Image uses: what the inventory holds.

use super::finding::Label;
use super::location::Location;
use crate::date::Date;
use crate::policy::{Unmet, Urgency};
use std::sync::Arc;

/// One image that a chart uses: its reference, the bytes that spell it, the
/// places that consume it, and how the policy judged it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// The chart's folder relative to the root, with `/`.
    pub chart: Arc<str>,
    /// The reference as a runtime would be given it, for instance
    /// `ghcr.io/dexidp/dex:v2.42.0`; parts that are [`Image::unknown`] are left out.
    pub reference: String,
    /// The normalised registry, for instance `docker.io` for `busybox`.
    pub registry: String,
    /// The normalised repository, for instance `library/busybox` for `busybox`.
    pub repository: String,
    /// The tag as written; `None` when there is none (a runtime then takes `latest`).
    pub tag: Option<String>,
    /// The digest, for instance `sha256:…`.
    pub digest: Option<String>,
    /// Parts that are there but that only an evaluation of the templates can tell.
    pub unknown: Vec<Part>,
    /// What the policy says of it.
    pub status: Status,
    /// What the image is for.
    pub role: Role,
    /// How urgent it is to move it.
    pub priority: Priority,
    /// Why it may stay, where its status is excepted.
    pub exception: Option<Excepted>,
    /// The exception that names it and does not hold, where its status is disallowed.
    pub lapsed: Option<Lapsed>,
    /// The reference that the policy's replacements give for it.
    pub replacement: Option<String>,
    /// True when the image is used only under a condition that the values leave off: those
    /// of the deployment, when it gives any, else the chart's own.
    pub conditional: bool,
    /// That condition, for instance ``when `.Values.job.enabled` ``, where an evaluation
    /// tells it.
    pub condition: Option<String>,
    /// How it was found.
    pub evidence: Evidence,
    /// The bytes that spell the reference; never empty.
    pub declarations: Vec<Declaration>,
    /// Where the reference ends up, as far as it is known.
    pub uses: Vec<Use>,
}

/// How urgent it is to move an image: its role tells, unless the policy does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Priority {
    /// How urgent.
    pub urgency: Urgency,
    /// The policy's word, where it overrides the role.
    pub by_policy: Option<PolicyWord>,
}

/// An entry of the policy that decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyWord {
    /// The reason that it gives.
    pub reason: Option<String>,
    /// Where it stands.
    pub location: Location,
}

/// The exception that permits an image although its registry is disallowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excepted {
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    pub expires: Option<Date>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Where it stands in the policy.
    pub location: Location,
}

/// An exception that names an image and does not permit it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lapsed {
    /// The exception.
    pub exception: Excepted,
    /// Why it does not hold.
    pub because: Unmet,
}

/// A part of a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The whole reference in one scalar.
    Reference,
    /// The registry.
    Registry,
    /// The repository; it may hold the registry too, as `repository: ghcr.io/o/n`.
    Repository,
    /// The tag.
    Tag,
    /// The digest.
    Digest,
}

impl Part {
    /// The word for it in machine output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reference => "reference",
            Self::Registry => "registry",
            Self::Repository => "repository",
            Self::Tag => "tag",
            Self::Digest => "digest",
        }
    }
}

/// What the policy says of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Its registry is allowed.
    Allowed,
    /// Its registry is disallowed and no exception holds.
    Disallowed,
    /// Its registry is disallowed and an exception permits it.
    Excepted,
    /// No rule of the policy names its registry.
    Unlisted,
}

impl Status {
    /// The word for it in machine output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Disallowed => "disallowed",
            Self::Excepted => "excepted",
            Self::Unlisted => "unlisted",
        }
    }
}

/// What an image is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// A container that serves: of a Deployment, StatefulSet, DaemonSet…
    Runtime,
    /// A container of a Job, a CronJob or a hook.
    Utility,
    /// A container of a Helm test.
    Test,
}

impl Role {
    /// The word for it in machine output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Runtime => "runtime",
            Self::Utility => "utility",
            Self::Test => "test",
        }
    }
}

impl From<Role> for Urgency {
    /// What serves goes first, then what prepares, then what tests.
    fn from(role: Role) -> Self {
        match role {
            Role::Runtime => Self::High,
            Role::Utility => Self::Medium,
            Role::Test => Self::Low,
        }
    }
}

/// How an image was found. Later kinds are weaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// The chart's templates print it, evaluated as Helm evaluates them.
    Evaluation,
    /// The text is a whole reference where Kubernetes or Helm reads one.
    Literal,
    /// The template joins it from values and literals in a way that needs no evaluation.
    Template,
    /// The keys of a values file look as charts write images.
    Convention,
    /// An annotation of Chart.yaml lists it.
    Annotation,
}

impl Evidence {
    /// The word for it in machine output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Evaluation => "evaluation",
            Self::Literal => "literal",
            Self::Template => "template",
            Self::Convention => "convention",
            Self::Annotation => "annotation",
        }
    }
}

/// The bytes in a chart's source that spell a reference, or one part of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Declaration {
    /// Which part.
    pub part: Part,
    /// Where, with the text as written there.
    pub location: Location,
    /// The text that the bytes stand for (escapes and folding undone).
    pub text: String,
    /// The flag that gave the text, for instance `--set image.tag=1.2`, when no file has
    /// it; the location is then the place that uses it.
    pub from: Option<String>,
}

/// A place that consumes a reference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// Where.
    pub location: Location,
    /// The kind of the manifest, for instance `Deployment`, when it is known.
    pub kind: Option<String>,
    /// The name of the container, when it is known.
    pub container: Option<String>,
    /// The way there, from the declaration to the container; empty unless it is asked for.
    pub why: Vec<Label>,
}
