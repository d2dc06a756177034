//! How a run ends.

use chart_lint::model::{Finding, Level, Report};
use chart_lint::rules::says_incomplete;

/// The exit status of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Outcome {
    /// Nothing at level error.
    Clean = 0,
    /// Findings at level error.
    Findings = 1,
    /// The question was wrong: a bad flag, no chart, an invalid policy.
    Wrong = 2,
    /// Something could not be read or analysed, and nothing worse.
    Incomplete = 3,
}

impl Outcome {
    /// What a report comes to when it is asked what it found.
    pub(crate) fn of_lint(report: &Report) -> Self {
        let failing = |f: &&Finding| f.level == Level::Error;
        match Self::of_list(report) {
            Self::Wrong => Self::Wrong,
            _ if report.findings.iter().filter(failing).any(|f| !says_incomplete(f.rule)) => {
                Self::Findings
            }
            rest => rest,
        }
    }

    /// What a report comes to when it is asked what there is: a disallowed
    /// image is an answer, not a failure.
    pub(crate) fn of_list(report: &Report) -> Self {
        let incomplete = |f: &Finding| f.level == Level::Error && says_incomplete(f.rule);
        if report.findings.iter().any(|finding| finding.rule == "invalid-policy") {
            Self::Wrong
        } else if report.findings.iter().any(incomplete) || report.summary().incomplete > 0 {
            Self::Incomplete
        } else {
            Self::Clean
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chart_lint::model::*;
    use std::sync::Arc;

    fn report(findings: &[(&'static str, Level)]) -> Report {
        let at = Position { line: 1, column: 1 };
        let bytes = ByteRange { start: 0, end: 0 };
        let snippet = Snippet { first_line: 1, text: String::new(), range: bytes };
        let finding = |&(rule, level): &(&'static str, Level)| Finding {
            rule,
            level,
            message: String::new(),
            reference: None,
            chart: None,
            primary: Label {
                location: Location {
                    path: Arc::from("a"),
                    start: at,
                    end: at,
                    bytes,
                    snippet: snippet.clone(),
                },
                text: String::new(),
            },
            related: Vec::new(),
            help: Vec::new(),
            replacement: None,
            fix: None,
            fingerprint: String::new(),
        };
        Report { findings: findings.iter().map(finding).collect(), ..Report::default() }
    }

    #[test]
    fn the_worst_decides() {
        use Level::{Error, Note, Warning};
        for (findings, lint, list) in [
            (vec![], Outcome::Clean, Outcome::Clean),
            (vec![("a", Warning), ("b", Note)], Outcome::Clean, Outcome::Clean),
            (vec![("a", Error)], Outcome::Findings, Outcome::Clean),
            (vec![("unreadable-file", Error)], Outcome::Incomplete, Outcome::Incomplete),
            (
                vec![("unreadable-file", Error), ("a", Warning)],
                Outcome::Incomplete,
                Outcome::Incomplete,
            ),
            (
                vec![("unreadable-file", Error), ("a", Error)],
                Outcome::Findings,
                Outcome::Incomplete,
            ),
            (vec![("unresolved-image", Warning)], Outcome::Clean, Outcome::Clean),
            (vec![("unresolved-image", Error)], Outcome::Incomplete, Outcome::Incomplete),
            (vec![("missing-dependency", Warning)], Outcome::Clean, Outcome::Clean),
            (vec![("missing-dependency", Error)], Outcome::Incomplete, Outcome::Incomplete),
            (
                vec![("unresolved-image", Error), ("a", Error)],
                Outcome::Findings,
                Outcome::Incomplete,
            ),
            (vec![("invalid-policy", Error), ("a", Error)], Outcome::Wrong, Outcome::Wrong),
        ] {
            let report = report(&findings);
            assert_eq!(Outcome::of_lint(&report), lint, "{findings:?}");
            assert_eq!(Outcome::of_list(&report), list, "{findings:?}");
        }
        let failed = FileOutcome::Failed("why".into());
        let mut report = report(&[]);
        report.files.push(FileRecord { path: "a".into(), outcome: failed });
        assert_eq!(Outcome::of_lint(&report), Outcome::Incomplete);
    }
}
