//! Moves container images to registries that the policy allows: first the plan.
#![deny(missing_docs)]

pub mod plan;
