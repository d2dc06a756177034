//! What to write so that a finding goes away.
//!
//! A fix is read off the files: it is a proposal, which `migrate` and `lint --fix` prove
//! by an evaluation before they write it. It is whole: what spells several images moves
//! all of them, each to its own replacement, or there is no fix.

pub mod edit;
pub mod propose;
mod spelled;
mod whole;

use crate::model::{Finding, Fix, Report};
use crate::rules::DISALLOWED_REGISTRY;
use whole::Fixes;

/// Gives the findings of disallowed registries the bytes to change, where there are any
/// that are the chart's own and that spell no image which is to stay.
pub(crate) fn attach(report: &mut Report) {
    let is_meant = |finding: &Finding| finding.rule == DISALLOWED_REGISTRY.name;
    if !report.findings.iter().any(is_meant) {
        return;
    }
    let mut known = Fixes::of(report);
    let fixes: Vec<Option<Fix>> = report
        .findings
        .iter()
        .map(|finding| is_meant(finding).then(|| known.fix(finding)).flatten())
        .collect();
    for (finding, fix) in report.findings.iter_mut().zip(fixes) {
        finding.fix = fix;
    }
}
