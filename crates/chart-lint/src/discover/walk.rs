//! Searches a folder for charts.

use super::belongs::{LOADED_WITH_CHART, chart_of, is_chart};
use super::{CHART_FILE, Discovery, Problem, display};
use crate::git::{Listing, Repository};
use ignore::{DirEntry, WalkBuilder, WalkState};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// The charts at and under a folder, by path.
pub(super) fn charts(folder: &Path, found: &mut Discovery, root: &Path) -> Vec<PathBuf> {
    let repository = Repository::holding(folder);
    // Git lists while we walk; on a large repository that is half of the time.
    let listing = repository.as_ref().map(Repository::tracked_charts);
    let listing = match listing.transpose() {
        Ok(listing) => listing,
        Err(error) => {
            found.notes.push(unheeded(&error.to_string()));
            return all_charts(folder, found, root);
        }
    };
    let mut charts = walk(folder, true, found, root);
    match listing.map(Listing::finish).transpose() {
        Ok(tracked) => charts.extend(
            tracked
                .into_iter()
                .flatten()
                .filter(|file| file.starts_with(folder) && file.is_file())
                .filter_map(|file| file.parent().map(Path::to_owned))
                .filter(|chart| chart_of(chart, folder).as_ref() == Some(chart)),
        ),
        // Without Git's word, an ignore file could hide a tracked chart.
        Err(error) => {
            found.notes.push(unheeded(&error.to_string()));
            charts = walk(folder, false, found, root);
        }
    }
    charts.into_iter().collect()
}

/// The charts at and under a folder, by path, whatever ignore files say.
pub(super) fn all_charts(folder: &Path, found: &mut Discovery, root: &Path) -> Vec<PathBuf> {
    walk(folder, false, found, root).into_iter().collect()
}

fn unheeded(error: &str) -> String {
    format!("{error}; so .gitignore is not heeded and every chart is judged")
}

fn walk(folder: &Path, heed: bool, found: &mut Discovery, root: &Path) -> BTreeSet<PathBuf> {
    let charts = Mutex::new(BTreeSet::new());
    let problems = Mutex::new(Vec::new());
    let walker = WalkBuilder::new(folder)
        .standard_filters(false)
        .git_ignore(heed)
        .git_exclude(heed)
        .git_global(heed)
        .parents(heed)
        .follow_links(false)
        .filter_entry(is_searched)
        .build_parallel();
    walker.run(|| {
        Box::new(|entry| {
            match entry {
                Ok(entry) if entry.file_name() == CHART_FILE && entry.path().is_file() => {
                    if let (Some(chart), Ok(mut charts)) = (entry.path().parent(), charts.lock()) {
                        charts.insert(chart.to_owned());
                    }
                }
                Ok(_) => {}
                Err(error) => {
                    if let Ok(mut problems) = problems.lock() {
                        problems.push(problem(&error, folder, root));
                    }
                }
            }
            WalkState::Continue
        })
    });
    found.problems.extend(problems.into_inner().unwrap_or_default().into_iter().flatten());
    charts.into_inner().unwrap_or_default()
}

/// Files and folders that can make or hold a chart.
fn is_searched(entry: &DirEntry) -> bool {
    if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return entry.file_name() == CHART_FILE;
    }
    let loaded = LOADED_WITH_CHART.iter().any(|name| entry.file_name() == *name)
        && entry.depth() > 0
        && entry.path().parent().is_some_and(is_chart);
    !loaded && (entry.file_name() != ".git" || entry.depth() == 0)
}

/// A mistake in an ignore file is not ours to report; a folder that cannot be
/// read is.
fn problem(error: &ignore::Error, folder: &Path, root: &Path) -> Option<Problem> {
    let io = error.io_error()?;
    let path = path_of(error).unwrap_or(folder);
    let path = display(path, root).unwrap_or_else(|| path.to_string_lossy().into_owned());
    Some(Problem { path, message: io.to_string() })
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            path_of(err)
        }
        _ => None,
    }
}
