//! Version 1 of the JSON format. Fields may be added; none changes meaning.

use chart_lint::model::{
    self, Finding, FixedFinding, Hidden, HiddenBy, Image, Label, Location, Report,
};
use serde::Serialize;

/// The document.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document<'a> {
    version: u32,
    images: Vec<ImageEntry<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    findings: Option<Vec<FindingEntry<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hidden: Option<Vec<HiddenEntry<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed: Option<Vec<FixedEntry<'a>>>,
    charts: Vec<ChartEntry<'a>>,
    outside: &'a [String],
    /// What was too much to be evaluated.
    #[serde(skip_serializing_if = "is_none")]
    unexplored: usize,
    summary: Summary,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ImageEntry<'a> {
    chart: &'a str,
    reference: &'a str,
    registry: &'a str,
    repository: &'a str,
    tag: Option<&'a str>,
    digest: Option<&'a str>,
    status: &'static str,
    role: &'static str,
    priority: &'static str,
    /// The exception that permits it.
    #[serde(skip_serializing_if = "Option::is_none")]
    exception: Option<ExceptionEntry<'a>>,
    replacement: Option<&'a str>,
    conditional: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<&'a str>,
    /// Parts that only an evaluation of the templates can tell.
    unknown: Vec<&'static str>,
    evidence: &'static str,
    declarations: Vec<DeclarationEntry<'a>>,
    uses: Vec<UseEntry<'a>>,
}

#[derive(Serialize)]
struct ExceptionEntry<'a> {
    reason: &'a str,
    expires: Option<String>,
    owner: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeclarationEntry<'a> {
    part: &'static str,
    #[serde(flatten)]
    place: Place<'a>,
    text: &'a str,
    /// The flag that gave the text, when no file has it; the place is then that of a use.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UseEntry<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    kind: Option<&'a str>,
    container: Option<&'a str>,
    /// The way there from the declaration, with `--why`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    why: Vec<LabelEntry<'a>>,
}

/// A place: lines and columns from 1, columns in Unicode scalar values, the end exclusive.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Place<'a> {
    path: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FindingEntry<'a> {
    rule: &'static str,
    level: &'static str,
    message: &'a str,
    reference: Option<&'a str>,
    #[serde(flatten)]
    place: Place<'a>,
    chart: Option<&'a str>,
    replacement: Option<&'a str>,
    help: &'a [String],
    labels: Vec<LabelEntry<'a>>,
    fingerprint: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LabelEntry<'a> {
    text: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HiddenEntry<'a> {
    #[serde(flatten)]
    finding: FindingEntry<'a>,
    hidden_by: &'static str,
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct FixedEntry<'a> {
    fingerprint: &'a str,
    rule: &'a str,
    path: &'a str,
    reference: Option<&'a str>,
}

#[derive(Serialize)]
struct ChartEntry<'a> {
    path: &'a str,
    name: Option<&'a str>,
    policy: &'a str,
}

#[derive(Serialize)]
struct Summary {
    charts: usize,
    files: usize,
    images: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
    incomplete: usize,
}

impl<'a> Document<'a> {
    pub(super) fn list(report: &'a Report) -> Self {
        let summary = report.summary();
        Self {
            version: 1,
            images: report.images.iter().map(image).collect(),
            findings: None,
            hidden: None,
            fixed: None,
            charts: report.charts.iter().map(chart).collect(),
            outside: &report.outside,
            unexplored: report.unexplored,
            summary: Summary {
                charts: summary.charts,
                files: summary.files,
                images: summary.images,
                errors: summary.errors,
                warnings: summary.warnings,
                notes: summary.notes,
                incomplete: summary.incomplete,
            },
        }
    }

    pub(super) fn lint(report: &'a Report) -> Self {
        Self {
            findings: Some(report.findings.iter().map(finding).collect()),
            hidden: Some(report.hidden.iter().map(hidden).collect()),
            fixed: Some(report.fixed.iter().map(fixed).collect()),
            ..Self::list(report)
        }
    }
}

fn chart(chart: &model::ChartSummary) -> ChartEntry<'_> {
    ChartEntry { path: &chart.path, name: chart.name.as_deref(), policy: &chart.policy }
}

fn place(location: &Location) -> Place<'_> {
    Place {
        path: &location.path,
        line: location.start.line,
        column: location.start.column,
        end_line: location.end.line,
        end_column: location.end.column,
    }
}

fn image(image: &Image) -> ImageEntry<'_> {
    let declarations = image.declarations.iter().map(|declaration| DeclarationEntry {
        part: declaration.part.as_str(),
        place: place(&declaration.location),
        text: &declaration.text,
        from: declaration.from.as_deref(),
    });
    let uses = image.uses.iter().map(|used| UseEntry {
        place: place(&used.location),
        kind: used.kind.as_deref(),
        container: used.container.as_deref(),
        why: used.why.iter().map(label).collect(),
    });
    let exception = image.exception.as_ref().map(|exception| ExceptionEntry {
        reason: &exception.reason,
        expires: exception.expires.map(|date| date.to_string()),
        owner: exception.owner.as_deref(),
    });
    ImageEntry {
        chart: &image.chart,
        reference: &image.reference,
        registry: &image.registry,
        repository: &image.repository,
        tag: image.tag.as_deref(),
        digest: image.digest.as_deref(),
        status: image.status.as_str(),
        role: image.role.as_str(),
        priority: image.priority.urgency.as_str(),
        exception,
        replacement: image.replacement.as_deref(),
        conditional: image.conditional,
        condition: image.condition.as_deref(),
        unknown: image.unknown.iter().map(|part| part.as_str()).collect(),
        evidence: image.evidence.as_str(),
        declarations: declarations.collect(),
        uses: uses.collect(),
    }
}

fn finding(finding: &Finding) -> FindingEntry<'_> {
    FindingEntry {
        rule: finding.rule,
        level: finding.level.as_str(),
        message: &finding.message,
        reference: finding.reference.as_deref(),
        place: place(&finding.primary.location),
        chart: finding.chart.as_deref(),
        replacement: finding.replacement.as_deref(),
        help: &finding.help,
        labels: std::iter::once(&finding.primary).chain(&finding.related).map(label).collect(),
        fingerprint: &finding.fingerprint,
    }
}

fn label(label: &Label) -> LabelEntry<'_> {
    LabelEntry { text: &label.text, place: place(&label.location) }
}

fn hidden(hidden: &Hidden) -> HiddenEntry<'_> {
    let (hidden_by, reason) = match &hidden.because {
        HiddenBy::Suppression(reason) => ("suppression", Some(reason.as_str())),
        HiddenBy::Baseline => ("baseline", None),
        HiddenBy::Since(revision) => ("since", Some(revision.as_str())),
    };
    HiddenEntry { finding: finding(&hidden.finding), hidden_by, reason }
}

fn fixed(fixed: &FixedFinding) -> FixedEntry<'_> {
    FixedEntry {
        fingerprint: &fixed.fingerprint,
        rule: &fixed.rule,
        path: &fixed.path,
        reference: fixed.reference.as_deref(),
    }
}

fn is_none(count: &usize) -> bool {
    *count == 0
}
