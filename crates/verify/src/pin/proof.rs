//! A changed chart, judged on a copy.

use super::Pin;
use chart_images::sibling::Inventory;
use chart_lint::discover::FoundChart;
use chart_lint::model::{Image, Status};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

/// Proves that the chart with its files changed uses what it used, but for what is pinned,
/// and that what is pinned is permitted then.
pub(super) fn prove(
    inventory: &Inventory,
    chart: &str,
    pins: &[Pin<'_>],
    files: &BTreeMap<String, String>,
) -> Result<(), String> {
    let failed = |error: io::Error| format!("the proof on a copy failed: {error}");
    let folder = tempfile::TempDir::with_prefix("chart-images-").map_err(failed)?;
    let root = folder.path().canonicalize().map_err(failed)?;
    let dir = if chart == "." { root.clone() } else { root.join(chart) };
    copy(&inventory.root.join(chart), &dir).map_err(failed)?;
    for (path, text) in files {
        let path = root.join(path);
        // Not through a link, which could lead back to the original.
        fs::remove_file(&path).and_then(|()| fs::write(&path, text)).map_err(failed)?;
    }
    let report = inventory.judge(&root, vec![FoundChart { dir, display: chart.to_owned() }]);
    let of_chart = |image: &&Image| inventory.top_chart(&image.chart) == chart;
    let pinned: BTreeMap<(&str, &str), &str> =
        pins.iter().map(|pin| ((&*pin.image.chart, &*pin.image.reference), &*pin.pinned)).collect();
    let meant: BTreeSet<(&str, &str)> = inventory
        .report
        .images
        .iter()
        .filter(of_chart)
        .map(|image| {
            let now = (&*image.chart, &*image.reference);
            (now.0, pinned.get(&now).copied().unwrap_or(now.1))
        })
        .collect();
    let is: BTreeSet<(&str, &str)> =
        report.images.iter().map(|image| (&*image.chart, &*image.reference)).collect();
    if let Some((_, other)) = is.symmetric_difference(&meant).next() {
        return Err(format!("the chart would use other images than it should: `{other}`"));
    }
    let is_refused = |image: &&Image| {
        pinned.values().any(|pinned| *pinned == image.reference) && image.status != Status::Excepted
    };
    match report.images.iter().find(is_refused) {
        Some(image) => Err(format!("`{}` would not be permitted either", image.reference)),
        None => Ok(()),
    }
}

/// Copies a folder; a file that is a link is copied itself.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            if entry.file_name() != ".git" {
                copy(&entry.path(), &target)?;
            }
        } else if kind.is_file() || entry.path().is_file() {
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}
