//! `--format human`: for a person, by miette.

use crate::escape;
use crate::{ways, words};
use chart_lint::model::{Finding, Label, Level, Report};
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, Severity, SourceCode, SourceSpan, SpanContents,
};
use std::fmt;

/// How it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Whether colours are used.
    pub color: bool,
    /// Columns to use.
    pub width: usize,
}

/// Places beside the bytes to change that one finding shows; the rest is counted.
const MOST_RELATED: usize = 6;

/// The findings, and a line with the counts.
pub fn lint(report: &Report, options: Options) -> String {
    let theme =
        if options.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(options.width)
        .with_links(false)
        .with_context_lines(1)
        .with_cause_chain();
    let mut text = String::new();
    let (listed, apart): (Vec<&Finding>, Vec<&Finding>) =
        report.findings.iter().partition(|finding| finding.rule == LISTED);
    let (listed, apart) = match listed.len() > MOST_APART {
        true => (listed, apart),
        false => (Vec::new(), report.findings.iter().collect()),
    };
    for finding in apart {
        // The handler writes to a string, which cannot fail; a snippet that it
        // cannot show is left out and the words stay.
        if handler.render_report(&mut text, &Shown::of(finding, report)).is_err() {
            let at = &finding.primary.location;
            text.push_str(&format!("{}:{}: {}\n", at.path, at.start.line, finding.message));
        }
        text.push('\n');
    }
    text.push_str(&list(&listed));
    let s = report.summary();
    let sign = if s.errors > 0 || s.incomplete > 0 { "✗" } else { "✓" };
    text.push_str(&format!("{sign} {}\n", words::totals(report)));
    for remark in words::remarks(report) {
        text.push_str(&format!("  {remark}\n"));
    }
    let policies = words::policies(report);
    if !policies.is_empty() {
        let shown: Vec<_> = policies.iter().map(|policy| escape::one_line(policy)).collect();
        text.push_str(&format!("  policy: {}\n", shown.join(", ")));
    }
    text
}

/// A repository whose charts are not vendored says this of every chart: more of them
/// than that are a list, with a line for each.
const LISTED: &str = "missing-dependency";
const MOST_APART: usize = 3;

/// Findings with a line for each, and what to do once for each chart.
fn list(findings: &[&Finding]) -> String {
    let Some(first) = findings.first() else { return String::new() };
    let sign = if first.level == Level::Error { "×" } else { "⚠" };
    let number = findings.len();
    let mut text = format!(
        "{}\n\n  {sign} {number} dependencies are not vendored: their images are not known\n",
        first.rule
    );
    for of_chart in findings.chunk_by(|a, b| a.primary.location.path == b.primary.location.path) {
        for finding in of_chart {
            let at = &finding.primary.location;
            let path = escape::one_line(&at.path);
            let message = escape::one_line(&finding.message);
            text.push_str(&format!("    {path}:{}: {message}\n", at.start.line));
        }
        if let Some(help) = of_chart.first().and_then(|finding| finding.help.first()) {
            text.push_str(&format!("      help: {}\n", escape::one_line(help)));
        }
    }
    text.push('\n');
    text
}

/// A finding as miette shows it.
#[derive(Debug)]
struct Shown {
    message: String,
    rule: &'static str,
    severity: Severity,
    help: String,
    source: Option<Slice>,
    label: LabeledSpan,
}

impl Shown {
    fn of(finding: &Finding, report: &Report) -> Self {
        let location = &finding.primary.location;
        let mut help: Vec<String> =
            finding.help.iter().map(|text| escape::one_line(text).into_owned()).collect();
        if location.snippet.text.is_empty() {
            // Nothing of the file can be shown, so the place stands in the words.
            help.insert(
                0,
                format!("in {}:{}", escape::one_line(&location.path), location.start.line),
            );
        }
        let uses = ways::uses(report, finding);
        // A way ends at the use, so that is said already.
        let told = |label: &&Label| uses.iter().any(|used| used.location == label.location);
        let related: Vec<&Label> = finding.related.iter().filter(|label| !told(label)).collect();
        help.extend(related.iter().take(MOST_RELATED).copied().map(see));
        if related.len() > MOST_RELATED {
            let more = words::count(related.len() - MOST_RELATED, "more place");
            help.push(format!("and {more}"));
        }
        help.extend(ways::unique(uses));
        let (text, range) = escape::snippet(&location.snippet.text, location.snippet.range.into());
        let label = escape::one_line(&finding.primary.text).into_owned();
        Self {
            message: escape::one_line(&finding.message).into_owned(),
            rule: finding.rule,
            severity: match finding.level {
                Level::Error => Severity::Error,
                Level::Warning => Severity::Warning,
                Level::Note | Level::Off => Severity::Advice,
            },
            help: help.join("\n"),
            label: LabeledSpan::new_primary_with_span(Some(label), range),
            source: (!text.is_empty()).then(|| Slice {
                name: escape::one_line(&location.path).into_owned(),
                text,
                first_line: location.snippet.first_line as usize,
            }),
        }
    }
}

/// A place beside the bytes to change, on one line: `the tag: Chart.yaml:9:13`.
/// One picture shows what to change; pictures of the rest would bury it.
fn see(label: &Label) -> String {
    let at = &label.location;
    format!(
        "{}: {}:{}:{}",
        escape::one_line(&label.text),
        escape::one_line(&at.path),
        at.start.line,
        at.start.column
    )
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.rule))
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.source
            .is_some()
            .then(|| Box::new(std::iter::once(self.label.clone())) as Box<dyn Iterator<Item = _>>)
    }
}

/// A few lines of a file, numbered as they are there.
#[derive(Debug)]
struct Slice {
    name: String,
    text: String,
    first_line: usize,
}

impl SourceCode for Slice {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let inner = self.text.read_span(span, before, after)?;
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            inner.data(),
            *inner.span(),
            inner.line() + self.first_line - 1,
            inner.column(),
            inner.line_count(),
        )))
    }
}
