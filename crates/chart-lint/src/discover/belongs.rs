//! Which chart a file belongs to.

use super::CHART_FILE;
use std::path::{Path, PathBuf};

/// Folders of a chart that are loaded with it and hold no chart of their own.
pub(super) const LOADED_WITH_CHART: [&str; 2] = ["charts", "templates"];

/// The chart that a path belongs to: the nearest folder with a `Chart.yaml` at
/// or above it and not above `root`; but what is loaded with a chart belongs to
/// that chart, the topmost one when it is itself loaded with another.
pub fn chart_of(path: &Path, root: &Path) -> Option<PathBuf> {
    let mut owner: Option<&Path> = None;
    for folder in path.ancestors().take_while(|folder| folder.starts_with(root)) {
        if (owner.is_none() || is_loaded_with(path, folder)) && is_chart(folder) {
            owner = Some(folder);
        }
    }
    owner.map(Path::to_owned)
}

/// Whether a folder is a chart.
pub(super) fn is_chart(folder: &Path) -> bool {
    folder.join(CHART_FILE).is_file()
}

/// Whether a path lies in a folder that is loaded with the chart.
pub(super) fn is_loaded_with(path: &Path, chart: &Path) -> bool {
    path.strip_prefix(chart)
        .is_ok_and(|below| LOADED_WITH_CHART.iter().any(|name| below.starts_with(name)))
}
