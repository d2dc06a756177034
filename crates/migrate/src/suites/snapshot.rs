//! Snapshots: what the runner saw of a test once, which it has to see again.

use super::read::scalars;
use super::words::Words;
use crate::edit::Edit;
use crate::files;
use std::collections::BTreeMap;
use std::path::Path;

/// The file with the snapshots of a suite.
pub(super) fn of(suite: &str) -> String {
    match suite.rsplit_once('/') {
        Some((folder, name)) => format!("{folder}/__snapshot__/{name}.snap"),
        None => format!("__snapshot__/{suite}.snap"),
    }
}

/// The text of a file of snapshots; `None` where there is none, or a link leads elsewhere.
pub(super) fn read(root: &Path, path: &str) -> Option<String> {
    let file = root.join(path);
    let is_it = file.canonicalize().ok()? == root.canonicalize().ok()?.join(path);
    is_it.then(|| files::text(&file).ok().flatten()).flatten()
}

/// The edits of the snapshots of tests, by the tests' names; and whether that is all that
/// they need.
pub(super) fn edits(text: &str, words: &BTreeMap<String, Words>) -> (Vec<Edit>, bool) {
    let (mut edits, mut is_all) = (Vec::new(), true);
    let Ok(tree) = yaml_span::parse(text) else { return (edits, words.is_empty()) };
    let Some(&root) = tree.documents().first() else { return (edits, true) };
    for entry in tree.entries(root) {
        let Some(words) = tree.str(entry.key).and_then(|name| words.get(name)) else { continue };
        for node in scalars(&tree, entry.value) {
            edits.extend(words.edits(&tree, node));
        }
        is_all &= !words.misses_a_digest(&text[tree.node(entry.value).span.clone()]);
    }
    (edits, is_all)
}
