//! The rules: one file each, with its documentation beside its check.
//!
//! A rule judges and never prints. It speaks in spans; the places that people
//! see are made from them when its chart is done (see [`crate::check`]).

mod disallowed_chart_registry;
mod disallowed_registry;
mod draft;
mod expired_exception;
mod image_drift;
mod invalid_policy;
mod invalid_reference;
mod meta;
mod missing_dependency;
mod replacement_missing;
mod unlisted_registry;
mod unpinned_exception;
mod unreadable_file;
mod unresolved_image;
mod unused_exception;
mod unused_suppression;

pub(crate) use draft::{Draft, Judged, is_conditional};
pub use meta::RuleMeta;

use crate::verified::Verified;

/// Every rule, in the order of the documentation.
pub static ALL: [&RuleMeta; 14] = [
    &disallowed_registry::META,
    &unpinned_exception::META,
    &expired_exception::META,
    &unused_exception::META,
    &unlisted_registry::META,
    &invalid_reference::META,
    &unresolved_image::META,
    &missing_dependency::META,
    &image_drift::META,
    &disallowed_chart_registry::META,
    &unused_suppression::META,
    &unreadable_file::META,
    &invalid_policy::META,
    &replacement_missing::META,
];

pub(crate) use disallowed_chart_registry::check as chart_registry;
pub(crate) use image_drift::{Runs, check as image_drift};
pub(crate) use invalid_reference::check as invalid_reference;
pub(crate) use missing_dependency::check as missing_dependency;
pub(crate) use replacement_missing::check as replacement_missing;
pub(crate) use unresolved_image::check as unresolved_image;

pub(crate) const DISALLOWED_REGISTRY: &RuleMeta = &disallowed_registry::META;
pub(crate) const UNREADABLE_FILE: &RuleMeta = &unreadable_file::META;
pub(crate) const INVALID_POLICY: &RuleMeta = &invalid_policy::META;
pub(crate) const UNUSED_EXCEPTION: &RuleMeta = &unused_exception::META;
pub(crate) const UNUSED_SUPPRESSION: &RuleMeta = &unused_suppression::META;

pub(crate) const MISSING_DEPENDENCY: &RuleMeta = &missing_dependency::META;

/// True of the rules whose findings say that something could not be analysed. At
/// level error they do not fail a run, they make it incomplete.
pub fn says_incomplete(rule: &str) -> bool {
    [&unreadable_file::META, &unresolved_image::META, &missing_dependency::META]
        .iter()
        .any(|meta| meta.name == rule)
}

/// The rule with this name.
pub fn find(name: &str) -> Option<&'static RuleMeta> {
    ALL.iter().copied().find(|rule| rule.name == name)
}

/// What the rules say of one image. At most one of them speaks: they divide
/// the cases of a judgement between them.
pub(crate) fn image(judged: &Judged<'_>, verified: Option<&Verified>) -> Vec<Draft> {
    [
        disallowed_registry::check(judged),
        unpinned_exception::check(judged, verified),
        expired_exception::check(judged),
        unlisted_registry::check(judged),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_documented() {
        for rule in ALL {
            assert!(rule.explanation.contains("## What it finds"), "{}", rule.name);
            assert!(rule.explanation.contains("## What to do"), "{}", rule.name);
            assert!(!rule.summary.ends_with('.'), "{}", rule.name);
        }
    }
}
