//! What is to be said of a chart's change: what is left to do by hand.

use crate::files;
use crate::follow;
use crate::migration::{ChartChange, Request, file_of};
use chart_lint::discover::CHART_FILE;
use chart_lint::policy::Bump;

/// The lines about a change.
pub(crate) fn of(request: &Request<'_>, change: &ChartChange) -> Vec<String> {
    let mut remarks = follow::left(request, change);
    remarks.extend(version(request, change));
    remarks
}

/// What its version became, where that is not what one expects.
fn version(request: &Request<'_>, change: &ChartChange) -> Option<String> {
    let path = file_of(&change.chart, CHART_FILE);
    if let Some((before, after)) = &change.version {
        let is_release =
            |version: &str| !version.split('+').next().unwrap_or_default().contains('-');
        return (!is_release(before) && is_release(after)).then(|| {
            format!(
                "{path} goes from the pre-release {before} to {after}: write another version there \
                 if that is not to be released yet"
            )
        });
    }
    let of_policy = request.report.charts.iter().find(|chart| *chart.path == *change.chart);
    if of_policy.is_some_and(|chart| chart.bump == Bump::None) {
        return None;
    }
    let text = files::existing(&request.root.join(&path)).ok()?;
    let tree = yaml_span::parse(&text).ok()?;
    let entry = tree.documents().first().and_then(|&root| tree.get(root, "version"));
    let version = entry.and_then(|entry| tree.str(entry.value));
    let what = match version {
        Some(version) => format!("the version `{version}` is none that can be raised"),
        None => "there is no version to raise".to_owned(),
    };
    Some(format!("{path}: {what}; write the next one there, such as 1.2.3, before you publish it"))
}
