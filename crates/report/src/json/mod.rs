//! `--format json`: the whole report, for programs.
//!
//! The types of the output are in [`v1`], apart from those of the linter, so
//! that a change in there cannot change a meaning out here.

mod v1;

use chart_lint::model::Report;

/// The inventory, without findings.
pub fn list(report: &Report) -> String {
    text(&v1::Document::list(report))
}

/// The inventory with the findings.
pub fn lint(report: &Report) -> String {
    text(&v1::Document::lint(report))
}

fn text(document: &v1::Document<'_>) -> String {
    // Strings and numbers always serialise; an error here could only be a bug of the types.
    let mut text = serde_json::to_string_pretty(document)
        .unwrap_or_else(|error| format!("{{\"error\": \"{error}\"}}"));
    text.push('\n');
    text
}
