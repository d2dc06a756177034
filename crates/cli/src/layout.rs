//! Which files of a revision a question needs.

use crate::error::Failure;
use chart_lint::discover::CHART_FILE;
use chart_lint::git::{Checkout, Entry, Kind, Repository};
use chart_lint::policy::FILE_NAME;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path};

/// The files of a tree that a question needs: its charts, every policy, and
/// those that were named.
pub(crate) fn wanted<'e>(
    all: &'e [Entry],
    asked: &BTreeSet<String>,
    files: &BTreeSet<String>,
) -> BTreeSet<&'e Entry> {
    let charts: BTreeSet<String> = all
        .iter()
        .filter_map(|entry| entry.path.strip_suffix(CHART_FILE))
        .filter(|folder| folder.is_empty() || folder.ends_with('/'))
        .map(|folder| folder.trim_end_matches('/').to_owned())
        .filter(|chart| asked.iter().any(|path| within(chart, path) || within(path, chart)))
        .collect();
    let is_wanted = |entry: &&Entry| {
        let name = entry.path.rsplit('/').next();
        name == Some(FILE_NAME)
            || files.contains(&entry.path)
            || charts.contains("")
            || entry.path.match_indices('/').any(|(i, _)| charts.contains(&entry.path[..i]))
    };
    all.iter().filter(is_wanted).collect()
}

/// Lays files out in the place of those that were, and what links among them lead to: a
/// chart may share a file with another one, a policy may be a link. Gives all that is laid out.
pub(crate) fn lay_out<'e>(
    repository: &Repository,
    checkout: &mut Checkout,
    all: &'e [Entry],
    mut wanted: BTreeSet<&'e Entry>,
) -> Result<BTreeSet<&'e Entry>, Failure> {
    loop {
        repository.turn(checkout, wanted.iter().copied())?;
        let targets: BTreeSet<String> =
            wanted.iter().filter_map(|entry| dangling(checkout.top(), entry)).collect();
        let before = wanted.len();
        if !targets.is_empty() {
            // The way to it may lead through another link.
            let leads_to = |entry: &Entry, target: &str| {
                let through = entry.kind == Kind::Symlink && within(target, &entry.path);
                through || within(&entry.path, target)
            };
            wanted.extend(all.iter().filter(|e| targets.iter().any(|t| leads_to(e, t))));
        }
        // What still leads nowhere leads nowhere in the revision itself.
        if wanted.len() == before {
            return Ok(wanted);
        }
    }
}

/// Where a link leads that was laid out without what it leads to.
fn dangling(top: &Path, entry: &Entry) -> Option<String> {
    let dangles = entry.kind == Kind::Symlink && !top.join(&entry.path).exists();
    dangles.then(|| target(top, entry)).flatten()
}

/// Where a link leads that was laid out, from the top of the repository.
pub(crate) fn target(top: &Path, entry: &Entry) -> Option<String> {
    let target = fs::read_link(top.join(&entry.path)).ok()?;
    let mut parts: Vec<String> = entry.path.split('/').map(str::to_owned).collect();
    parts.pop();
    for part in target.components() {
        match part {
            Component::Normal(name) => parts.push(name.to_string_lossy().into_owned()),
            Component::ParentDir => {
                parts.pop()?;
            }
            _ => {}
        }
    }
    // A link to the top itself would bring the whole repository along.
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// Whether a path is `folder` or lies below it; the empty one holds all.
fn within(path: &str, folder: &str) -> bool {
    folder.is_empty()
        || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_hold_what_lies_below_them() {
        assert!(within("charts/a", "charts"));
        assert!(within("charts", "charts"));
        assert!(within("charts", ""));
        assert!(!within("charts2", "charts"));
        assert!(!within("", "charts"));
    }
}
