//! One image of the plan.

use chart_lint::model::{ChartSummary, Image, Location, Part};
use chart_lint::verified::{self, Answer, Entry, Verified};
use std::collections::HashMap;

/// The charts of a report, by their path.
pub(super) type Charts<'a> = HashMap<&'a str, &'a ChartSummary>;

/// An image, and what the plan says of it beside the inventory.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// The image of the inventory.
    pub image: &'a Image,
    /// The name of its chart, or the path of the chart's folder where it has none.
    pub chart: &'a str,
    /// True when the chart is a copy that a parent chart keeps of its dependency: an
    /// edit there is undone by the next update.
    pub vendored: bool,
    /// What a verification found of its replacement, or of itself where it stays.
    pub verified: Option<&'a Entry>,
}

impl<'a> Row<'a> {
    pub(super) fn of(
        image: &'a Image,
        charts: &Charts<'a>,
        verified: Option<&'a Verified>,
    ) -> Self {
        let path: &str = &image.chart;
        let name = charts.get(path).and_then(|chart| chart.name.as_deref());
        let parents = path.match_indices("/charts/").map(|(at, _)| &path[..at]);
        let below_the_root = path.starts_with("charts/").then_some(".");
        let vendored = parents.chain(below_the_root).any(|parent| charts.contains_key(parent));
        let target = verified::target(image);
        let verified = verified.zip(target);
        let verified = verified.and_then(|(all, target)| all.find(&image.reference, target));
        Self { image, chart: name.unwrap_or(path), vendored, verified }
    }

    /// The place to change: where the registry stands, else the repository, else the
    /// first declaration.
    pub fn place(&self) -> Option<&'a Location> {
        let declarations = &self.image.declarations;
        let of = |part: Part| declarations.iter().find(|declaration| declaration.part == part);
        let decides = of(Part::Registry).or_else(|| of(Part::Repository));
        decides.or(declarations.first()).map(|declaration| &declaration.location)
    }

    /// `path:line` of [`Row::place`].
    pub fn at(&self) -> String {
        self.place().map(|at| format!("{}:{}", at.path, at.start.line)).unwrap_or_default()
    }

    /// What was found, as a table has it: `identical`, `missing repository (2026-11-25)`.
    pub fn found(&self) -> String {
        match self.verified {
            None => "not verified".to_owned(),
            Some(entry) if entry.answer == Answer::Identical => "identical".to_owned(),
            Some(entry) => {
                let answer = entry.answer.as_str().replace('-', " ");
                format!("{answer} ({})", entry.asked.date())
            }
        }
    }

    /// True when a part of the reference is not known, so that no command can name it.
    pub fn is_partial(&self) -> bool {
        !self.image.unknown.is_empty()
    }
}
