//! Takes migrations back.

use crate::dependants::{self, Versions};
use crate::files::{self, Changes, Disk};
use crate::journal::{Change, ChartEntry, FOLDER, Journal};
use crate::migration::file_of;
use crate::place;
use crate::version;
use chart_lint::discover::CHART_FILE;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A chart that was given back, or would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Its folder relative to the root.
    pub chart: String,
    /// Its files that changed.
    pub files: Vec<RestoredFile>,
}

/// A file and how a rollback changes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoredFile {
    /// Its path relative to the root.
    pub path: String,
    /// Its text before the rollback.
    pub now: String,
    /// Its text afterwards; `None` where the migration made it.
    pub then: Option<String>,
}

/// A chart that was not given back; none of its files was touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its folder relative to the root.
    pub chart: String,
    /// Why, with the file and the line.
    pub because: String,
}

/// What a rollback did.
#[derive(Debug, Default)]
pub struct Rollback {
    /// Charts that are as they were before their migration, but for later edits elsewhere.
    pub restored: Vec<Restored>,
    /// Charts that stay as they are.
    pub kept: Vec<Kept>,
    /// What is left to do by hand.
    pub notes: Vec<String>,
}

/// How migrations are taken back.
#[derive(Debug, Clone, Copy, Default)]
pub struct How {
    /// Whether nothing is written.
    pub dry_run: bool,
    /// Whether a chart gets a new version, one further than it has, instead of the one
    /// that it had: what was published must not be published again as something else.
    pub bump: bool,
}

/// Takes back every migration of the charts that are chosen, the newest first. A chart is
/// given back as a whole or not at all; what is given back leaves its journal.
///
/// # Errors
/// When a journal cannot be read or written, or a file cannot be written: the file, and
/// why. What was done until then is done, and running it again goes on.
pub fn rollback(
    root: &Path,
    is_chosen: impl Fn(&str) -> bool,
    how: How,
) -> Result<Rollback, (PathBuf, String)> {
    rollback_on(&Disk, root, is_chosen, how)
}

/// [`rollback`], on something else than a disk.
///
/// # Errors
/// As there.
pub fn rollback_on(
    on: &dyn Changes,
    root: &Path,
    is_chosen: impl Fn(&str) -> bool,
    how: How,
) -> Result<Rollback, (PathBuf, String)> {
    let mut result = Rollback::default();
    if !how.dry_run {
        sweep(root)?;
    }
    let mut raised = Versions::new();
    let mut journals = Journal::all(root)?;
    for at in 0..journals.len() {
        for entry in journals[at].1.charts.clone() {
            // A later migration of the chart that stays blocks the earlier ones.
            let blocked = result.kept.iter().any(|kept| kept.chart == entry.chart);
            if blocked || !is_chosen(&entry.chart) {
                continue;
            }
            let version = how.bump.then(|| version::raised(root, &entry));
            let files = match &entry.back {
                Some(_) if !how.bump => Err("it was begun to take it back in a new version, and \
                     that was interrupted; run it again with --bump"
                    .to_owned()),
                _ => undo(root, &entry, version.as_ref()),
            };
            let files = match files {
                Ok(files) => files,
                Err(because) => {
                    result.kept.push(Kept { chart: entry.chart, because });
                    continue;
                }
            };
            // Of several migrations of a chart the first that is taken back raises it.
            let version = version.flatten();
            let back = version.as_ref().map(Change::from);
            raised.extend(version.map(|version| (entry.chart.clone(), version)));
            mark(&mut journals, &entry.chart, back.as_ref(), how.dry_run, on)?;
            if !how.dry_run {
                for file in &files {
                    let path = root.join(&file.path);
                    files::replace_only(on, &path, &file.now, file.then.as_deref())
                        .map_err(|why| (path, why))?;
                }
                let (path, journal) = &mut journals[at];
                journal
                    .charts
                    .retain(|other| (&other.chart, &other.files) != (&entry.chart, &entry.files));
                write(path, journal, on)?;
            }
            result.restored.push(Restored { chart: entry.chart, files });
        }
    }
    // A chart that stays is raised anew when it is taken back, as it may be published until then.
    for kept in result.kept.iter().filter(|_| how.bump) {
        mark(&mut journals, &kept.chart, None, how.dry_run, on)?;
    }
    let restored: BTreeSet<&str> = result.restored.iter().map(|chart| &*chart.chart).collect();
    result.notes =
        restored.into_iter().filter_map(|c| dependants::left(root, c, &raised)).collect();
    Ok(result)
}

/// Notes in each migration of a chart to which version its rollback raises it.
fn mark(
    journals: &mut [(PathBuf, Journal)],
    chart: &str,
    back: Option<&Change>,
    dry_run: bool,
    on: &dyn Changes,
) -> Result<(), (PathBuf, String)> {
    for (path, journal) in journals {
        let mut is_new = false;
        for entry in journal.charts.iter_mut().filter(|entry| entry.chart == chart) {
            is_new |= entry.back.as_ref() != back;
            entry.back = back.cloned();
        }
        if is_new && !dry_run {
            write(path, journal, on)?;
        }
    }
    Ok(())
}

fn write(path: &Path, journal: &Journal, on: &dyn Changes) -> Result<(), (PathBuf, String)> {
    journal.write_to(path, on).map_err(|error| (path.to_owned(), error.to_string()))
}

/// Removes what an interrupt left beside the files that a migration or a rollback changes.
fn sweep(root: &Path) -> Result<(), (PathBuf, String)> {
    let folders: BTreeSet<PathBuf> = Journal::all(root)?
        .iter()
        .flat_map(|(_, journal)| &journal.charts)
        .flat_map(|chart| &chart.files)
        .filter_map(|file| Some(place::of(root, &file.path).ok()?.parent()?.to_owned()))
        .collect();
    folders.iter().for_each(|folder| files::sweep(folder));
    let journals = root.join(FOLDER);
    files::sweep(&journals);
    // An interrupt before the first journal leaves its empty folders.
    journals.ancestors().take(2).for_each(|folder| drop(fs::remove_dir(folder)));
    Ok(())
}

/// The files of a chart that differ from what they were, with both texts. With a version,
/// lines that name one are left alone, and raised where there is one to come.
fn undo(
    root: &Path,
    chart: &ChartEntry,
    version: Option<&Option<(String, String)>>,
) -> Result<Vec<RestoredFile>, String> {
    let mut files = Vec::new();
    for entry in &chart.files {
        let text = files::text(&place::of(root, &entry.path)?)
            .map_err(|error| format!("{} cannot be read: {error}", entry.path))?;
        let Some(text) = text else {
            // A file that the migration would have made is not there either.
            if entry.before.is_none() {
                continue;
            }
            return Err(format!("{} is not there", entry.path));
        };
        let migrated = chart.version.as_ref();
        let (entry, own) = match version {
            Some(_) => version::without(entry, migrated),
            None => (entry.clone(), Vec::new()),
        };
        let undone = entry.undo(&text).map_err(|line| {
            let by_hand = match &line.before {
                Some(before) => format!("write `{}` there by hand", before.trim()),
                None => "take it and what is under it away by hand".to_owned(),
            };
            format!(
                "{} was changed since: the line `{}` (line {} then) is not there as the \
                 migration left it; {by_hand}, or take the later change back first",
                entry.path,
                line.after.trim(),
                line.line,
            )
        })?;
        let undone = match version {
            Some(Some(version)) => version::raise(&entry.path, &undone, version, (migrated, &own)),
            _ => undone,
        };
        if undone != text {
            // What others wrote into a file that the migration made stays, and so does it.
            let then = (entry.before.is_some() || !undone.is_empty()).then_some(undone);
            files.push(RestoredFile { path: entry.path.clone(), now: text, then });
        }
    }
    Ok(files)
}

/// The name in a chart's Chart.yaml, else that of its folder.
pub fn name_of(root: &Path, chart: &str) -> Option<String> {
    let path = file_of(chart, CHART_FILE);
    let text = place::of(root, &path).ok().and_then(|file| files::existing(&file).ok());
    let name = text.and_then(|text| {
        let tree = yaml_span::parse(&text).ok()?;
        let root = *tree.documents().first()?;
        Some(tree.str(tree.get(root, "name")?.value)?.to_owned())
    });
    name.or_else(|| Some(chart.rsplit('/').next()?.to_owned()))
}
