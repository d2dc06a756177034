//! How far a migration is, as numbers.

use super::row::Row;
use chart_lint::model::{Report, Status};
use chart_lint::policy::Urgency;
use std::collections::BTreeMap;

/// How far one chart is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartState<'a> {
    /// Its folder relative to the root.
    pub path: &'a str,
    /// Its name, or its path where it has none.
    pub name: &'a str,
    /// Images of it that are where the policy wants them, or are permitted to stay.
    pub done: usize,
    /// Images of it that are to move.
    pub left: usize,
}

/// How far the whole is. Images are counted as the inventory lists them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// All images.
    pub images: usize,
    /// Images from an allowed registry.
    pub migrated: usize,
    /// Images that an exception or a comment permits to stay.
    pub excepted: usize,
    /// Images that are to move, by [`Urgency::ALL`].
    pub left: [usize; 3],
    /// Of those, images for which the policy names no replacement.
    pub without_replacement: usize,
    /// Images whose registry no line of the policy names.
    pub unlisted: usize,
    /// All charts that have an image.
    pub charts: usize,
    /// Charts with no image left to move.
    pub charts_done: usize,
    /// Files and images that could not be read or analysed: the plan may lack images.
    pub incomplete: usize,
    /// Findings that belong to none of the images; see [`super::Plan::unplaced`].
    pub unplaced: usize,
}

impl Figures {
    /// The figures of some rows; what could not be read is not theirs.
    pub(super) fn of(rows: &[Row<'_>], charts: &[ChartState<'_>]) -> Self {
        let count = |status| rows.iter().filter(|row| row.status == status).count();
        let left = Urgency::ALL.map(|urgency| {
            let left = |row: &&Row<'_>| {
                row.status == Status::Disallowed && row.image.priority.urgency == urgency
            };
            rows.iter().filter(left).count()
        });
        let stuck =
            |row: &&Row<'_>| row.status == Status::Disallowed && row.image.replacement.is_none();
        Self {
            images: rows.len(),
            migrated: count(Status::Allowed),
            excepted: count(Status::Excepted),
            left,
            without_replacement: rows.iter().filter(stuck).count(),
            unlisted: count(Status::Unlisted),
            charts: charts.len(),
            charts_done: charts.iter().filter(|chart| chart.left == 0).count(),
            incomplete: 0,
            unplaced: 0,
        }
    }

    /// Images that are to move.
    pub fn to_move(&self) -> usize {
        self.left.iter().sum()
    }

    /// Of the images that the policy wants moved, those that have, in whole per cent,
    /// rounded down: 100 means that nothing is left.
    pub fn percent(&self) -> usize {
        let all = self.migrated + self.to_move();
        (self.migrated * 100).checked_div(all).unwrap_or(100)
    }
}

/// The charts that have an image, by path.
pub(super) fn charts<'a>(report: &'a Report, rows: &[Row<'a>]) -> Vec<ChartState<'a>> {
    let mut states: BTreeMap<&'a str, ChartState<'a>> = BTreeMap::new();
    for row in rows {
        let path: &'a str = &row.image.chart;
        let new = ChartState { path, name: row.chart, done: 0, left: 0 };
        let state = states.entry(path).or_insert(new);
        match row.status {
            Status::Disallowed => state.left += 1,
            Status::Allowed | Status::Excepted => state.done += 1,
            Status::Unlisted => {}
        }
    }
    // In the order of the report, which is that of every other format.
    let order = report.charts.iter().filter_map(|chart| states.remove(&*chart.path));
    order.collect()
}
