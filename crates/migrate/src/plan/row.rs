//! One image of the plan.

use crate::permitted::{Permission, Permitted};
use chart_lint::date::Date;
use chart_lint::model::{ChartSummary, Excepted, Image, Location, Part, Status};
use chart_lint::policy::Unmet;
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
    /// The policy that judged it, by the name that the report has for it.
    pub policy: &'a str,
    /// Where it stands. What a comment permits counts as excepted, as `lint` has it.
    pub status: Status,
    /// What permits it to stay, where its status is excepted.
    pub permit: Option<Permit<'a>>,
    /// True when the chart is a copy that a parent chart keeps of its dependency: an
    /// edit there is undone by the next update.
    pub vendored: bool,
    /// What a verification found of its replacement, or of itself where it stays.
    pub verified: Option<&'a Entry>,
}

/// What permits an image to stay where it is.
#[derive(Debug, Clone, Copy)]
pub struct Permit<'a> {
    /// Whether it is a comment in the chart; else an exception of the policy.
    pub is_comment: bool,
    /// Why.
    pub reason: &'a str,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// Who answers for it.
    pub owner: Option<&'a str>,
    /// Where it stands.
    pub location: &'a Location,
}

impl<'a> From<&'a Excepted> for Permit<'a> {
    fn from(exception: &'a Excepted) -> Self {
        Self {
            is_comment: false,
            reason: &exception.reason,
            until: exception.expires,
            owner: exception.owner.as_deref(),
            location: &exception.location,
        }
    }
}

impl<'a> From<Permission<'a>> for Permit<'a> {
    fn from(Permission { comment, reason }: Permission<'a>) -> Self {
        let (until, location) = (comment.until, &comment.location);
        Self { is_comment: true, reason, until, owner: None, location }
    }
}

impl Permit<'_> {
    /// `path:line` of it.
    pub fn at(&self) -> String {
        at(self.location)
    }
}

impl<'a> Row<'a> {
    pub(super) fn of(
        image: &'a Image,
        charts: &Charts<'a>,
        permitted: &Permitted<'a>,
        verified: Option<&'a Verified>,
    ) -> Self {
        let path: &str = &image.chart;
        let chart = charts.get(path);
        let name = chart.and_then(|chart| chart.name.as_deref());
        let parents = path.match_indices("/charts/").map(|(at, _)| &path[..at]);
        let below_the_root = path.starts_with("charts/").then_some(".");
        let vendored = parents.chain(below_the_root).any(|parent| charts.contains_key(parent));
        let permission = permitted.by(image);
        let mut row = Self {
            image,
            chart: name.unwrap_or(path),
            policy: chart.map_or("", |chart| &*chart.policy),
            status: if permission.is_some() { Status::Excepted } else { image.status },
            permit: permission.map(Permit::from).or(image.exception.as_ref().map(Permit::from)),
            vendored,
            verified: None,
        };
        row.verified = verified.zip(row.target()).and_then(|(all, target)| {
            let stays = || (target == image.reference).then(|| all.there(target)).flatten();
            all.find(&image.reference, target).or_else(stays)
        });
        row
    }

    /// The image that has to be there for it: what it is to become, or itself.
    pub(super) fn target(&self) -> Option<&'a str> {
        match self.permit {
            Some(_) if self.image.unknown.is_empty() => Some(&self.image.reference),
            Some(_) => None,
            None => verified::target(self.image),
        }
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
        self.place().map(at).unwrap_or_default()
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

    /// What the exception says that names it and does not hold: which, why it does not, who
    /// answers for it. It goes on as a sentence does.
    pub fn lapsed(&self) -> Option<String> {
        let lapsed = self.image.lapsed.as_ref().filter(|_| self.permit.is_none())?;
        let Excepted { reason, owner, location, expires } = &lapsed.exception;
        let why = match lapsed.because {
            Unmet::Expired(day) => format!("expired on {day}"),
            Unmet::NeedsDigest => {
                let until = expires.map(|day| format!(", until {day}")).unwrap_or_default();
                format!("holds only for images that are pinned by digest{until}")
            }
        };
        let owner = owner.as_ref().map(|owner| format!("; {owner} answers for it"));
        let owner = owner.unwrap_or_default();
        Some(format!("the exception at `{}` ({reason}) {why}{owner}", at(location)))
    }

    /// True when a part of the reference is not known, so that no command can name it.
    pub fn is_partial(&self) -> bool {
        !self.image.unknown.is_empty()
    }
}

/// `path:line`.
pub(super) fn at(location: &Location) -> String {
    format!("{}:{}", location.path, location.start.line)
}
