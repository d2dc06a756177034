//! What differs between two states of a repository, folder by folder.

use chart_lint::git::{Entry, Kind};
use std::collections::{BTreeSet, HashSet};

/// The folders in which something is another than it was, or could be.
#[derive(Debug)]
pub(crate) struct Changed(HashSet<String>);

impl Changed {
    /// Compares the files that are laid out of two states.
    pub(crate) fn between(before: &BTreeSet<Entry>, now: &BTreeSet<Entry>) -> Self {
        let mut folders = HashSet::new();
        // What a link leads to can change while the link stays.
        let links = now.iter().filter(|entry| entry.kind == Kind::Symlink);
        for entry in before.symmetric_difference(now).chain(links) {
            let above = std::iter::once("")
                .chain(entry.path.match_indices('/').map(|(at, _)| &entry.path[..at]));
            folders.extend(above.map(key));
        }
        Self(folders)
    }

    /// Whether anything below a folder may be another; the empty one is the top.
    pub(crate) fn is_in(&self, folder: &str) -> bool {
        self.0.contains(&key(folder))
    }
}

/// Some systems take `Charts` for `charts`.
fn key(folder: &str) -> String {
    folder.to_lowercase()
}
