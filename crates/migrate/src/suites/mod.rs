//! The suites of helm-unittest, whose expectations repeat what a chart renders.
//!
//! Whether an expectation has to follow is told by evaluation: each test's own values are
//! given to the chart as it was and as it is to be, and what differs where an assertion
//! looks is what it has to say otherwise. Values that a test sets stay: they are its own.

mod find;
mod given;
mod judge;
mod paths;
mod provider;
mod read;
mod side;
mod sides;
mod snapshot;
mod suite;
mod uses;
mod words;

use crate::edit::{self, Edit};
use crate::migration::{ChartChange, FileChange, Migration, Request, file_of, top_chart};
use crate::trial::{self, Trial};
use chart_lint::check::parallel;
use chart_lint::discover::FoundChart;
use chart_lint::shell;
use image_ref::Reference;
use side::Side;
use sides::Sides;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use suite::{Signs, Suite, mentions};

/// Lets the suites of the changed charts follow.
pub(crate) fn follow(request: &Request<'_>, migration: &mut Migration) -> io::Result<()> {
    let (root, charts) = (request.root, request.charts);
    let followed = parallel::map(&migration.charts, |change| of_chart((root, charts), change));
    let mut changed = Vec::new();
    for (index, files) in followed.into_iter().enumerate() {
        let followed = files?;
        let change = &migration.charts[index];
        migration.notes.extend(followed.notes_of(&change.chart));
        let files = followed.files;
        if !files.is_empty() {
            let mut change = change.clone();
            change.files.extend(files);
            change.files.sort_by(|a, b| a.path.cmp(&b.path));
            changed.push((index, change));
        }
    }
    if changed.is_empty() {
        return Ok(());
    }
    // A template can bring any file of the chart.
    let changes: Vec<&ChartChange> = changed.iter().map(|(_, change)| change).collect();
    let Trial { proofs, .. } = trial::run(request, &changes)?;
    for ((index, change), proof) in changed.into_iter().zip(proofs) {
        match proof {
            Ok(_) => migration.charts[index] = change,
            Err(mismatch) => migration.notes.push(format!(
                "the suites of {} expect the images that were, and stay, since with them changed {}",
                change.chart, mismatch.words
            )),
        }
    }
    Ok(())
}

/// The folders of a chart's suites, and of their snapshots.
pub(crate) fn folders(chart: &Path) -> BTreeSet<PathBuf> {
    let files = find::suites(chart).into_iter().flat_map(|(path, _)| [snapshot::of(&path), path]);
    files.filter_map(|path| Some(chart.join(path).parent()?.to_owned())).collect()
}

/// The suites and snapshots of a chart.
#[derive(Debug)]
pub(crate) struct Followed {
    /// Those that follow.
    pub(crate) files: Vec<FileChange>,
    /// Whether all checksums of snapshots can be told.
    is_all: bool,
    /// What is left to do by hand.
    notes: Vec<String>,
}

impl Followed {
    /// What is left to do by hand in a chart.
    pub(crate) fn notes_of(&self, chart: &str) -> Vec<String> {
        let mut notes = self.notes.clone();
        if !self.is_all {
            notes.push(format!(
                "a snapshot of {chart} has a checksum that cannot be told here, since the runner \
                 of helm-unittest is built with Helm 3: run `helm unittest --update-snapshot {}`",
                shell::word(chart)
            ));
        }
        notes
    }
}

/// Lets the suites of a chart follow.
pub(crate) fn of_chart(
    (original, charts): (&Path, &[FoundChart]),
    change: &ChartChange,
) -> io::Result<Followed> {
    let mut followed = Followed { files: Vec::new(), is_all: true, notes: Vec::new() };
    let Some(chart) = top_chart(charts, &change.chart) else { return Ok(followed) };
    let suites = find::suites(&chart.dir);
    let signs = signs(change);
    // Most suites are about something else; nothing is rendered for them.
    let suites: Vec<(String, String)> = suites
        .into_iter()
        .map(|(path, text)| (file_of(&change.chart, &path), text))
        .filter(|(path, text)| {
            // A pattern may name no part of an image and still be about it.
            let is_of_image = text.contains("image");
            is_of_image || mentions(text, &signs) || original.join(snapshot::of(path)).exists()
        })
        .collect();
    if suites.is_empty() {
        return Ok(followed);
    }
    let unwritten = trial::unwritten(original, &[change])?;
    helm_engine::evaluate::with_stack(|| {
        let sides = Sides::new(
            Side::load(original, chart, Arc::default()),
            Side::load(original, chart, unwritten),
        );
        for (path, text) in suites {
            let of_snapshots = snapshot::of(&path);
            let snapshots = snapshot::read(original, &of_snapshots).unwrap_or_default();
            let suite = Suite {
                path: &path,
                text: &text,
                of_snapshots: &of_snapshots,
                snapshots: &snapshots,
            };
            let outcome = suite.follow(&sides, &signs);
            followed.is_all &= !outcome.misses_a_digest;
            followed.notes.extend(outcome.notes);
            followed.files.extend(file(path, text, outcome.edits));
            followed.files.extend(file(of_snapshots, snapshots, outcome.of_snapshots));
        }
    });
    Ok(followed)
}

fn file(path: String, before: String, mut edits: Vec<Edit>) -> Option<FileChange> {
    edits.sort();
    edits.dedup();
    let after = edit::apply(&before, &edits)?;
    (before != after).then_some(FileChange { path, before: Some(before), after, edits })
}

/// What can be in an expectation that has to follow: what is changed, the parts of the
/// images, and the version.
fn signs(change: &ChartChange) -> Signs {
    let edits = change.files.iter().flat_map(|file| &file.edits).map(|edit| edit.before.clone());
    let parts = change.moved.values().flat_map(|(before, _)| {
        let parsed = Reference::parse(before).ok();
        let parts = parsed.map(|reference| {
            [Some(reference.repository().to_owned()), reference.registry().map(str::to_owned)]
        });
        parts.into_iter().flatten().flatten()
    });
    let version = change.version.iter().map(|(before, _)| before.clone());
    edits.chain(parts).chain(version).filter(|sign| !sign.is_empty()).collect()
}
