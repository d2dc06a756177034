//! Finds the charts that a run is about.
//!
//! A chart is a folder with a `Chart.yaml`. Given folders are searched; given
//! files, and folders inside of a chart, stand for the chart that they belong
//! to. What a chart has under its own `charts/` is loaded with it, as Helm
//! does, and what it has under `templates/` is template, so neither is searched
//! for charts; any other folder of a chart can hold a chart of its own.
//!
//! `.gitignore` keeps build output out, and only that: a chart whose
//! `Chart.yaml` Git tracks is found whatever an ignore file says, so that no
//! edit of one hides a chart from the gate. `.ignore` files, which people write
//! for search tools, do not count. Hidden folders do (`.github/charts`), `.git`
//! does not. Links are not followed, so loops end and no search leaves its
//! folder; a link given as a path is what it points at.

mod belongs;
mod error;
mod paths;
mod walk;

pub use belongs::chart_of;
pub use error::DiscoverError;
pub use paths::{default_root, display, real};

use crate::scope::Scope;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The file that makes a folder a chart.
pub const CHART_FILE: &str = "Chart.yaml";

/// A chart to judge.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FoundChart {
    /// Its folder, absolute.
    pub dir: PathBuf,
    /// Its folder relative to the root, with `/`; `.` when it is the root.
    /// Names that are no Unicode are shown with `�`.
    pub display: String,
}

/// A folder that could not be searched.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Its path relative to the root.
    pub path: String,
    /// What the system says.
    pub message: String,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Discovery {
    /// The charts, by path, each once.
    pub charts: Vec<FoundChart>,
    /// When single files or folders inside of a chart were given: what was
    /// given. `None` when whole charts are asked for.
    pub only: Option<Scope>,
    /// Given files that belong to no chart.
    pub outside: Vec<String>,
    /// Folders that could not be searched.
    pub problems: Vec<Problem>,
    /// Everything that was asked for: what is known of other places is left alone.
    pub asked: Scope,
    /// Said to the user: why ignore files were not heeded, which names are no Unicode.
    pub notes: Vec<String>,
}

/// Finds the charts of `paths`; relative ones start at the current folder.
/// `root` is a [`real`] path that holds them all.
///
/// # Errors
/// When a path is missing, lies outside of the root, or is a folder in which
/// there is no chart: a question that was mistyped must not look answered.
pub fn discover(paths: &[PathBuf], root: &Path) -> Result<Discovery, DiscoverError> {
    search(paths, root, walk::charts)
}

/// [`discover`] in a folder that holds nothing but what Git tracks, such as a
/// revision that was laid out: no ignore file counts, and Git is not asked.
pub fn discover_tracked(paths: &[PathBuf], root: &Path) -> Result<Discovery, DiscoverError> {
    search(paths, root, walk::all_charts)
}

fn search(
    paths: &[PathBuf],
    root: &Path,
    walk: fn(&Path, &mut Discovery, &Path) -> Vec<PathBuf>,
) -> Result<Discovery, DiscoverError> {
    let mut found = Discovery::default();
    let mut charts = BTreeMap::new();
    let mut empty = Vec::new();
    for given in paths {
        let path = real(given)?;
        let shown = display(&path, root).ok_or_else(|| DiscoverError::OutsideRoot {
            path: given.clone(),
            root: root.to_owned(),
        })?;
        let chart = chart_of(&path, root);
        if !path.is_dir() {
            found.asked.add_file(&shown);
            match chart {
                Some(chart) => add(&mut charts, chart, root),
                None => found.outside.push(shown),
            }
            continue;
        }
        found.asked.add_folder(&shown);
        let loaded = chart.as_deref().is_some_and(|chart| belongs::is_loaded_with(&path, chart));
        let searched = if loaded { Vec::new() } else { walk(&path, &mut found, root) };
        match chart {
            Some(chart) if chart != path => add(&mut charts, chart, root),
            _ if searched.is_empty() => empty.push(given.clone()),
            _ => {}
        }
        for chart in searched {
            add(&mut charts, chart, root);
        }
    }
    // A folder that cannot be searched may hold the chart that was meant: that
    // is told as a finding, not as a mistake of the question.
    if !empty.is_empty() && found.problems.is_empty() {
        return Err(DiscoverError::NoChart { paths: empty });
    }
    found.charts = charts.into_values().collect();
    found.charts.sort_by(|a, b| (&a.display, &a.dir).cmp(&(&b.display, &b.dir)));
    found.notes.extend(unicode_notes(&found.charts));
    let restricted = found.charts.iter().any(|chart| !found.asked.covers(&chart.display));
    found.only = restricted.then(|| found.asked.clone());
    found.problems.sort();
    found.problems.dedup();
    found.outside.sort();
    found.outside.dedup();
    Ok(found)
}

fn add(charts: &mut BTreeMap<PathBuf, FoundChart>, dir: PathBuf, root: &Path) {
    let Some(display) = display(&dir, root) else { return };
    charts.entry(dir.clone()).or_insert(FoundChart { dir, display });
}

/// Names that are no Unicode are judged like others, and cannot be told apart
/// in a report.
fn unicode_notes(charts: &[FoundChart]) -> impl Iterator<Item = String> {
    charts.iter().filter(|chart| chart.dir.to_str().is_none()).map(|chart| {
        format!("the name of the chart {} is no Unicode; it is shown with \u{fffd}", chart.display)
    })
}

#[cfg(test)]
mod tests;
