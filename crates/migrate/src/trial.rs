//! Charts changed in a temporary folder and judged there.

use crate::migration::{ChartChange, Request, top_chart};
use crate::prove;
use chart_lint::discover::FoundChart;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use tempfile::TempDir;

/// For each change whether it is proved: the changed chart uses exactly the images that
/// it used, but for those that were to move, and those as they were to become.
pub(crate) fn prove<'c>(
    request: &Request<'_>,
    changes: &'c [ChartChange],
) -> io::Result<Vec<(&'c ChartChange, Result<(), String>)>> {
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
    let after = (request.judge)(&root, charts);
    let proofs = changes.iter().map(|change| {
        let moved: BTreeMap<usize, String> =
            change.moved.iter().map(|(index, (_, after))| (*index, after.clone())).collect();
        let is_meant = |chart: &str| {
            top_chart(request.charts, chart).is_some_and(|top| top.display == change.chart)
        };
        (change, prove::same_but(request.report, &after, &moved, is_meant))
    });
    Ok(proofs.collect())
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
