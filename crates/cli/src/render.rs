//! Hands the report to the formats.

use crate::output::Format;
use crate::terminal::{Style, harmless, say};
use chart_lint::model::{FileOutcome, Report};
use std::fs::OpenOptions;
use std::io::Write;

/// The findings.
pub(crate) fn lint(format: Format, report: &Report, style: Style) -> String {
    match format {
        Format::Human => report::human::lint(report, options(style)),
        Format::Concise => report::concise::lint(report),
        Format::Json => report::json::lint(report),
        Format::Sarif => report::sarif::lint(report),
        Format::Github => report::github::annotations(report),
        Format::Rdjsonl => report::rdjsonl::lint(report),
    }
}

/// The images. The formats that show findings alone have no list.
pub(crate) fn list(format: Format, report: &Report, _style: Style) -> String {
    match format {
        Format::Concise => report::concise::list(report),
        Format::Json => report::json::list(report),
        Format::Human | Format::Sarif | Format::Github | Format::Rdjsonl => {
            report::table::list(report)
        }
    }
}

fn options(style: Style) -> report::human::Options {
    report::human::Options { color: style.color, width: style.width }
}

/// Every file and what was done with it.
pub(crate) fn files(report: &Report) -> String {
    let mut text = String::new();
    for file in &report.files {
        let outcome = match &file.outcome {
            FileOutcome::Read(kind) => format!("read as {kind}"),
            FileOutcome::Skipped(reason) => format!("skipped: {reason}"),
            FileOutcome::Failed(reason) => format!("failed: {reason}"),
        };
        // A line is a file, so a name cannot make another one.
        let shown = |text: &str| harmless(text).replace('\n', "\\n");
        text.push_str(&format!("{}\t{}\n", shown(&file.path), shown(&outcome)));
    }
    text
}

/// Appends the whole report to the summary of the workflow's step, where there
/// is one. The gate's answer does not hang on it.
pub(crate) fn append_summary(report: &Report) {
    let Some(file) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|file| !file.is_empty()) else {
        return;
    };
    let append = |text: &str| {
        OpenOptions::new().append(true).create(true).open(&file)?.write_all(text.as_bytes())
    };
    if let Err(error) = append(&report::github::summary(report)) {
        say(&format!("note: the step's summary cannot be written: {error}\n"));
    }
}
