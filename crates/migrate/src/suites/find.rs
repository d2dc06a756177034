//! Where a chart keeps its suites: mostly in `tests/`, but the runner takes any path.

use crate::files;
use chart_lint::discover::CHART_FILE;
use std::fs;
use std::path::Path;

/// How deep suites are looked for.
const DEPTH: usize = 6;

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
                || matches!(&*path, "templates" | "charts")
                || entry.path().join(CHART_FILE).exists();
            if depth > 0 && !is_other {
                below(&entry.path(), &format!("{path}/"), depth - 1, found);
            }
        } else if kind.is_file() && (name.ends_with(".yaml") || name.ends_with(".yml")) {
            // What is no text is no suite.
            let text = files::existing(&entry.path()).unwrap_or_default();
            if text.contains("asserts:") && text.contains("tests:") {
                found.push((path, text));
            }
        }
    }
}
