//! Charts judged as they are to be.

use crate::failures;
use crate::migration::{ChartChange, Request, top_chart};
use crate::prove::{self, ByChart, Mismatch};
use chart_lint::check::parallel;
use chart_lint::discover::FoundChart;
use chart_lint::model::Report;
use helm_engine::chart::Unwritten;
use std::collections::HashSet;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// What judging the changed charts gave.
pub(crate) struct Trial {
    /// What they use.
    pub(crate) report: Report,
    /// For each change whether it is proved: the changed chart uses exactly the images that
    /// it used, but for those that were to move, and those as they were to become. A copy's
    /// own default may stay, by its index in the report.
    pub(crate) proofs: Vec<Result<Vec<usize>, Mismatch>>,
}

pub(crate) fn run(request: &Request<'_>, changes: &[&ChartChange]) -> io::Result<Trial> {
    let tops = changes.iter().filter_map(|change| top_chart(request.charts, &change.chart));
    let charts: Vec<FoundChart> = tops.cloned().collect();
    let unwritten = unwritten(request.root, changes)?;
    let report = (request.judge)(&unwritten, charts);
    let before = ByChart::of(request.report, request.charts);
    let after = ByChart::of(&report, request.charts);
    let proofs = changes.iter().map(|change| prove::same_but(&before, &after, change));
    let renders: HashSet<&str> =
        report.charts.iter().filter(|chart| chart.renders).map(|chart| &*chart.path).collect();
    let failures = parallel::map(changes, |change| {
        let chart = top_chart(request.charts, &change.chart)?;
        if renders.contains(&*chart.display) {
            return None;
        }
        new_failure(request.root, &unwritten, chart)
    });
    let proofs = proofs.zip(failures).map(|(proof, failure)| match (proof, failure) {
        (Ok(_), Some(failure)) => Err(failure),
        (proof, _) => proof,
    });
    let proofs = proofs.collect();
    Ok(Trial { report, proofs })
}

/// The files of changes, as they are to be.
pub(crate) fn unwritten(root: &Path, changes: &[&ChartChange]) -> io::Result<Arc<Unwritten>> {
    let mut unwritten = Unwritten::default();
    // Nothing that changes is reached by a link below the root.
    let root = root.canonicalize()?;
    for file in changes.iter().flat_map(|change| &change.files) {
        unwritten.insert(root.join(&file.path), file.after.clone());
    }
    Ok(Arc::new(unwritten))
}

/// A template that fails and did not, with the error.
fn new_failure(root: &Path, unwritten: &Arc<Unwritten>, chart: &FoundChart) -> Option<Mismatch> {
    let mut failures = failures::of(root, chart, unwritten);
    if failures.is_empty() {
        return None;
    }
    let known = failures::of(root, chart, &Arc::default());
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
