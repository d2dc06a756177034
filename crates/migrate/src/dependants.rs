//! Charts of the same repository that depend on a chart whose version goes up.
//!
//! A dependency by `file://` on exactly the version that was follows it, and makes its
//! chart a new version in turn. Other dependencies are of what is published: they follow
//! when somebody publishes it.

use crate::change;
use crate::edit::Edit;
use crate::lock;
use crate::migration::{ChartChange, FileChange, Migration, Request, file_of};
use crate::trial::{self, Trial};
use chart_lint::discover::{CHART_FILE, FoundChart};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Component, Path};
use yaml_span::Kind;

/// The files that name dependencies, with the file that locks them.
const FILES: [(&str, &str); 2] =
    [(CHART_FILE, "Chart.lock"), ("requirements.yaml", "requirements.lock")];

/// Lets the dependants of the changed charts follow, as far as that is proved.
pub(crate) fn follow(request: &Request<'_>, migration: &mut Migration) -> io::Result<()> {
    let mut versions = BTreeMap::new();
    let mut asked: BTreeSet<String> = BTreeSet::new();
    loop {
        let raised = migration.charts.iter().filter(|change| !asked.contains(&change.chart));
        let raised: Vec<_> =
            raised.filter_map(|c| Some((c.chart.clone(), c.version.clone()?))).collect();
        if raised.is_empty() {
            return Ok(());
        }
        asked.extend(raised.iter().map(|(chart, _)| chart.clone()));
        versions.extend(raised);
        for chart in request.charts {
            if let Some(change) = raise(request, chart, &versions, migration)? {
                settle(request, change, migration)?;
            }
        }
    }
}

/// The change of a chart that depends on some of the raised ones; `None` when it does not,
/// or follows them already.
fn raise(
    request: &Request<'_>,
    chart: &FoundChart,
    versions: &BTreeMap<String, (String, String)>,
    migration: &Migration,
) -> io::Result<Option<ChartChange>> {
    let mut edits: BTreeMap<String, Vec<Edit>> = BTreeMap::new();
    for (file, lock) in FILES {
        let path = file_of(&chart.display, file);
        let Ok(text) = fs::read_to_string(request.root.join(&path)) else { continue };
        let of_file = dependencies(&text, &chart.display, versions);
        if of_file.is_empty() {
            continue;
        }
        let path_of_lock = file_of(&chart.display, lock);
        if let Ok(locked) = fs::read_to_string(request.root.join(&path_of_lock)) {
            edits.insert(path_of_lock, lock::edits(&text, &of_file, &locked).unwrap_or_default());
        }
        edits.insert(path, of_file);
    }
    if edits.is_empty() {
        return Ok(None);
    }
    let old = migration.charts.iter().find(|change| change.chart == chart.display);
    let mut change = match old {
        Some(old) => old.clone(),
        None => match change::of(request, &chart.display, [])? {
            Ok(change) => change,
            Err(_) => return Ok(None),
        },
    };
    for (path, edits) in edits {
        let file = change.files.iter().position(|file| file.path == path);
        let mut file = match file {
            Some(at) => change.files.remove(at),
            None => {
                let before = fs::read_to_string(request.root.join(&path))?;
                FileChange { path, after: before.clone(), before: Some(before), edits: Vec::new() }
            }
        };
        file.edits.extend(edits);
        file.edits.sort();
        file.edits.dedup();
        let Some(after) = crate::edit::apply(file.text(), &file.edits) else { return Ok(None) };
        file.after = after;
        if file.text() != file.after {
            change.files.push(file);
        }
    }
    change.files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok((old != Some(&change)).then_some(change))
}

/// Takes a change in when it is proved, and says what is left to do.
fn settle(request: &Request<'_>, change: ChartChange, migration: &mut Migration) -> io::Result<()> {
    let Trial { proofs, .. } = trial::run(request, &[&change])?;
    let chart = &change.chart;
    if proofs.into_iter().any(|proof| proof.is_err()) {
        migration.notes.push(format!(
            "{chart} depends on a chart whose version went up, and cannot follow with the copy \
             that it has: set the version in its dependencies, then run \
             `helm dependency update {chart}`"
        ));
        return Ok(());
    }
    let locked = change.files.iter().any(|file| file.path.ends_with(".lock"));
    let has_lock = FILES.iter().any(|(_, lock)| request.root.join(file_of(chart, lock)).exists());
    let is_vendored = request.root.join(file_of(chart, "charts")).is_dir();
    if (has_lock && !locked) || is_vendored {
        migration.notes.push(format!(
            "{chart} follows the new version of a chart that it depends on: run `helm dependency \
             update {chart}` for its {}",
            if has_lock && !locked { "lock" } else { "charts/" }
        ));
    }
    migration.charts.retain(|old| old.chart != change.chart);
    migration.charts.push(change);
    Ok(())
}

/// The edits of the versions that follow.
fn dependencies(
    text: &str,
    chart: &str,
    versions: &BTreeMap<String, (String, String)>,
) -> Vec<Edit> {
    let Ok(tree) = yaml_span::parse(text) else { return Vec::new() };
    let Some(&root) = tree.documents().first() else { return Vec::new() };
    let Some(list) = tree.get(root, "dependencies") else { return Vec::new() };
    let edit = |&item: &yaml_span::NodeId| {
        let repository = tree.str(tree.get(item, "repository")?.value)?;
        let folder = beside(chart, repository.strip_prefix("file://")?)?;
        let (before, after) = versions.get(&folder)?;
        let Kind::Scalar(version) = &tree.node(tree.get(item, "version")?.value).kind else {
            return None;
        };
        let at = version.source(0..version.value.len());
        let same = version.value == *before && text.get(at.clone()) == Some(before);
        same.then(|| Edit { start: at.start, before: before.clone(), after: after.clone() })
    };
    tree.items(list.value).iter().filter_map(edit).collect()
}

/// A folder relative to the root, given relative to a chart.
fn beside(chart: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = chart.split('/').filter(|part| *part != ".").collect();
    for component in Path::new(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => drop(parts.pop()?),
            Component::Normal(name) => parts.push(name.to_str()?),
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(if parts.is_empty() { ".".to_owned() } else { parts.join("/") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_beside_a_chart_is_told() {
        assert_eq!(beside("charts/a", "../b/").as_deref(), Some("charts/b"));
        assert_eq!(beside(".", "./b").as_deref(), Some("b"));
        assert_eq!(beside("a", "..").as_deref(), Some("."));
        assert_eq!(beside("a", "../../b"), None);
        assert_eq!(beside("a", "/b"), None);
    }

    #[test]
    fn only_the_exact_version_of_a_file_follows() {
        let versions = BTreeMap::from([("b".to_owned(), ("1.0.0".to_owned(), "1.0.1".to_owned()))]);
        let entry = |repository: &str, version: &str| {
            let text = format!(
                "dependencies:\n- name: b\n  version: {version}\n  repository: {repository}\n"
            );
            crate::edit::apply(&text, &dependencies(&text, "a", &versions)).unwrap() != text
        };
        assert!(entry("file://../b", "1.0.0"));
        assert!(entry("\"file://../b\"", "'1.0.0' # here"));
        assert!(!entry("file://../b", "^1.0.0"));
        assert!(!entry("https://charts.example.com", "1.0.0"));
    }
}
