//! The charts to render, and the values to render them with.

use std::fs;
use std::path::{Path, PathBuf};

/// One render.
pub(crate) struct Scenario {
    /// How the table names it.
    pub(crate) name: String,
    /// The chart's folder.
    pub(crate) chart: PathBuf,
    /// Values files, each over those before it.
    pub(crate) files: Vec<PathBuf>,
}

/// The renders of all charts under a folder; with `ci` those with each of a
/// chart's `ci/*.yaml`, too.
pub(crate) fn under(folder: &Path, ci: bool) -> Vec<Scenario> {
    let mut charts = Vec::new();
    find(folder, &mut charts);
    charts.sort();
    let mut scenarios = Vec::new();
    for chart in charts {
        let shown = chart.strip_prefix(folder).unwrap_or(&chart).display().to_string();
        let name = if shown.is_empty() { folder.display().to_string() } else { shown };
        if ci {
            let mut files = children(&chart.join("ci"));
            files.retain(|file| file.extension().is_some_and(|e| e == "yaml" || e == "yml"));
            files.sort();
            for file in files {
                let values = file.file_name().unwrap_or_default().to_string_lossy();
                let name = format!("{name} ({values})");
                scenarios.push(Scenario { name, chart: chart.clone(), files: vec![file] });
            }
        }
        scenarios.push(Scenario { name, chart, files: Vec::new() });
    }
    scenarios
}

fn find(folder: &Path, charts: &mut Vec<PathBuf>) {
    if folder.join("Chart.yaml").is_file() {
        charts.push(folder.to_owned());
        return;
    }
    for child in children(folder) {
        let hidden = child.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if child.is_dir() && !child.is_symlink() && !hidden {
            find(&child, charts);
        }
    }
}

/// What is in a folder.
pub(crate) fn children(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}
