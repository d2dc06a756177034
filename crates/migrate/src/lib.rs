//! Moves container images to registries that the policy allows: plans it, does it, and
//! takes it back.
//!
//! A migration changes the bytes that spell an image and nothing else. Each change is
//! proved before it is written: judged as it is to be, the chart uses
//! exactly the images that it should. A [`journal`] is written first, so that an
//! interrupted migration can be taken back like one that was finished.
#![deny(missing_docs)]

pub mod apply;
mod attempt;
mod change;
mod copies;
mod dependants;
pub mod diff;
mod elsewhere;
pub mod files;
mod flush;
mod follow;
mod follows_from;
mod groups;
pub mod journal;
mod lines;
mod lock;
pub mod message;
pub mod migration;
pub mod mirror;
pub mod notes;
mod overrides;
pub mod permitted;
mod place;
pub mod plan;
mod prove;
mod remarks;
mod rendered;
pub mod rollback;
mod suites;
mod trial;
mod version;
pub mod vouch;
mod written;

pub use chart_lint::fix::{edit, propose};
pub use dependants::dependencies_first;
