//! Charts judged as they are to be.

use crate::migration::{ChartChange, Request, top_chart};
use crate::prove::{self, ByChart, Mismatch};
use crate::rendered;
use chart_lint::check::parallel;
use chart_lint::discover::FoundChart;
use chart_lint::model::Report;
use helm_engine::chart::Unwritten;
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
    let rendered = parallel::map(changes, |change| {
        let chart = &*change.chart;
        match (request.report.renderings.get(chart), report.renderings.get(chart)) {
            (Some(before), Some(after)) => rendered::same_but(before, after, change),
            // Its policy is wrong, and nothing of it is judged.
            (None, None) => Ok(()),
            _ => Err(Mismatch {
                words: "only one of its states was evaluated".to_owned(),
                ..Mismatch::default()
            }),
        }
    });
    let proofs = changes.iter().map(|change| prove::same_but(&before, &after, change));
    let proofs = proofs
        .zip(rendered)
        .map(|(proof, rendered)| proof.and_then(|kept| rendered.map(|()| kept)));
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
