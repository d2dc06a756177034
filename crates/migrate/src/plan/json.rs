//! The plan for programs. Fields may be added; none changes meaning.

use super::row::{Permit, Row};
use super::{Availability, ChartState, Figures, History, Plan, Point, phase};
use chart_lint::model::{Finding, Status};
use chart_lint::policy::Unmet;
use serde::Serialize;

/// The plan as a JSON document that ends in a line feed.
pub fn json(plan: &Plan<'_>) -> String {
    text(&Document {
        version: 1,
        policies: &plan.policies,
        figures: figures(&plan.figures),
        availability: plan.availability.as_ref().map(availability),
        history: plan.history.as_ref().map(history),
        charts: plan.charts.iter().map(chart).collect(),
        images: plan.rows.iter().map(row).collect(),
        unplaced: plan.unplaced.iter().copied().map(unplaced).collect(),
    })
}

/// The figures of a plan as a JSON document that ends in a line feed.
pub fn status_json(plan: &Plan<'_>) -> String {
    text(&StatusDocument {
        version: 1,
        policies: &plan.policies,
        figures: figures(&plan.figures),
        availability: plan.availability.as_ref().map(availability),
        charts: plan.charts.iter().map(chart).collect(),
    })
}

fn text(document: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    policies: &'a [&'a str],
    figures: FiguresEntry,
    availability: Option<AvailabilityEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<HistoryEntry<'a>>,
    charts: Vec<ChartEntry<'a>>,
    images: Vec<RowEntry<'a>>,
    /// Findings that belong to no image.
    unplaced: Vec<UnplacedEntry<'a>>,
}

#[derive(Serialize)]
struct StatusDocument<'a> {
    version: u32,
    policies: &'a [&'a str],
    figures: FiguresEntry,
    availability: Option<AvailabilityEntry>,
    charts: Vec<ChartEntry<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FiguresEntry {
    images: usize,
    migrated: usize,
    excepted: usize,
    left: Left,
    without_replacement: usize,
    unlisted: usize,
    charts: usize,
    charts_done: usize,
    incomplete: usize,
    unplaced: usize,
    percent: usize,
}

#[derive(Serialize)]
struct Left {
    high: usize,
    medium: usize,
    low: usize,
}

/// What a verification found; none without one.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AvailabilityEntry {
    available: usize,
    different: usize,
    missing: usize,
    unknown: usize,
    not_asked: usize,
    since: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HistoryEntry<'a> {
    days: usize,
    looked_at: usize,
    points: Vec<PointEntry<'a>>,
}

#[derive(Serialize)]
struct PointEntry<'a> {
    day: String,
    commit: &'a str,
    figures: FiguresEntry,
}

#[derive(Serialize)]
struct ChartEntry<'a> {
    path: &'a str,
    name: &'a str,
    done: usize,
    left: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RowEntry<'a> {
    chart: &'a str,
    chart_name: &'a str,
    reference: &'a str,
    status: &'static str,
    role: &'static str,
    priority: &'static str,
    /// Why the policy overrides the priority that the role gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    priority_reason: Option<&'a str>,
    /// The phase in which it moves; none when it does not.
    phase: Option<usize>,
    replacement: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exception: Option<ExceptionEntry<'a>>,
    /// The exception that names it and does not hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    lapsed: Option<LapsedEntry<'a>>,
    vendored: bool,
    /// What a verification found of the replacement, or of the image where it stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    verified: Option<VerifiedEntry<'a>>,
    path: &'a str,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct VerifiedEntry<'a> {
    answer: &'static str,
    target: &'a str,
    asked: String,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    lost: &'a [String],
}

#[derive(Serialize)]
struct ExceptionEntry<'a> {
    /// `policy`, or `comment` where a comment in the chart permits it.
    by: &'static str,
    reason: &'a str,
    expires: Option<String>,
    owner: Option<&'a str>,
    path: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct LapsedEntry<'a> {
    because: &'static str,
    #[serde(flatten)]
    exception: ExceptionEntry<'a>,
}

#[derive(Serialize)]
struct UnplacedEntry<'a> {
    rule: &'static str,
    message: &'a str,
    path: &'a str,
    line: u32,
    column: u32,
}

fn figures(figures: &Figures) -> FiguresEntry {
    FiguresEntry {
        images: figures.images,
        migrated: figures.migrated,
        excepted: figures.excepted,
        left: Left { high: figures.left[0], medium: figures.left[1], low: figures.left[2] },
        without_replacement: figures.without_replacement,
        unlisted: figures.unlisted,
        charts: figures.charts,
        charts_done: figures.charts_done,
        incomplete: figures.incomplete,
        unplaced: figures.unplaced,
        percent: figures.percent(),
    }
}

fn availability(found: &Availability) -> AvailabilityEntry {
    AvailabilityEntry {
        available: found.available,
        different: found.different,
        missing: found.missing,
        unknown: found.unknown,
        not_asked: found.not_asked,
        since: found.since.map(|day| day.to_string()),
    }
}

fn history(history: &History) -> HistoryEntry<'_> {
    HistoryEntry {
        days: history.days,
        looked_at: history.looked_at,
        points: history.points.iter().map(point).collect(),
    }
}

fn point(point: &Point) -> PointEntry<'_> {
    PointEntry {
        day: point.day.to_string(),
        commit: &point.commit,
        figures: figures(&point.figures),
    }
}

fn chart<'a>(chart: &ChartState<'a>) -> ChartEntry<'a> {
    ChartEntry { path: chart.path, name: chart.name, done: chart.done, left: chart.left }
}

fn row<'a>(row: &Row<'a>) -> RowEntry<'a> {
    let image = row.image;
    let at = row.place();
    let overridden = image.priority.by_policy.as_ref();
    let lapsed = image.lapsed.as_ref().filter(|_| row.permit.is_none());
    let lapsed = lapsed.map(|lapsed| LapsedEntry {
        because: match lapsed.because {
            Unmet::Expired(_) => "expired",
            Unmet::NeedsDigest => "needs-digest",
        },
        exception: exception((&lapsed.exception).into()),
    });
    RowEntry {
        chart: &image.chart,
        chart_name: row.chart,
        reference: &image.reference,
        status: row.status.as_str(),
        role: image.role.as_str(),
        priority: image.priority.urgency.as_str(),
        priority_reason: overridden.map(|word| word.reason.as_deref().unwrap_or("")),
        phase: (row.status == Status::Disallowed).then(|| phase(image.priority.urgency)),
        replacement: image.replacement.as_deref(),
        exception: row.permit.map(exception),
        lapsed,
        vendored: row.vendored,
        verified: row.verified.map(|entry| VerifiedEntry {
            answer: entry.answer.as_str(),
            target: &entry.target,
            asked: entry.asked.to_string(),
            lost: &entry.lost,
        }),
        path: at.map_or("", |at| &*at.path),
        line: at.map_or(0, |at| at.start.line),
        column: at.map_or(0, |at| at.start.column),
    }
}

fn exception(permit: Permit<'_>) -> ExceptionEntry<'_> {
    ExceptionEntry {
        by: if permit.is_comment { "comment" } else { "policy" },
        reason: permit.reason,
        expires: permit.until.map(|day| day.to_string()),
        owner: permit.owner,
        path: &permit.location.path,
        line: permit.location.start.line,
    }
}

fn unplaced(finding: &Finding) -> UnplacedEntry<'_> {
    let at = &finding.primary.location;
    UnplacedEntry {
        rule: finding.rule,
        message: &finding.message,
        path: &at.path,
        line: at.start.line,
        column: at.start.column,
    }
}
