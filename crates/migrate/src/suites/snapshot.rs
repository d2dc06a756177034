//! Snapshots: what the runner saw of a test once, which it has to see again.

use super::read::scalars;
use super::words::Words;
use crate::edit::Edit;
use crate::files;
use crate::place;
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
    files::existing(&place::of(root, path).ok()?).ok()
}

/// What becomes of the snapshots of a suite.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) edits: Vec<Edit>,
    /// Whether a checksum in them cannot be told.
    pub(super) misses_a_digest: bool,
    /// Where those begin that repeat what differs, and do not follow.
    pub(super) missed: Vec<usize>,
}

/// What becomes of the snapshots of tests, by the tests' names.
pub(super) fn edits(text: &str, words: &BTreeMap<String, Words>) -> Kept {
    let mut kept = Kept::default();
    let Ok(tree) = yaml_span::parse(text) else {
        kept.missed.extend((!words.is_empty()).then_some(0));
        return kept;
    };
    let Some(&root) = tree.documents().first() else { return kept };
    for entry in tree.entries(root) {
        let Some(words) = tree.str(entry.key).and_then(|name| words.get(name)) else { continue };
        let before = kept.edits.len();
        for node in scalars(&tree, entry.value) {
            kept.edits.extend(words.edits(&tree, node, false));
        }
        let span = tree.node(entry.value).span.clone();
        let misses_a_digest = words.misses_a_digest(&text[span.clone()]);
        kept.misses_a_digest |= misses_a_digest;
        if kept.edits.len() == before && !misses_a_digest && words.is_repeated(&text[span]) {
            kept.missed.push(tree.node(entry.key).span.start);
        }
    }
    kept
}
