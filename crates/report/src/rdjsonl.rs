//! `--format rdjsonl`: one diagnostic a line, as reviewdog reads them and turns into
//! comments with suggestions.
//!
//! <https://github.com/reviewdog/reviewdog/tree/master/proto/rdf>

use crate::escape::one_line;
use crate::words;
use chart_lint::model::{Finding, FixEdit, Level, Location, Report};
use serde_json::{Value, json};

const HOME: &str = "https://github.com/chart-images/chart-images";

/// The findings, one a line; nothing when there are none.
pub fn lint(report: &Report) -> String {
    report.findings.iter().map(|finding| format!("{}\n", diagnostic(finding))).collect()
}

fn diagnostic(finding: &Finding) -> Value {
    let mut text = words::message_in_a_file(finding);
    for help in &finding.help {
        text.push_str("; ");
        text.push_str(help);
    }
    let place = words::place_in_a_file(finding);
    let mut diagnostic = json!({
        "message": one_line(&text),
        "location": { "path": file(&place.path), "range": range(place) },
        "severity": match finding.level {
            Level::Error => "ERROR",
            Level::Warning => "WARNING",
            Level::Note | Level::Off => "INFO",
        },
        "source": { "name": "chart-images", "url": HOME },
        "code": {
            "value": finding.rule,
            "url": format!("{HOME}/blob/main/docs/rules/{}.md", finding.rule),
        },
    });
    // A suggestion is for the file of its diagnostic, and half a fix is none.
    let suggestions: Option<Vec<Value>> =
        finding.fix.iter().map(|edit| suggestion(edit, place)).collect();
    if let Some(suggestions) = suggestions.filter(|suggestions| !suggestions.is_empty()) {
        diagnostic["suggestions"] = Value::Array(suggestions);
    }
    diagnostic
}

fn suggestion(edit: &FixEdit, place: &Location) -> Option<Value> {
    (edit.location.path == place.path)
        .then(|| json!({ "range": range(&edit.location), "text": edit.text }))
}

/// The path of a file; of a member of an archive the archive's.
fn file(path: &str) -> &str {
    path.find(".tgz!").map_or(path, |at| &path[..at + 4])
}

/// Lines from 1, columns in bytes from 1, the end exclusive.
fn range(location: &Location) -> Value {
    if location.path.contains(".tgz!") {
        return json!({ "start": { "line": 1 } });
    }
    let start = byte_column(location);
    let one_line = location.start.line == location.end.line;
    let width = location.bytes.end - location.bytes.start;
    // Beyond its first line a column in characters is as near as a report gets.
    let end = if one_line { start + width } else { location.end.column as usize };
    json!({
        "start": { "line": location.start.line, "column": start },
        "end": { "line": location.end.line, "column": end },
    })
}

/// The column in bytes. Of a very long line the report keeps a part: what is not kept is
/// counted in characters.
fn byte_column(location: &Location) -> usize {
    let shown = &location.snippet.text[..location.snippet.range.start];
    let line = shown.rsplit('\n').next().unwrap_or_default();
    let unseen = (location.start.column as usize).saturating_sub(1 + line.chars().count());
    unseen + line.len() + 1
}
