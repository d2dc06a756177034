//! Finds the container images of Helm charts and judges them by a policy.
#![deny(missing_docs)]

pub mod baseline;
pub mod check;
pub mod date;
pub mod deployment;
pub mod discover;
mod extract;
pub mod fingerprint;
pub mod fix;
pub mod git;
pub mod model;
pub mod policy;
pub mod rules;
pub mod scope;
pub mod shell;
pub mod since;
pub mod suggest;
pub mod suppress;
pub mod verified;

#[cfg(test)]
mod test_support;
