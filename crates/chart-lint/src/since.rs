//! `--since REV`: only what a revision does not have counts.
//!
//! The revision's tree is judged like the present one, and findings are
//! compared by fingerprint. So an edit to a helper or to `appVersion` counts
//! where it shows, in whatever file that is, and an untouched violation does
//! not fail the change that stands beside it.

use crate::baseline::may_be_known;
use crate::model::{Hidden, HiddenBy, Report};
use std::collections::HashSet;

/// Hides the findings of `report` that `before`, the report of `rev`, has too.
///
/// What must never pass silently stays: a file that cannot be read and a
/// policy that does not hold, though the revision had them as well.
pub fn apply(mut report: Report, before: &Report, rev: &str) -> Report {
    let old: HashSet<&str> = before.findings.iter().map(|f| f.fingerprint.as_str()).collect();
    let (known, new): (Vec<_>, Vec<_>) = report
        .findings
        .into_iter()
        .partition(|f| may_be_known(f.rule) && old.contains(f.fingerprint.as_str()));
    report.findings = new;
    report.hidden.extend(known.into_iter().map(|finding| Hidden {
        finding,
        because: HiddenBy::Since(rev.to_owned()),
        comment: None,
    }));
    report
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{finding, report};

    #[test]
    fn hides_what_the_revision_has_and_counts_it() {
        let before = report(vec![finding("r", "a", 1), finding("r", "gone", 1)]);
        let now = report(vec![finding("r", "a", 1), finding("r", "new", 1)]);
        let now = apply(now, &before, "main");
        assert_eq!(now.findings.len(), 1);
        assert_eq!(&*now.findings[0].primary.location.path, "new");
        assert_eq!(now.hidden.len(), 1);
        assert_eq!(now.hidden[0].because, HiddenBy::Since("main".into()));
        assert!(now.fixed.is_empty());
    }

    #[test]
    fn a_file_that_cannot_be_read_stays() {
        let both = || report(vec![finding("unreadable-file", "a", 1)]);
        assert_eq!(apply(both(), &both(), "main").findings.len(), 1);
    }

    #[test]
    fn a_finding_that_the_revision_suppresses_is_new_without_the_suppression() {
        let mut before = report(vec![finding("r", "a", 1)]);
        let because = HiddenBy::Suppression("why".into());
        before.hidden = before
            .findings
            .drain(..)
            .map(|finding| Hidden { finding, because: because.clone(), comment: None })
            .collect();
        assert_eq!(apply(report(vec![finding("r", "a", 1)]), &before, "main").findings.len(), 1);
    }
}
