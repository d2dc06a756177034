//! The plan of a migration, derived from a finished report: what has moved, what is to
//! move and in which order, what stays and why.
//!
//! The same report gives the same plan, byte for byte: nothing in it comes from a clock,
//! a network or a machine.

mod availability;
mod commands;
mod figures;
mod history;
mod html;
mod json;
mod markdown;
mod row;
mod status;

pub use availability::Availability;
pub use commands::Asked;
pub use figures::{ChartState, Figures};
pub use history::{History, Point};
pub use html::html;
pub use json::{json, status_json};
pub use markdown::markdown;
pub use row::{Permit, Row};
pub use status::status;

use crate::permitted::Permitted;
use chart_lint::model::{Finding, Report, Status};
use chart_lint::policy::Urgency;
use chart_lint::verified::Verified;
use report::words::policies;
use std::collections::BTreeMap;

/// The plan. Rows keep the order of the report: by chart, then by place.
#[derive(Debug)]
pub struct Plan<'a> {
    /// Every image of the inventory.
    pub rows: Vec<Row<'a>>,
    /// How far each chart is, by its path.
    pub charts: Vec<ChartState<'a>>,
    /// How far the whole is.
    pub figures: Figures,
    /// The policies that judged, by name.
    pub policies: Vec<&'a str>,
    /// Which images exist, where a verification tells it.
    pub availability: Option<Availability>,
    /// Findings about what belongs to no image of the inventory: what is no reference, what
    /// is not known, what could not be read.
    pub unplaced: Vec<&'a Finding>,
    /// How far the whole was at earlier commits, where someone asked.
    pub history: Option<History>,
    /// The registries of one's own, by policy.
    own: BTreeMap<String, Vec<String>>,
    /// What its commands are to be told.
    asked: Asked,
}

/// The rules whose findings no image of the inventory has.
const UNPLACED: [&str; 5] = [
    "invalid-reference",
    "unresolved-image",
    "missing-dependency",
    "disallowed-chart-registry",
    "unreadable-file",
];

impl<'a> Plan<'a> {
    /// Derives the plan from a report, and from what a verification found.
    pub fn of(report: &'a Report, verified: Option<&'a Verified>) -> Self {
        let by_path = report.charts.iter().map(|chart| (&*chart.path, chart)).collect();
        let permitted = Permitted::of(report);
        let row = |image| Row::of(image, &by_path, &permitted, verified);
        let rows: Vec<Row<'a>> = report.images.iter().map(row).collect();
        let charts = figures::charts(report, &rows);
        let unplaced: Vec<&Finding> =
            report.findings.iter().filter(|finding| UNPLACED.contains(&finding.rule)).collect();
        let figures = Figures {
            incomplete: report.summary().incomplete,
            unplaced: unplaced.len(),
            ..Figures::of(&rows, &charts)
        };
        let availability = verified.map(|_| Availability::of(&rows));
        let policies = policies(report);
        Self {
            rows,
            charts,
            figures,
            policies,
            availability,
            unplaced,
            history: None,
            own: BTreeMap::new(),
            asked: Asked::default(),
        }
    }

    /// The same plan that names the registries of one's own to which each policy would have
    /// images copied.
    pub fn with_own_registries(self, own: BTreeMap<String, Vec<String>>) -> Self {
        Self { own, ..self }
    }

    /// The same plan whose commands ask about the same as it does.
    pub fn with_asked(self, asked: Asked) -> Self {
        Self { asked, ..self }
    }

    /// The same plan with how far the whole was before.
    pub fn with_history(self, history: History) -> Self {
        Self { history: Some(history), ..self }
    }

    /// The rows with a status.
    pub fn with_status(&self, status: Status) -> impl Iterator<Item = &Row<'a>> {
        self.rows.iter().filter(move |row| row.status == status)
    }

    /// What is to move with an urgency.
    pub fn to_move(&self, urgency: Urgency) -> impl Iterator<Item = &Row<'a>> {
        self.with_status(Status::Disallowed)
            .filter(move |row| row.image.priority.urgency == urgency)
    }

    /// What is to move and has no replacement in the policy.
    pub fn without_replacement(&self) -> impl Iterator<Item = &Row<'a>> {
        self.with_status(Status::Disallowed).filter(|row| row.image.replacement.is_none())
    }
}

/// The number of the phase in which an urgency is dealt with, from 1.
pub fn phase(urgency: Urgency) -> usize {
    match urgency {
        Urgency::High => 1,
        Urgency::Medium => 2,
        Urgency::Low => 3,
    }
}
