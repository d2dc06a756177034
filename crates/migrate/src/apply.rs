//! Writes a migration that was proved.

use crate::files::{self, Changes, Disk};
use crate::journal::{Change, ChartEntry, FileEntry, Journal};
use crate::migration::Migration;
use crate::place;
use crate::rollback::begun;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Writes the journal, then what the files are to be beside them, then puts that in their
/// places: a disk without room for all of it ends this before the first file changes.
/// Interrupted at any point, every file is as it was or as it is to be, and
/// [`crate::rollback::rollback`] takes back what was done. Gives
/// the path of the journal; `None` when there was nothing to do.
///
/// # Errors
/// When a file changed since it was read, or cannot be written: the file, and why.
pub fn apply(root: &Path, migration: &Migration) -> Result<Option<PathBuf>, (PathBuf, String)> {
    apply_on(&Disk, root, migration)
}

/// [`apply`], on something else than a disk.
///
/// # Errors
/// As there.
pub fn apply_on(
    on: &dyn Changes,
    root: &Path,
    migration: &Migration,
) -> Result<Option<PathBuf>, (PathBuf, String)> {
    begun::none(root)?;
    if let Some((journal, chart)) = interrupted(root, migration)? {
        let why = format!(
            "this migration was interrupted in {chart}, or taken back in part since; take it back \
             with `rollback --chart {chart}` first"
        );
        return Err((journal, why));
    }
    let files = || migration.charts.iter().flat_map(|chart| &chart.files);
    for file in files() {
        let path = place::of(root, &file.path).map_err(|why| (root.join(&file.path), why))?;
        match files::text(&path) {
            Ok(Some(_)) if path.metadata().is_ok_and(|meta| meta.permissions().readonly()) => {
                return Err((
                    path,
                    "it may only be read; make it writable, or leave it out".to_owned(),
                ));
            }
            Ok(text) if text == file.before => {}
            Ok(_) => return Err((path, "it changed since it was read; run again".to_owned())),
            Err(error) => return Err((path, error.to_string())),
        }
    }
    let charts = migration.charts.iter().map(|chart| ChartEntry {
        chart: chart.chart.clone(),
        version: chart.version.as_ref().map(Change::from),
        moved: BTreeSet::from_iter(chart.moved.values().map(Change::from)).into_iter().collect(),
        files: chart
            .files
            .iter()
            .map(|file| FileEntry::new(&file.path, file.before.as_deref(), &file.after))
            .collect(),
    });
    let journal = Journal { version: 1, charts: charts.collect() };
    if journal.charts.is_empty() {
        return Ok(None);
    }
    let written = journal
        .write(root, on)
        .map_err(|error| (root.join(crate::journal::FOLDER), error.to_string()))?;
    // An interrupt may have left new files that nobody will put anywhere.
    let folders: BTreeSet<PathBuf> =
        files().filter_map(|file| Some(root.join(&file.path).parent()?.to_owned())).collect();
    folders.iter().for_each(|folder| files::sweep(folder));
    let texts: Vec<(PathBuf, &str)> =
        files().map(|file| (root.join(&file.path), &*file.after)).collect();
    let new = files::write_all(on, &texts).inspect_err(|_| {
        // Nothing was begun, so there is nothing to take back.
        drop(Journal::default().write_to(&written, on));
    })?;
    for ((file, (path, _)), new) in files().zip(texts).zip(new) {
        files::put_only(on, &path, file.before.as_deref(), new).map_err(|why| (path, why))?;
    }
    Ok(Some(written))
}

/// The journal of a migration that ended between two files of a chart, and the chart, which
/// is to be changed again: a second one on top would take what is half done for the beginning.
fn interrupted(
    root: &Path,
    migration: &Migration,
) -> Result<Option<(PathBuf, String)>, (PathBuf, String)> {
    let mut charts: BTreeSet<&str> = migration.charts.iter().map(|change| &*change.chart).collect();
    for (path, journal) in Journal::all(root)? {
        // The newest migration of a chart tells.
        for entry in journal.charts.iter().filter(|entry| charts.remove(&*entry.chart)) {
            if is_half(root, entry) {
                return Ok(Some((path, entry.chart.clone())));
            }
        }
    }
    Ok(None)
}

fn is_half(root: &Path, entry: &ChartEntry) -> bool {
    let state = |file: &FileEntry| {
        let now = files::text(&root.join(&file.path)).ok().flatten();
        let now = now.map(|text| files::hash(&text));
        (now == file.before, now.as_ref() == Some(&file.after))
    };
    let states: Vec<(bool, bool)> = entry.files.iter().map(state).collect();
    states.contains(&(true, false)) && states.contains(&(false, true))
}

#[cfg(test)]
mod tests;
