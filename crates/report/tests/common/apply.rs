//! Does what a reader of SARIF or of reviewdog's suggestions does: changes files.
#![allow(dead_code, reason = "not every test needs all")]

use serde_json::Value;

/// What a column counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Columns {
    Chars,
    Bytes,
}

/// Lines and columns from 1, the end exclusive, and the text that is to stand there.
pub(crate) struct Edit {
    pub(crate) start: (usize, usize),
    pub(crate) end: (usize, usize),
    pub(crate) text: String,
}

/// The edits of the fix of a result of SARIF, by file.
pub(crate) fn of_sarif(result: &Value) -> Option<Vec<(String, Vec<Edit>)>> {
    let fixes = result.get("fixes")?.as_array().unwrap();
    assert_eq!(fixes.len(), 1);
    let changes = fixes[0]["artifactChanges"].as_array().unwrap();
    let change = |change: &Value| {
        let path = change["artifactLocation"]["uri"].as_str().unwrap().to_owned();
        let replacements = change["replacements"].as_array().unwrap();
        let edit = |replacement: &Value| {
            let at = |key: &str| number(&replacement["deletedRegion"][key]);
            let text = replacement["insertedContent"]["text"].as_str().unwrap().to_owned();
            let (start, end) =
                ((at("startLine"), at("startColumn")), (at("endLine"), at("endColumn")));
            Edit { start, end, text }
        };
        (path, replacements.iter().map(edit).collect())
    };
    Some(changes.iter().map(change).collect())
}

/// The suggestion of a diagnostic, as reviewdog's reviewers make one of it: at most one, that
/// holds the line of the diagnostic.
pub(crate) fn of_rdjsonl(diagnostic: &Value) -> Option<Vec<(String, Vec<Edit>)>> {
    let suggestions = diagnostic.get("suggestions")?.as_array().unwrap();
    assert_eq!(suggestions.len(), 1, "each is a click of its own: {diagnostic}");
    let place =
        |range: &Value, side: &str| (number(&range[side]["line"]), number(&range[side]["column"]));
    let range = &suggestions[0]["range"];
    let (start, end) = (place(range, "start"), place(range, "end"));
    let line = number(&diagnostic["location"]["range"]["start"]["line"]);
    assert!((start.0..=end.0).contains(&line), "{diagnostic}");
    let text = suggestions[0]["text"].as_str().unwrap().to_owned();
    let path = diagnostic["location"]["path"].as_str().unwrap().to_owned();
    Some(vec![(path, vec![Edit { start, end, text }])])
}

/// The text with the edits made.
pub(crate) fn apply(text: &str, edits: &[Edit], columns: Columns) -> String {
    let at = |(line, column): (usize, usize)| {
        let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        match columns {
            Columns::Bytes => start + column - 1,
            Columns::Chars => {
                start + text[start..].chars().take(column - 1).map(char::len_utf8).sum::<usize>()
            }
        }
    };
    let mut edits: Vec<_> =
        edits.iter().map(|edit| (at(edit.start)..at(edit.end), &edit.text)).collect();
    edits.sort_by_key(|(range, _)| range.start);
    let mut changed = text.to_owned();
    for (range, text) in edits.into_iter().rev() {
        changed.replace_range(range, text);
    }
    changed
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}
