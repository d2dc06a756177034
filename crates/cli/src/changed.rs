//! What differs between two states of a repository, folder by folder.

use chart_lint::git::{Entry, Kind};
use std::collections::{BTreeSet, HashSet};

/// The files of which something is another than it was, or could be, and all folders
/// above them.
#[derive(Debug, Default)]
pub(crate) struct Changed(HashSet<String>);

impl Changed {
    /// Compares what is laid out of two states. `target` tells where a link leads, from
    /// the top of the repository; where that is not sure, `None`.
    pub(crate) fn between(
        before: &BTreeSet<Entry>,
        now: &BTreeSet<Entry>,
        target: impl Fn(&Entry) -> Option<String>,
    ) -> Self {
        let mut changed = Self::default();
        before.symmetric_difference(now).for_each(|entry| changed.add(&entry.path));
        // What is not there under its own name may be behind another link.
        let there: HashSet<&str> = now.iter().flat_map(|entry| with_folders(&entry.path)).collect();
        let is_there = |target: &String| there.contains(&**target);
        let links = now.iter().filter(|entry| entry.kind == Kind::Symlink);
        let mut same: Vec<(&str, Option<String>)> =
            links.map(|link| (&*link.path, target(link).filter(is_there))).collect();
        loop {
            let count = same.len();
            same.retain(|(link, target)| {
                let same = target.as_ref().is_some_and(|target| !changed.is_in(target));
                if !same {
                    changed.add(link);
                }
                same
            });
            // A link that changed is a change of what others lead to.
            if same.len() == count {
                return changed;
            }
        }
    }

    /// Whether a path, or anything below it, may be another; the empty one is the top.
    pub(crate) fn is_in(&self, path: &str) -> bool {
        self.0.contains(&key(path))
    }

    fn add(&mut self, path: &str) {
        self.0.extend(with_folders(&key(path)).map(str::to_owned));
    }
}

/// A path and all folders above it, of which the top is empty.
fn with_folders(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at]).chain(["", path])
}

/// Some systems take `Charts` for `charts`.
fn key(path: &str) -> String {
    path.to_lowercase()
}
