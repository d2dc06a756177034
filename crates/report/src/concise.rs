//! `--format concise`: one line for each finding, as compilers print them.
//!
//! `.github/problem-matcher.json` reads these lines.

use crate::escape::one_line;
use crate::words;
use chart_lint::model::Report;
use std::fmt::Write;

/// The findings and a line with the counts.
pub fn lint(report: &Report) -> String {
    let mut text = String::new();
    for finding in &report.findings {
        let at = &finding.primary.location;
        let mut message = one_line(&finding.message).into_owned();
        if let Some(replacement) = &finding.replacement {
            message.push_str(&format!("; use {}", one_line(replacement)));
        }
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{}:{}:{}: {}[{}]: {message}",
            one_line(&at.path),
            at.start.line,
            at.start.column,
            finding.level.as_str(),
            finding.rule,
        );
    }
    text.push_str(&words::totals(report));
    text.push('\n');
    for remark in words::remarks(report) {
        text.push_str(&remark);
        text.push('\n');
    }
    text
}

/// The images: reference, status and first declaration.
pub fn list(report: &Report) -> String {
    let mut text = String::new();
    for image in &report.images {
        let at = image.declarations.first().map(|declaration| &declaration.location);
        let place =
            at.map(|at| format!("{}:{}:{}", one_line(&at.path), at.start.line, at.start.column));
        let _ = writeln!(
            text,
            "{}: {} {}",
            place.unwrap_or_default(),
            one_line(&image.reference),
            image.status.as_str()
        );
    }
    text
}
