//! The suites of helm-unittest, whose expectations repeat what a chart renders.
//!
//! Whether an expectation has to follow is told by evaluation: each test's own values are
//! given to the chart as it was and as it is to be, and what differs where an assertion
//! looks is what it has to say otherwise. Values that a test sets stay: they are its own.

mod find;
mod paths;
mod read;
mod side;
mod snapshot;
mod words;

use crate::edit::{self, Edit};
use crate::migration::{ChartChange, FileChange, Migration, Request, file_of, top_chart};
use crate::trial::{self, Trial};
use chart_lint::check::parallel;
use chart_lint::discover::FoundChart;
use image_ref::Reference;
use read::Assert;
use side::{Manifest, Side};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::sync::Arc;
use words::Words;
use yaml_span::Tree;

/// Lets the suites of the changed charts follow.
pub(crate) fn follow(request: &Request<'_>, migration: &mut Migration) -> io::Result<()> {
    let (root, charts) = (request.root, request.charts);
    let followed = parallel::map(&migration.charts, |change| of_chart((root, charts), change));
    let mut changed = Vec::new();
    for (index, files) in followed.into_iter().enumerate() {
        let Followed { files, is_all } = files?;
        let change = &migration.charts[index];
        if !is_all {
            migration.notes.push(format!(
                "a snapshot of {0} has a checksum that cannot be told here, since the runner of \
                 helm-unittest is built with Helm 3: run `helm unittest --update-snapshot {0}`",
                change.chart
            ));
        }
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

/// The suites and snapshots of a chart.
#[derive(Debug)]
struct Followed {
    /// Those that follow.
    files: Vec<FileChange>,
    /// Whether that is all that they need.
    is_all: bool,
}

/// Lets the suites of a chart follow.
fn of_chart(
    (original, charts): (&Path, &[FoundChart]),
    change: &ChartChange,
) -> io::Result<Followed> {
    let mut followed = Followed { files: Vec::new(), is_all: true };
    let Some(chart) = top_chart(charts, &change.chart) else { return Ok(followed) };
    let suites = find::suites(&chart.dir);
    let signs = signs(change);
    // Most suites are about something else; nothing is rendered for them.
    let suites: Vec<(String, String)> = suites
        .into_iter()
        .map(|(path, text)| (file_of(&change.chart, &path), text))
        .filter(|(path, text)| mentions(text, &signs) || original.join(snapshot::of(path)).exists())
        .collect();
    if suites.is_empty() {
        return Ok(followed);
    }
    let unwritten = trial::unwritten(original, &[change])?;
    helm_engine::evaluate::with_stack(|| {
        let sides = Sides {
            before: Side::load(original, chart, Arc::default()),
            after: Side::load(original, chart, unwritten),
        };
        for (path, text) in suites {
            let of_snapshot = snapshot::of(&path);
            let snapshots = snapshot::read(original, &of_snapshot).unwrap_or_default();
            let (edits, of_snapshots) = of_suite(&sides, &path, &text, &snapshots, &signs);
            let (of_snapshots, is_all) = of_snapshots;
            followed.is_all &= is_all;
            followed.files.extend(file(path, text, edits));
            followed.files.extend(file(of_snapshot, snapshots, of_snapshots));
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

/// A chart as it was and as it is to be.
struct Sides {
    before: Side,
    after: Side,
}

/// What can be in an expectation that has to follow: what is changed, the parts of the
/// images, and the version.
fn signs(change: &ChartChange) -> BTreeSet<String> {
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

fn mentions(text: &str, signs: &BTreeSet<String>) -> bool {
    signs.iter().any(|sign| text.contains(sign.as_str())) || words::has_digest(text)
}

/// The edits of a suite, and those of its snapshots.
fn of_suite(
    sides: &Sides,
    path: &str,
    text: &str,
    snapshots: &str,
    signs: &BTreeSet<String>,
) -> (Vec<Edit>, (Vec<Edit>, bool)) {
    let Ok(tree) = yaml_span::parse(text) else { return (Vec::new(), (Vec::new(), true)) };
    let folder = path.rsplit_once('/').map(|(folder, _)| folder).unwrap_or_default();
    let mut edits = Vec::new();
    let mut kept: BTreeMap<String, Words> = BTreeMap::new();
    for test in read::tests(&tree) {
        let is_about = |assert: &Assert| {
            assert.is_snapshot && !snapshots.is_empty()
                || mentions(&text[tree.node(assert.expected).span.clone()], signs)
        };
        if !test.asserts.iter().any(is_about) {
            continue;
        }
        let before = sides.before.manifests(&test, folder);
        let after = sides.after.manifests(&test, folder);
        if before == after {
            continue;
        }
        for assert in test.asserts.iter().filter(|assert| is_about(assert)) {
            let words = differing(&before, &after, assert);
            if assert.is_snapshot {
                kept.entry(test.name.clone()).or_default().join(words);
            } else {
                edits.extend(expectation(&tree, assert, &words));
            }
        }
    }
    (edits, snapshot::edits(snapshots, &kept))
}

/// What an assertion sees otherwise.
fn differing(before: &[Manifest], after: &[Manifest], assert: &Assert) -> Words {
    let pairs: Vec<(&Manifest, &Manifest)> = before
        .iter()
        .filter(|old| assert.is_about(&old.path))
        .filter_map(|old| Some((old, after.iter().find(|new| new.path == old.path)?)))
        .collect();
    if let Some(path) = &assert.path {
        let mut seen = Vec::new();
        for (old, new) in &pairs {
            seen.extend(paths::at(&old.text, path).into_iter().zip(paths::at(&new.text, path)));
        }
        if !seen.is_empty() {
            return Words::of(seen.iter().map(|(old, new)| (&**old, &**new)), true);
        }
    }
    Words::of(pairs.iter().map(|(old, new)| (&*old.text, &*new.text)), false)
}

fn expectation(tree: &Tree<'_>, assert: &Assert, words: &Words) -> Vec<Edit> {
    let mut edits = Vec::new();
    for node in read::scalars(tree, assert.expected) {
        edits.extend(words.edits(tree, node));
    }
    edits
}
