//! Charts, judged in process.
#![allow(dead_code, reason = "not every test needs all")]

use chart_lint::check::{CheckRequest, PolicySource, check};
use chart_lint::date::Date;
use chart_lint::deployment::Deployment;
use chart_lint::discover::discover;
use chart_lint::model::Report;
use std::path::Path;

/// Judges the charts in a folder, on the first of June 2026.
pub(crate) fn judge(root: &Path) -> Report {
    asked(root, |_| {})
}

/// The same, with the templates evaluated.
pub(crate) fn evaluate(root: &Path) -> Report {
    asked(root, |request| request.evaluate = true)
}

/// The same, as asked.
pub(crate) fn asked(root: &Path, ask: impl FnOnce(&mut CheckRequest<'_>)) -> Report {
    let found = discover(&[root.to_owned()], root).unwrap();
    let mut request = CheckRequest {
        charts: found.charts,
        only: None,
        outside: found.outside,
        problems: found.problems,
        policies: PolicySource::Nearest { root: root.to_owned(), top: root.to_owned() },
        today: Date::new(2026, 6, 1).unwrap(),
        trusted_root: None,
        trusted_suppressions: None,
        unused_exceptions: false,
        evaluate: false,
        require_dependencies: false,
        deployment: Deployment::default(),
        ways: false,
        progress: None,
        root: root.to_owned(),
    };
    ask(&mut request);
    check(&request)
}
