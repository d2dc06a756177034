//! Judges a state of charts of which another one was judged before.

use super::chart::ChartOutcome;
use super::{CheckRequest, assemble, judge_each};
use crate::deployment::Deployment;
use crate::discover::FoundChart;
use crate::model::Report;
use std::collections::HashMap;
use std::path::PathBuf;

/// What the charts of a state gave, each by itself.
#[derive(Default)]
pub struct Judged {
    root: PathBuf,
    deployment: Deployment,
    outcomes: HashMap<FoundChart, ChartOutcome>,
}

/// What [`super::check`] answers, without judging charts again that are the same as in the state
/// before. Two states differ by their files, the root and the deployment's values; everything
/// else of both requests is the same.
///
/// `is_same` may say yes only of a chart of which no file changed: neither in its folder nor where
/// a link in there leads. A chart's judgement depends on no other one: Helm reads dependencies
/// in the chart's folder, whatever repository they come from.
pub fn check_again(
    request: &CheckRequest<'_>,
    judged: &mut Judged,
    is_same: impl Fn(&FoundChart) -> bool,
) -> Report {
    if judged.root != request.root || judged.deployment != request.deployment {
        judged.outcomes.clear();
        judged.root.clone_from(&request.root);
        judged.deployment.clone_from(&request.deployment);
    }
    judged.outcomes.retain(|chart, _| is_same(chart));
    let is_known = |chart: &&FoundChart| judged.outcomes.contains_key(chart);
    let anew: Vec<&FoundChart> = request.charts.iter().filter(|chart| !is_known(chart)).collect();
    let new = judge_each(&anew, request);
    judged.outcomes.extend(anew.into_iter().cloned().zip(new));
    let outcomes = request.charts.iter().filter_map(|chart| judged.outcomes.get(chart)).cloned();
    assemble::report(outcomes.collect(), request)
}
