//! Writes a migration that was proved.

use crate::files::{self, Changes, Disk};
use crate::journal::{Change, ChartEntry, FileEntry, Journal};
use crate::migration::{FileChange, Migration};
use crate::place;
use crate::rollback::begun;
use chart_lint::check::parallel;
use chart_lint::shell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// A file, and what is wrong with it.
type Wrong = (PathBuf, String);

/// Why a migration was not written, or not to its end.
#[derive(Debug)]
pub struct Failed {
    /// The file.
    pub file: PathBuf,
    /// Why, in words.
    pub why: String,
    /// Whether files may have changed until then, which a rollback takes back.
    pub is_begun: bool,
}

impl From<Wrong> for Failed {
    fn from((file, why): Wrong) -> Self {
        Self { file, why, is_begun: false }
    }
}

/// Writes the journal, then what the files are to be beside them, then puts that in their
/// places: a disk without room for all of it ends this before the first file changes.
/// Interrupted at any point, every file is as it was or as it is to be, and
/// [`crate::rollback::rollback`] takes back what was done. Gives
/// the path of the journal; `None` when there was nothing to do.
///
/// # Errors
/// When a file changed since it was read, or cannot be written.
pub fn apply(root: &Path, migration: &Migration) -> Result<Option<PathBuf>, Failed> {
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
) -> Result<Option<PathBuf>, Failed> {
    begun::none(root)?;
    if let Some((journal, charts)) = interrupted(root, migration)? {
        let options: String =
            charts.iter().map(|chart| format!(" --chart {}", shell::word(chart))).collect();
        let why = format!(
            "this migration was interrupted in {}, or taken back in part since; take it back \
             with `rollback{options}` first",
            charts.join(" and ")
        );
        return Err((journal, why).into());
    }
    let files: Vec<&FileChange> = migration.charts.iter().flat_map(|c| &c.files).collect();
    parallel::map(&files, |file| check(root, file)).into_iter().collect::<Result<(), _>>()?;
    let charts = parallel::map(&migration.charts, |chart| ChartEntry {
        chart: chart.chart.clone(),
        version: chart.version.as_ref().map(Change::from),
        moved: BTreeSet::from_iter(chart.moved.values().map(Change::from)).into_iter().collect(),
        files: chart
            .files
            .iter()
            .map(|file| FileEntry::new(&file.path, file.before.as_deref(), &file.after))
            .collect(),
    });
    let journal = Journal { version: 1, charts };
    if journal.charts.is_empty() {
        return Ok(None);
    }
    let written = journal
        .write(root, on)
        .map_err(|error| (root.join(crate::journal::FOLDER), error.to_string()))?;
    let texts: Vec<(PathBuf, &str)> =
        files.iter().map(|file| (root.join(&file.path), &*file.after)).collect();
    // An interrupt may have left new files that nobody will put anywhere.
    let folders: BTreeSet<&Path> = texts.iter().filter_map(|(file, _)| file.parent()).collect();
    parallel::map(&Vec::from_iter(folders), |folder| files::sweep(folder));
    let new = files::write_all(on, &texts).inspect_err(|_| {
        // Nothing was begun, so there is nothing to take back.
        drop(Journal::default().write_to(&written, on));
    })?;
    let mut puts = files.into_iter().zip(texts).zip(new);
    let by_chart: Vec<Vec<_>> =
        migration.charts.iter().map(|c| puts.by_ref().take(c.files.len()).collect()).collect();
    let is_over = AtomicBool::new(false);
    let done = parallel::map_owned(by_chart, |puts| {
        if is_over.load(Ordering::Relaxed) {
            return Ok(());
        }
        // One file after the other: a chart is half done for a moment, and few of them are.
        for ((file, (path, _)), new) in puts {
            files::put_only(on, &path, file.before.as_deref(), new).map_err(|why| {
                is_over.store(true, Ordering::Relaxed);
                Failed { file: path, why, is_begun: true }
            })?;
        }
        Ok(())
    });
    done.into_iter().collect::<Result<(), Failed>>()?;
    Ok(Some(written))
}

/// Whether a file can be changed: nothing but what it is to be changed from is there.
fn check(root: &Path, file: &FileChange) -> Result<(), Wrong> {
    let path = place::of(root, &file.path).map_err(|why| (root.join(&file.path), why))?;
    let why = match files::text(&path) {
        Ok(Some(_)) if path.metadata().is_ok_and(|meta| meta.permissions().readonly()) => {
            "it may only be read; make it writable, or leave it out".to_owned()
        }
        Ok(text) if text == file.before => return Ok(()),
        Ok(_) => "it changed since it was read; run again".to_owned(),
        Err(error) => error.to_string(),
    };
    Err((path, why))
}

/// The newest journal of a migration that ended between two files of charts, and these, which
/// are to be changed again: a second one on top would take what is half done for the beginning.
fn interrupted(
    root: &Path,
    migration: &Migration,
) -> Result<Option<(PathBuf, Vec<String>)>, Wrong> {
    let mut charts: BTreeSet<&str> = migration.charts.iter().map(|change| &*change.chart).collect();
    for (path, journal) in Journal::all(root)? {
        // The newest migration of a chart tells.
        let entries = journal.charts.iter().filter(|entry| charts.remove(&*entry.chart));
        let half = entries.filter(|entry| is_half(root, entry));
        let half: Vec<String> = half.map(|entry| entry.chart.clone()).collect();
        if !half.is_empty() {
            return Ok(Some((path, half)));
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
