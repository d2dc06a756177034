//! Where a chart keeps its suites: mostly in `tests/`, but the runner takes any path.

use crate::files;
use chart_lint::discover::CHART_FILE;
use std::fs;
use std::path::Path;

/// How deep suites are looked for; no chart has folders that deep.
const DEPTH: usize = 32;

/// The suites of a chart, by their path from its folder, with their texts. Those of its
/// copies of dependencies are the copies'.
pub(super) fn suites(chart: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    below(chart, "", DEPTH, &mut found);
    found.sort();
    found
}

fn below(folder: &Path, prefix: &str, depth: usize, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (Ok(name), Ok(kind)) = (entry.file_name().into_string(), entry.file_type()) else {
            continue;
        };
        let path = format!("{prefix}{name}");
        if kind.is_dir() {
            let is_other = name.starts_with('.')
                || matches!(&*path, "templates" | "charts") // at the top alone
                || entry.path().join(CHART_FILE).exists();
            if depth > 0 && !is_other {
                below(&entry.path(), &format!("{path}/"), depth - 1, found);
            }
        } else if kind.is_file() && (name.ends_with(".yaml") || name.ends_with(".yml")) {
            // What is no text is no suite.
            let text = files::existing(&entry.path()).unwrap_or_default();
            if has_key(&text, "tests") && has_key(&text, "asserts") {
                found.push((path, text));
            }
        }
    }
}

/// True of a text that has a key somewhere, as far as that is told without reading it; as
/// scripts/suites.py tells it.
fn has_key(text: &str, key: &str) -> bool {
    text.match_indices(key).any(|(at, _)| {
        let (before, behind) = (&text[..at], &text[at + key.len()..]);
        let before = before.strip_suffix(['"', '\'']).unwrap_or(before);
        let begins = before.chars().next_back();
        begins.is_none_or(|c| c.is_whitespace() || matches!(c, '{' | ',' | '-'))
            && behind.strip_prefix(['"', '\'']).unwrap_or(behind).starts_with(':')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_stands_for_itself() {
        for text in
            ["tests:\n", "a: 1\ntests: []", "- tests:", "{\"tests\": []}", "{a: 1,tests: []}"]
        {
            assert!(has_key(text, "tests"), "{text}");
        }
        for text in ["unittests:\n", "tests\n", "mytests: tests"] {
            assert!(!has_key(text, "tests"), "{text}");
        }
    }
}
