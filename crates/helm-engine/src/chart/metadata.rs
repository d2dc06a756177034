//! `Chart.yaml` and `requirements.yaml`.

use super::problem::{Problem, ProblemKind};
use super::{Chart, FileState};
use crate::source::SourceMap;

/// Fills in what `Chart.yaml` and `requirements.yaml` say.
pub(super) fn fill(chart: &mut Chart, _sources: &SourceMap) {
    match chart.file("Chart.yaml").map(|file| &file.state) {
        Some(FileState::Loaded(id)) => chart.chart_yaml = Some(*id),
        Some(FileState::Failed(_)) => {}
        Some(FileState::Skipped(reason)) => {
            let message =
                format!("Chart.yaml was not read ({reason}), so this is no chart to Helm");
            chart.problems.push(missing(&chart.path, message));
        }
        // What kept the list of files from being read is enough to say.
        None if chart.problems.iter().all(|p| p.kind == ProblemKind::Ignore) => {
            let message = "there is no Chart.yaml, so this is no chart to Helm";
            chart.problems.push(missing(&chart.path, message));
        }
        None => {}
    }
}

fn missing(path: &str, message: impl Into<String>) -> Problem {
    let help = "Add a Chart.yaml with apiVersion, name and version, or move the folder away.";
    Problem::new(ProblemKind::Metadata, path, message, help)
}
