//! `--format sarif`: SARIF 2.1.0, as GitHub's code scanning reads it.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use crate::escape::one_line;
use crate::words;
use chart_lint::model::{Finding, Fix, Hidden, HiddenBy, Level, Location, Report};
use chart_lint::rules;
use serde_json::{Value, json};

/// Results that GitHub accepts in one run.
const MOST_RESULTS: usize = 25_000;
const HOME: &str = "https://github.com/chart-images/chart-images";

/// The findings as a SARIF log.
pub fn lint(report: &Report) -> String {
    let shown = report.findings.iter().map(|finding| result(finding, None));
    let hidden = report
        .hidden
        .iter()
        .filter_map(|hidden| Some(result(&hidden.finding, Some(suppression(hidden)?))));
    let all: Vec<Value> = shown.chain(hidden).collect();
    let left_out = all.len().saturating_sub(MOST_RESULTS);
    let mut invocation = json!({
        "executionSuccessful": report.summary().incomplete == 0,
    });
    if left_out > 0 {
        let text = format!("{left_out} results are left out: one run may have {MOST_RESULTS}");
        invocation["toolExecutionNotifications"] =
            json!([{ "level": "warning", "message": { "text": text } }]);
    }
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "chart-images",
                "informationUri": HOME,
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules::ALL.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "%SRCROOT%": { "description": { "text": "The root that paths are relative to." } } },
            "invocations": [invocation],
            "results": all.into_iter().take(MOST_RESULTS).collect::<Vec<_>>(),
        }],
    });
    let mut text = serde_json::to_string_pretty(&log).unwrap_or_default();
    text.push('\n');
    text
}

fn descriptor(rule: &rules::RuleMeta) -> Value {
    let plain = sentence(rule.summary);
    json!({
        "id": rule.name,
        "name": pascal_case(rule.name),
        "shortDescription": { "text": plain },
        "fullDescription": { "text": plain },
        "help": { "text": rule.explanation, "markdown": rule.explanation },
        "helpUri": format!("{HOME}/blob/main/docs/rules/{}.md", rule.name),
        "defaultConfiguration": match rule.level {
            Level::Off => json!({ "enabled": false }),
            level => json!({ "level": word(level) }),
        },
    })
}

fn result(finding: &Finding, suppression: Option<Value>) -> Value {
    let index = rules::ALL.iter().position(|rule| rule.name == finding.rule);
    let mut text = words::message_in_a_file(finding);
    for help in &finding.help {
        text.push_str(". ");
        text.push_str(help);
    }
    let place = words::place_in_a_file(finding);
    let related = finding
        .related
        .iter()
        .filter(|label| !label.location.path.contains(".tgz!") && label.location != *place);
    let mut result = json!({
        "ruleId": finding.rule,
        "level": word(finding.level),
        "message": { "text": sentence(&one_line(&text)) },
        "locations": [{ "physicalLocation": physical(place) }],
        "partialFingerprints": {
            "primaryLocationLineHash": format!("{}:1", finding.fingerprint),
            "chartImages/v1": finding.fingerprint,
        },
    });
    if let Some(index) = index {
        result["ruleIndex"] = json!(index);
    }
    let related: Vec<Value> = related
        // The built-in policy is no file of the repository.
        .filter(|label| &*label.location.path != chart_lint::policy::BUILT_IN && !label.location.path.starts_with("../"))
        .enumerate()
        .map(|(id, label)| {
            json!({ "id": id + 1, "physicalLocation": physical(&label.location), "message": { "text": sentence(&one_line(&label.text)) } })
        })
        .collect();
    if !related.is_empty() {
        result["relatedLocations"] = Value::Array(related);
    }
    if let Some(fix) = &finding.fix {
        result["fixes"] = json!([changes(finding, fix)]);
    }
    if let Some(suppression) = suppression {
        result["suppressions"] = json!([suppression]);
    }
    result
}

/// The bytes to change, by file.
fn changes(finding: &Finding, fix: &Fix) -> Value {
    let mut changes: Vec<Value> = Vec::new();
    for edit in &fix.edits {
        let place = physical(&edit.location);
        let replacement = json!({
            "deletedRegion": place["region"],
            "insertedContent": { "text": edit.text },
        });
        let same = |change: &&mut Value| change["artifactLocation"] == place["artifactLocation"];
        match changes.iter_mut().find(same).and_then(|change| change["replacements"].as_array_mut())
        {
            Some(replacements) => replacements.push(replacement),
            None => changes.push(json!({
                "artifactLocation": place["artifactLocation"],
                "replacements": [replacement],
            })),
        }
    }
    let to = finding.replacement.as_deref().unwrap_or_default();
    let others = match fix.others {
        0 => String::new(),
        1 => ", and the replacement of 1 other image that shares its bytes".to_owned(),
        n => format!(", and the replacements of {n} other images that share bytes with it"),
    };
    json!({
        "description": { "text": format!("Write {}{others}.", one_line(to)) },
        "artifactChanges": changes,
    })
}

/// Inline comments and the baseline suppress; what another revision has too is
/// another run's matter.
fn suppression(hidden: &Hidden) -> Option<Value> {
    match &hidden.because {
        HiddenBy::Suppression(reason) => Some(
            json!({ "kind": "inSource", "status": "accepted", "justification": one_line(reason) }),
        ),
        HiddenBy::Baseline => Some(json!({ "kind": "external", "status": "accepted" })),
        HiddenBy::Since(_) => None,
    }
}

fn physical(location: &Location) -> Value {
    let mut place = json!({
        "artifactLocation": { "uri": uri(&location.path), "uriBaseId": "%SRCROOT%" },
    });
    if !location.path.contains(".tgz!") {
        place["region"] = json!({
            "startLine": location.start.line,
            "startColumn": location.start.column,
            "endLine": location.end.line,
            "endColumn": location.end.column,
        });
    }
    place
}

/// A path as a relative URI; of a member of an archive the archive's.
fn uri(path: &str) -> String {
    let path = path.find(".tgz!").map_or(path, |at| &path[..at + 4]);
    let mut uri = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(byte as char)
            }
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

fn word(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
        Level::Off => "none",
    }
}

/// SARIF wants sentences: a capital letter and a full stop.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{stop}", chars.as_str())
}

fn pascal_case(name: &str) -> String {
    let capital = |word: &str| {
        let mut chars = word.chars();
        chars
            .next()
            .map(|c| c.to_ascii_uppercase().to_string() + chars.as_str())
            .unwrap_or_default()
    };
    name.split('-').map(capital).collect()
}
