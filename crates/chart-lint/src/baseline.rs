//! The file of known findings, which lets a gate start before all is clean.
//!
//! ```json
//! {
//!   "version": 1,
//!   "findings": [
//!     { "path": "charts/a/values.yaml", "rule": "disallowed-registry", "reference": "ghcr.io/o/n:1", "fingerprint": "…" }
//!   ]
//! }
//! ```
//!
//! Entries are sorted, one to a line, so that a fixed finding is one deleted
//! line in a review. Only the fingerprint decides; the rest is for the reader.

use crate::model::{FixedFinding, Hidden, HiddenBy, Report};
use crate::scope::Scope;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use std::collections::HashSet;
use std::fmt;

/// The only version of the file's shape that there is.
const VERSION: u32 = 1;

/// Rules whose findings can be neither baselined nor passed by `--since`: they
/// say that the gate could not do its work.
pub const ALWAYS_REPORTED: [&str; 2] = ["unreadable-file", "invalid-policy"];

/// Whether a finding of this rule may be known to a baseline or a revision.
pub fn may_be_known(rule: &str) -> bool {
    !ALWAYS_REPORTED.contains(&rule)
}

/// Known findings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    entries: Vec<Entry>,
}

/// One known finding. The order of the fields is the order of the file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[serde(deserialize_with = "known_path")]
    path: String,
    #[serde(deserialize_with = "known_rule")]
    rule: String,
    #[serde(default)]
    reference: Option<String>,
    #[serde(deserialize_with = "hex")]
    fingerprint: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(deserialize_with = "version")]
    #[allow(dead_code, reason = "reading it is checking it")]
    version: u32,
    findings: Vec<Entry>,
}

/// Why a baseline cannot be read. `line` and `column` count from 1, the column
/// in bytes, as the JSON reader counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaselineError {
    /// The line of the mistake.
    pub line: usize,
    /// The column of the mistake.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for BaselineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for BaselineError {}

impl Baseline {
    /// Reads the text of a baseline file. A byte order mark is let pass.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let file: File = serde_json::from_str(text).map_err(|error| {
            // serde_json appends the position, which is told apart here.
            let said = error.to_string();
            let position = format!(" at line {} column {}", error.line(), error.column());
            let message = said.strip_suffix(&position).unwrap_or(&said).to_owned();
            BaselineError { line: error.line(), column: error.column(), message }
        })?;
        let mut entries = file.findings;
        entries.sort();
        entries.dedup();
        Ok(Self { entries })
    }

    /// The baseline that makes `report` pass. Entries of `old` that lie outside
    /// of `scope` were not judged, so they are kept.
    pub fn from_report(report: &Report, old: &Self, scope: &Scope) -> Self {
        let found = report.findings.iter().filter(|f| may_be_known(f.rule)).map(|f| Entry {
            path: f.primary.location.path.to_string(),
            rule: f.rule.to_owned(),
            reference: f.reference.clone(),
            fingerprint: f.fingerprint.clone(),
        });
        let kept = old.entries.iter().filter(|e| !scope.covers(&e.path)).cloned();
        let mut entries: Vec<Entry> = found.chain(kept).collect();
        entries.sort();
        entries.dedup();
        Self { entries }
    }

    /// How many findings are known.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The text of the file; equal baselines have equal texts.
    pub fn to_text(&self) -> String {
        let mut text = format!("{{\n  \"version\": {VERSION},\n  \"findings\": [");
        for (i, entry) in self.entries.iter().enumerate() {
            text.push_str(if i == 0 { "\n    " } else { ",\n    " });
            let mut fields = vec![
                ("path", entry.path.as_str()),
                ("rule", &entry.rule),
                ("fingerprint", &entry.fingerprint),
            ];
            if let Some(reference) = &entry.reference {
                fields.insert(2, ("reference", reference));
            }
            let fields: Vec<String> = fields
                .into_iter()
                .map(|(key, value)| format!("\"{key}\": {}", serde_json::Value::from(value)))
                .collect();
            text.push_str(&format!("{{ {} }}", fields.join(", ")));
        }
        text.push_str(if self.entries.is_empty() { "]\n}\n" } else { "\n  ]\n}\n" });
        text
    }
}

/// Hides the findings of `report` that the baseline knows, and tells which
/// entries within `scope` have no finding any more.
pub fn apply(mut report: Report, baseline: &Baseline, scope: &Scope) -> Report {
    let known: HashSet<&str> = baseline.entries.iter().map(|e| e.fingerprint.as_str()).collect();
    // What a suppression or `--since` hides is still there, so it is not fixed.
    let present: HashSet<String> = report
        .findings
        .iter()
        .chain(report.hidden.iter().map(|h| &h.finding))
        .map(|f| f.fingerprint.clone())
        .collect();
    let (old, new): (Vec<_>, Vec<_>) = report
        .findings
        .into_iter()
        .partition(|f| may_be_known(f.rule) && known.contains(f.fingerprint.as_str()));
    report.findings = new;
    report.hidden.extend(old.into_iter().map(|finding| Hidden {
        finding,
        because: HiddenBy::Baseline,
        comment: None,
    }));
    report.fixed.extend(
        baseline
            .entries
            .iter()
            .filter(|e| scope.covers(&e.path) && !present.contains(&e.fingerprint))
            .map(|e| FixedFinding {
                fingerprint: e.fingerprint.clone(),
                rule: e.rule.clone(),
                path: e.path.clone(),
                reference: e.reference.clone(),
            }),
    );
    report
}

fn version<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    let version = u32::deserialize(from)?;
    if version != VERSION {
        return Err(D::Error::custom(format!(
            "version {version} is of another chart-images; this one reads version {VERSION}"
        )));
    }
    Ok(version)
}

fn known_rule<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let rule = String::deserialize(from)?;
    if !may_be_known(&rule) {
        return Err(D::Error::custom(format!(
            "a finding of `{rule}` cannot be known: it says that the gate could not do its work"
        )));
    }
    Ok(rule)
}

fn known_path<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let path = String::deserialize(from)?;
    if path.is_empty() {
        return Err(D::Error::custom("the path is empty"));
    }
    Ok(path)
}

fn hex<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    if text.len() != 32 || !text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return Err(D::Error::custom(format!("`{text}` is no fingerprint of 32 hex digits")));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{finding, report};

    #[test]
    fn reads_what_it_writes() {
        let found = report(vec![finding("r", "b", 2), finding("r", "a \"x\"\n", 1)]);
        let baseline = Baseline::from_report(&found, &Baseline::default(), &Scope::everything());
        let text = baseline.to_text();
        assert_eq!(Baseline::parse(&text).unwrap(), baseline);
        assert_eq!(text.lines().count(), 7, "{text}");
        assert!(text.lines().nth(3).unwrap().contains(r#""path": "a \"x\"\n""#), "{text}");
        let empty = Baseline::default().to_text();
        assert_eq!(Baseline::parse(&empty).unwrap(), Baseline::default());
    }

    #[test]
    fn hides_the_known_and_tells_the_fixed() {
        let old = report(vec![finding("r", "a", 1), finding("r", "fixed", 1)]);
        let baseline = Baseline::from_report(&old, &Baseline::default(), &Scope::everything());
        let now = report(vec![finding("r", "a", 1), finding("r", "new", 1)]);
        let now = apply(now, &baseline, &Scope::everything());
        assert_eq!(now.findings.len(), 1);
        assert_eq!(&*now.findings[0].primary.location.path, "new");
        assert_eq!(now.hidden[0].because, HiddenBy::Baseline);
        assert_eq!(now.fixed.len(), 1);
        assert_eq!(now.fixed[0].path, "fixed");
    }

    #[test]
    fn what_was_not_judged_is_neither_fixed_nor_dropped() {
        let old = report(vec![finding("r", "charts/a/values.yaml", 1)]);
        let baseline = Baseline::from_report(&old, &Baseline::default(), &Scope::everything());
        let scope = Scope::folders(["charts/b"]);
        let now = apply(Report::default(), &baseline, &scope);
        assert!(now.fixed.is_empty());
        assert_eq!(Baseline::from_report(&now, &baseline, &scope), baseline);
        assert!(Baseline::from_report(&now, &baseline, &Scope::everything()).is_empty());
    }

    #[test]
    fn a_gate_that_could_not_work_is_never_known() {
        let bad =
            report(vec![finding("unreadable-file", "a", 1), finding("invalid-policy", "b", 1)]);
        let baseline = Baseline::from_report(&bad, &Baseline::default(), &Scope::everything());
        assert!(baseline.is_empty());
        let fingerprint = &bad.findings[0].fingerprint;
        // Nor by an entry that claims another rule.
        let text = format!(
            r#"{{"version":1,"findings":[{{"fingerprint":"{fingerprint}","rule":"r","path":"a"}}]}}"#
        );
        let baseline = Baseline::parse(&text).unwrap();
        assert_eq!(apply(bad, &baseline, &Scope::everything()).findings.len(), 2);
    }

    #[test]
    fn mistakes_have_a_place() {
        for (text, line, says) in [
            ("", 1, "EOF"),
            ("{\n\"version\": 2,\n\"findings\": []}", 2, "version 2"),
            ("{\n\"version\": 1,\n\"finding\": []}", 3, "unknown field `finding`"),
            (
                "{\"version\": 1, \"findings\": [\n{\"path\": \"a\", \"rule\": \"invalid-policy\"}]}",
                2,
                "cannot be known",
            ),
            (
                "{\"version\": 1, \"findings\": [\n\n{\"path\": \"a\", \"rule\": \"r\", \"fingerprint\": \"x\"}]}",
                3,
                "32 hex",
            ),
            ("{\"version\": 1, \"findings\": []}\nx", 2, "trailing"),
        ] {
            let error = Baseline::parse(text).unwrap_err();
            assert_eq!(error.line, line, "{error}");
            assert!(error.message.contains(says), "{error}");
            assert!(!error.message.contains(" at line "), "{error}");
        }
    }
}
