//! Charts, judged in process.
#![allow(dead_code, reason = "not every test needs all")]

use chart_lint::check::{CheckRequest, check};
use chart_lint::date::Date;
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
    let today = Date::new(2026, 6, 1).unwrap();
    let mut request = CheckRequest::new(root.to_owned(), found, today);
    ask(&mut request);
    check(&request)
}
