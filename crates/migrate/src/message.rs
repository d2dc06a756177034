//! What a commit says of a chart that was migrated.

use crate::migration::{ChartChange, is_below};
use chart_lint::model::Report;
use image_ref::Reference;
use std::collections::BTreeSet;
use std::fmt::Write;

/// The message: a subject, the table of what moved, and the version.
pub fn of(change: &ChartChange, report: &Report) -> String {
    let mut rows = BTreeSet::new();
    let mut homes = BTreeSet::new();
    for (index, (before, after)) in &change.moved {
        let declared = report.images.get(*index).and_then(|image| image.declarations.first());
        let at = declared.map(|declaration| &declaration.location);
        let place = at.map(|at| format!("{}:{}", within(&at.path, &change.chart), at.start.line));
        rows.insert((place.unwrap_or_default(), before, after));
        let home = Reference::parse(after).ok().and_then(|new| new.registry().map(str::to_owned));
        homes.extend(home);
    }
    let count = rows.iter().map(|(_, before, _)| before).collect::<BTreeSet<_>>().len();
    let images = if count == 1 { "image" } else { "images" };
    let homes = match Vec::from_iter(homes).as_slice() {
        homes @ ([_] | [_, _]) => homes.join(" and "),
        _ => "where the policy allows them".to_owned(),
    };
    let subject = match count {
        0 => "follow the charts that it depends on".to_owned(),
        count => format!("move {count} {images} to {homes}"),
    };
    let mut text = format!("{}: {subject}\n", name(change, report));
    if !rows.is_empty() {
        text.push_str("\n| declared at | before | after |\n|---|---|---|\n");
    }
    for (place, before, after) in rows {
        let _ = writeln!(text, "| {place} | `{before}` | `{after}` |");
    }
    if let Some((before, after)) = &change.version {
        let _ = writeln!(text, "\nThe chart's version goes from {before} to {after}.");
    }
    text
}

/// The folder of a chart; the chart's name when it is the root.
fn name<'a>(change: &'a ChartChange, report: &'a Report) -> &'a str {
    let is_it = |summary: &&chart_lint::model::ChartSummary| *summary.path == *change.chart;
    let of_root = || report.charts.iter().find(is_it)?.name.as_deref();
    Some(change.chart.as_str()).filter(|chart| *chart != ".").or_else(of_root).unwrap_or("chart")
}

fn within<'p>(path: &'p str, chart: &str) -> &'p str {
    match is_below(path, chart) && chart != "." {
        true => path[chart.len()..].trim_start_matches('/'),
        false => path,
    }
}
