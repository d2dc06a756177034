//! `--format rdjsonl`: one diagnostic a line, as reviewdog reads them and turns into
//! comments with suggestions.
//!
//! <https://github.com/reviewdog/reviewdog/tree/master/proto/rdf>

use crate::escape::one_line;
use crate::words;
use chart_lint::model::{Finding, Fix, Level, Location, Report};
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
    if let Some(suggestion) = finding.fix.as_ref().and_then(|fix| suggestion(fix, place)) {
        diagnostic["suggestions"] = json!([suggestion]);
    }
    diagnostic
}

/// A fix as one suggestion. A reviewer accepts each suggestion by itself, and reviewdog puts
/// the comment at the lines of the first one, so it has all edits, and the finding's line:
/// those of one line, or of lines that follow one another.
fn suggestion(fix: &Fix, place: &Location) -> Option<Value> {
    let (first, rest) = fix.edits.split_first()?;
    let mut text = first.text.clone();
    let mut last = &first.location;
    for edit in rest {
        text.push_str(between(last, &edit.location)?);
        text.push_str(&edit.text);
        last = &edit.location;
    }
    let first = &first.location;
    // A wrong column would be another text.
    let is_exact = unseen(first) == 0 && unseen(last) == 0;
    let holds =
        first.path == place.path && (first.start.line..=last.end.line).contains(&place.start.line);
    (holds && is_exact)
        .then(|| json!({ "range": { "start": start(first), "end": end(last) }, "text": text }))
}

/// The text between two places of a file, as far as the report keeps it: on the same line
/// or to the next one, with its line ending.
fn between<'r>(before: &'r Location, after: &Location) -> Option<&'r str> {
    let gap = after.bytes.start.checked_sub(before.bytes.end)?;
    let from = before.snippet.range.end;
    let text = before.snippet.text.get(from..from + gap)?;
    // Long lines are kept in part and line endings as one byte: then this is another text.
    let lines = text.matches('\n').count() as u32;
    let width = text.rsplit('\n').next()?.chars().count() as u32;
    let column = if lines == 0 { before.end.column } else { 1 } + width;
    let is_it = before.path == after.path
        && (before.end.line + lines, column) == (after.start.line, after.start.column);
    is_it.then_some(text)
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
    json!({ "start": start(location), "end": end(location) })
}

fn start(location: &Location) -> Value {
    json!({ "line": location.start.line, "column": byte_column(location) })
}

fn end(location: &Location) -> Value {
    let one_line = location.start.line == location.end.line;
    let width = location.bytes.end - location.bytes.start;
    // Beyond its first line a column in characters is as near as a report gets.
    let column =
        if one_line { byte_column(location) + width } else { location.end.column as usize };
    json!({ "line": location.end.line, "column": column })
}

/// The column in bytes. Of a very long line the report keeps a part: what is not kept is
/// counted in characters.
fn byte_column(location: &Location) -> usize {
    unseen(location) + line_before(location).len() + 1
}

/// How many characters of the line before a place the report does not keep.
fn unseen(location: &Location) -> usize {
    let seen = line_before(location).chars().count();
    (location.start.column as usize).saturating_sub(1 + seen)
}

fn line_before(location: &Location) -> &str {
    let shown = &location.snippet.text[..location.snippet.range.start];
    shown.rsplit('\n').next().unwrap_or_default()
}
