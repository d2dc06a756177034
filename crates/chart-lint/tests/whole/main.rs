//! Whole charts, judged in process: what the rules that look at a chart as a whole say.
#![allow(clippy::unwrap_used)]

mod broken;
mod dependencies;
mod drift;
mod places;
mod roles;
mod unresolved;

use chart_lint::check::{CheckRequest, check};
use chart_lint::date::Date;
use chart_lint::discover::discover;
use chart_lint::model::{Finding, Report};
use std::fs;

/// How a chart is judged.
#[derive(Clone, Copy, Default)]
struct How {
    evaluate: bool,
    require_dependencies: bool,
}

const READ: How = How { evaluate: false, require_dependencies: false };
const EVALUATED: How = How { evaluate: true, require_dependencies: false };

const CHART: &str = "apiVersion: v2\nname: web\nversion: 1.0.0\nappVersion: \"1.4\"\n";

/// Judges the charts in these files, on the first of June 2026. The files are those of a
/// chart at the root unless they bring a Chart.yaml.
fn judge(files: &[(&str, &str)], how: How) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let own = files.iter().any(|(path, _)| *path == "Chart.yaml");
    let chart = [("Chart.yaml", CHART)].into_iter().filter(|_| !own);
    for (path, text) in chart.chain(files.iter().copied()) {
        let file = root.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let found = discover(std::slice::from_ref(&root), &root).unwrap();
    let today = Date::new(2026, 6, 1).unwrap();
    check(&CheckRequest {
        evaluate: how.evaluate,
        require_dependencies: how.require_dependencies,
        ..CheckRequest::new(root.clone(), found, today)
    })
}

fn of<'r>(report: &'r Report, rule: &str) -> Vec<&'r Finding> {
    report.findings.iter().filter(|finding| finding.rule == rule).collect()
}

/// `level message` of each finding of a rule.
fn said(report: &Report, rule: &str) -> Vec<String> {
    let said = |f: &&Finding| format!("{} {}", f.level.as_str(), f.message);
    of(report, rule).iter().map(said).collect()
}
