//! Takes migrations back.

pub(crate) mod begun;
mod over_edits;
mod plan;
pub(crate) mod texts;
mod undo;

use crate::dependants::Versions;
use crate::files::{self, Changes, Disk};
use crate::journal::{FOLDER, Journal};
use crate::migration::file_of;
use crate::place;
use crate::suites;
use chart_lint::discover::CHART_FILE;
use plan::Plan;
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
    /// The version that it has then, where charts get new ones; `None` also where that cannot
    /// be told.
    pub version: Option<Version>,
}

/// The version of a chart that was given back where charts get new ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Version {
    /// One that stands for what it was.
    At(String),
    /// The one that it had: no migration had raised it.
    Stays(String),
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

/// A chart that follows those that it depends on to their new versions, or would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// Its folder relative to the root.
    pub chart: String,
    /// Its own version before and after.
    pub version: (String, String),
    /// Its files that changed.
    pub files: Vec<RestoredFile>,
}

/// What a rollback did.
#[derive(Debug, Default)]
pub struct Rollback {
    /// Charts that are as they were before their migration, but for later edits elsewhere.
    pub restored: Vec<Restored>,
    /// Other charts, which depend on those that have a new version now.
    pub followed: Vec<Followed>,
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
/// given back as a whole or not at all; what is given back leaves its journal. Where charts get
/// new versions, those of the repository that depend on them follow.
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
    let begun = begun::read(root)?;
    if !how.dry_run {
        sweep(root, &begun)?;
    }
    let mut journals = Journal::all(root)?;
    let plan = Plan::of((root, how), &journals, &begun, is_chosen);
    if !how.dry_run {
        if how.bump && !plan.is_nothing() {
            begun::write(root, &plan.versions, on)?;
        }
        for step in &plan.steps {
            let (path, journal) = &mut journals[step.journal];
            let write = |journal: &Journal| {
                journal.write_to(path, on).map_err(|error| (path.clone(), error.to_string()))
            };
            let mut taken = &step.entry;
            let over_edits = over_edits::entry(taken, &step.files, how.bump);
            if let Some(entry) = &over_edits {
                let same = journal.charts.iter_mut().filter(|one| *one == taken);
                same.for_each(|one| one.clone_from(entry));
                write(journal)?;
                taken = entry;
            }
            replace_all(on, root, &step.files)?;
            journal.charts.retain(|entry| entry != taken);
            write(journal)?;
        }
        for follower in &plan.followers {
            replace_all(on, root, &follower.files)?;
        }
        if how.bump && !(plan.is_nothing() && begun.is_empty()) {
            begun::remove(root, on)?;
        }
    }
    Ok(plan.told())
}

fn replace_all(
    on: &dyn Changes,
    root: &Path,
    files: &[RestoredFile],
) -> Result<(), (PathBuf, String)> {
    files.iter().try_for_each(|file| {
        let path = root.join(&file.path);
        files::replace_only(on, &path, &file.now, file.then.as_deref()).map_err(|why| (path, why))
    })
}

/// Removes what an interrupt left beside the files that a migration or a rollback changes.
fn sweep(root: &Path, begun: &Versions) -> Result<(), (PathBuf, String)> {
    let mut folders: BTreeSet<PathBuf> = Journal::all(root)?
        .iter()
        .flat_map(|(_, journal)| &journal.charts)
        .flat_map(|chart| &chart.files)
        .filter_map(|file| Some(place::of(root, &file.path).ok()?.parent()?.to_owned()))
        .collect();
    for chart in begun.keys() {
        let Ok(file) = place::of(root, &file_of(chart, CHART_FILE)) else { continue };
        let Some(chart) = file.parent() else { continue };
        folders.extend(suites::folders(chart));
        folders.insert(chart.to_owned());
    }
    folders.iter().for_each(|folder| files::sweep(folder));
    let journals = root.join(FOLDER);
    files::sweep(&journals);
    // An interrupt before the first journal leaves its empty folders.
    journals.ancestors().take(2).for_each(|folder| drop(fs::remove_dir(folder)));
    Ok(())
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
