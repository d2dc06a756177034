//! Finds the container images of Helm charts and judges them by a policy.
#![deny(missing_docs)]

pub mod model;
