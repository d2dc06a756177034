//! Charts changed in a temporary folder and judged there.

use crate::failures;
use crate::migration::{ChartChange, Request, top_chart};
use crate::prove::{self, ByChart, Mismatch};
use chart_lint::check::parallel;
use chart_lint::discover::FoundChart;
use chart_lint::model::Report;
use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What judging the changed charts gave.
pub(crate) struct Trial {
    /// What they use.
    pub(crate) report: Report,
    /// For each change whether it is proved: the changed chart uses exactly the images that
    /// it used, but for those that were to move, and those as they were to become.
    pub(crate) proofs: Vec<Result<(), Mismatch>>,
}

pub(crate) fn run(request: &Request<'_>, changes: &[&ChartChange]) -> io::Result<Trial> {
    let folder = TempDir::with_prefix("chart-images-")?;
    let root = folder.path().canonicalize()?;
    let mut charts = Vec::new();
    for change in changes {
        let Some(chart) = top_chart(request.charts, &change.chart) else { continue };
        charts.push(changed(&root, chart, change)?);
    }
    let report = (request.judge)(&root, charts.clone());
    let before = ByChart::of(request.report, request.charts);
    let after = ByChart::of(&report, request.charts);
    let proofs = changes.iter().map(|change| prove::same_but(&before, &after, change));
    let (original, known) = (request.root, request.charts);
    let failures = parallel::map(&charts, |chart| new_failure((original, known), &root, chart));
    let proofs = proofs.zip(failures).map(|(proof, failure)| match (proof, failure) {
        (Ok(()), Some(failure)) => Err(failure),
        (proof, _) => proof,
    });
    let proofs = proofs.collect();
    Ok(Trial { report, proofs })
}

/// A copy of a chart below another root, with a change made.
pub(crate) fn changed(
    root: &Path,
    chart: &FoundChart,
    change: &ChartChange,
) -> io::Result<FoundChart> {
    let dir = root.join(&chart.display);
    let changed: HashSet<PathBuf> = change.files.iter().map(|file| root.join(&file.path)).collect();
    copy(&chart.dir, &dir, &changed)?;
    for file in &change.files {
        fs::write(root.join(&file.path), &file.after)?;
    }
    Ok(FoundChart { dir, display: chart.display.clone() })
}

/// A template that fails and did not, with the error.
fn new_failure(
    (original, charts): (&Path, &[FoundChart]),
    root: &Path,
    chart: &FoundChart,
) -> Option<Mismatch> {
    let mut failures = failures::of(root, chart);
    if failures.is_empty() {
        return None;
    }
    let known = charts.iter().find(|known| known.display == chart.display)?;
    let known = failures::of(original, known);
    failures.retain(|path, _| !known.contains_key(path));
    let (path, error) = failures.into_iter().next()?;
    let name = if path.is_empty() { "the chart" } else { &path };
    let error = error.split_whitespace().collect::<Vec<_>>().join(" ");
    // `app/charts/sub/templates/NOTES.txt` is of the chart `charts/sub`.
    let of_chart = path.rsplit_once("/templates/").map(|(chart, _)| chart).unwrap_or_default();
    let of_chart = of_chart.split_once('/').map(|(_, below)| below).unwrap_or_default();
    let words = format!("{name} would fail: {error}");
    Some(Mismatch { words, failed: Some(of_chart.to_owned()), ..Mismatch::default() })
}

/// Copies a folder but for some files, of which the copy has other ones. A link is made
/// anew, so that it is followed or refused as before.
///
/// NOTE: not by hard links, though that is faster: a chart can lie in the folder of another
/// one, and what is written to its copy would be written to the original.
fn copy(from: &Path, to: &Path, but: &HashSet<PathBuf>) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        let kind = entry.file_type()?;
        if but.contains(&target) {
            continue;
        }
        if kind.is_dir() {
            if entry.file_name() != ".git" && !target.exists() {
                copy(&entry.path(), &target, but)?;
            }
        } else if kind.is_symlink() {
            link(&fs::read_link(entry.path())?, &target)?;
        } else if kind.is_file() {
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn link(target: &Path, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, at)
}

#[cfg(not(unix))]
fn link(target: &Path, at: &Path) -> io::Result<()> {
    // Links need rights that few have there: the file itself does as well.
    let file = at.parent().map(|folder| folder.join(target)).unwrap_or_default();
    if file.is_file() { fs::copy(file, at).map(drop) } else { Ok(()) }
}
