//! Hands the report to the formats.

use crate::output::Format;
use crate::terminal::{Style, harmless, say};
use chart_lint::model::{FileOutcome, Report};
use std::fs::OpenOptions;
use std::io::Write;

/// The findings.
pub(crate) fn lint(format: Format, report: &Report, _style: Style) -> String {
    if format == Format::Json {
        return report::json::lint(report);
    }
    let mut text = String::new();
    for f in &report.findings {
        let at = &f.primary.location;
        text.push_str(&harmless(&format!(
            "{}:{}:{}: {}[{}] {}\n",
            at.path,
            at.start.line,
            at.start.column,
            f.level.as_str(),
            f.rule,
            f.message
        )));
    }
    text.push_str(&format!("{:?}\n", report.summary()));
    text
}

/// The images.
pub(crate) fn list(format: Format, report: &Report, _style: Style) -> String {
    if format == Format::Json {
        return report::json::list(report);
    }
    report.images.iter().map(|image| harmless(&format!("{}\n", image.reference))).collect()
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

/// The whole report for the summary of a workflow's step.
fn summary(report: &Report) -> String {
    lint(Format::Github, report, Style::plain())
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
    if let Err(error) = append(&summary(report)) {
        say(&format!("note: the step's summary cannot be written: {error}\n"));
    }
}
