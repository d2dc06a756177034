//! Small repositories of charts, judged in process.

use chart_lint::check::{CheckRequest, check};
use chart_lint::date::Date;
use chart_lint::discover::discover;
use chart_lint::model::Report;
use chart_lint::verified;
use std::fs;
use std::sync::Arc;

/// Writes the files into a folder of its own and judges the charts in it, on
/// the first of June 2026.
pub(crate) fn judge(files: &[(&str, &str)], unused_exceptions: bool, evaluate: bool) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    for (path, text) in files {
        let file = root.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let found = discover(std::slice::from_ref(&root), &root).unwrap();
    let today = Date::new(2026, 6, 1).unwrap();
    let verified = verified::read(&root.join(verified::PATH)).unwrap().map(Arc::new);
    check(&CheckRequest {
        verified,
        unused_exceptions,
        evaluate,
        ..CheckRequest::new(root.clone(), found, today)
    })
}

/// All that a reader can be shown of a report.
pub(crate) fn formats(report: &Report) -> [(&'static str, String); 5] {
    let options = report::human::Options { color: false, width: 100 };
    [
        ("human", report::human::lint(report, options)),
        ("concise", report::concise::lint(report)),
        ("json", report::json::lint(report)),
        ("github", report::github::annotations(report)),
        ("sarif", report::sarif::lint(report)),
    ]
}
