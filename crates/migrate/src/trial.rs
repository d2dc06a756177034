//! Charts changed in a temporary folder and judged there.

use crate::failures;
use crate::migration::{ChartChange, Request, top_chart};
use crate::prove::{self, Mismatch};
use chart_lint::check::parallel;
use chart_lint::discover::FoundChart;
use chart_lint::model::Report;
use std::fs;
use std::io;
use std::path::Path;
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
        let dir = root.join(&chart.display);
        copy(&chart.dir, &dir)?;
        for file in &change.files {
            let path = root.join(&file.path);
            // Not through a link, which could lead back to the original.
            fs::remove_file(&path)?;
            fs::write(path, &file.after)?;
        }
        charts.push(FoundChart { dir, display: chart.display.clone() });
    }
    let report = (request.judge)(&root, charts.clone());
    let proofs = changes.iter().map(|change| {
        let is_meant = |chart: &str| {
            top_chart(request.charts, chart).is_some_and(|top| top.display == change.chart)
        };
        prove::same_but(request.report, &report, change, is_meant)
    });
    let (original, known) = (request.root, request.charts);
    let failures = parallel::map(&charts, |chart| new_failure((original, known), &root, chart));
    let proofs = proofs.zip(failures).map(|(proof, failure)| match (proof, failure) {
        (Ok(()), Some(failure)) => Err(Mismatch { words: failure, ..Mismatch::default() }),
        (proof, _) => proof,
    });
    let proofs = proofs.collect();
    Ok(Trial { report, proofs })
}

/// A template that fails and did not, with the error.
fn new_failure(
    (original, charts): (&Path, &[FoundChart]),
    root: &Path,
    chart: &FoundChart,
) -> Option<String> {
    let mut failures = failures::of(root, chart);
    if failures.is_empty() {
        return None;
    }
    let known = charts.iter().find(|known| known.display == chart.display)?;
    let known = failures::of(original, known);
    failures.retain(|path, _| !known.contains_key(path));
    let (path, error) = failures.into_iter().next()?;
    let name = if path.is_empty() { "the chart" } else { &path };
    Some(format!("{name} would fail: {}", error.split_whitespace().collect::<Vec<_>>().join(" ")))
}

/// Copies a folder. A link is made anew, so that it is followed or refused as before.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            if entry.file_name() != ".git" && !target.exists() {
                copy(&entry.path(), &target)?;
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
