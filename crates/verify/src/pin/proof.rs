//! A changed chart, judged as it is to be.

use super::Pin;
use chart_images::sibling::Inventory;
use chart_lint::check::Unwritten;
use chart_lint::model::{Image, Status};
use std::collections::{BTreeMap, BTreeSet};

/// Proves that the chart with its files changed uses what it used, but for what is pinned,
/// and that what is pinned is permitted then.
pub(super) fn prove(
    inventory: &Inventory,
    chart: &str,
    pins: &[Pin<'_>],
    files: &BTreeMap<String, String>,
) -> Result<(), String> {
    let mut unwritten = Unwritten::default();
    for (path, text) in files {
        // What is behind a link is not pinned.
        unwritten.insert(inventory.root.join(path), text.clone());
    }
    let report = inventory.judge(chart, unwritten);
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
