//! Findings for unit tests.

use crate::model::*;
use std::sync::Arc;

/// A finding of `rule` at the first column of a line.
pub(crate) fn finding(rule: &'static str, path: &str, line: u32) -> Finding {
    let at = Position { line, column: 1 };
    Finding {
        rule,
        level: Level::Error,
        message: "a message".into(),
        reference: Some("ghcr.io/o/n:1".into()),
        chart: None,
        primary: Label {
            location: Location {
                path: Arc::from(path),
                start: at,
                end: at,
                bytes: ByteRange { start: 0, end: 0 },
                snippet: Snippet {
                    first_line: line,
                    text: String::new(),
                    range: ByteRange { start: 0, end: 0 },
                },
            },
            text: String::new(),
        },
        related: Vec::new(),
        help: Vec::new(),
        replacement: None,
        fix: None,
        fingerprint: crate::fingerprint::fingerprint(rule, path, &line.to_string(), 0),
    }
}

/// A report of these findings.
pub(crate) fn report(findings: Vec<Finding>) -> Report {
    Report { findings, ..Report::default() }
}
