//! `--format human`: for a person, by miette.

use crate::escape;
use crate::words;
use chart_lint::model::{Finding, Label, Level, Location, Report};
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, Severity,
    SourceCode, SourceSpan, SpanContents,
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
const MOST_RELATED: usize = 4;

/// The findings, and a line with the counts.
pub fn lint(report: &Report, options: Options) -> String {
    let theme = if options.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(options.width)
        .with_links(false)
        .with_context_lines(1)
        .with_cause_chain();
    let mut text = String::new();
    for finding in &report.findings {
        // The handler writes to a string, which cannot fail; a snippet that it
        // cannot show is left out and the words stay.
        if handler.render_report(&mut text, &Shown::of(finding)).is_err() {
            let at = &finding.primary.location;
            text.push_str(&format!("{}:{}: {}\n", at.path, at.start.line, finding.message));
        }
        text.push('\n');
    }
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

/// A finding, or a place beside it, as miette shows it.
#[derive(Debug)]
struct Shown {
    message: String,
    code: Option<&'static str>,
    severity: Severity,
    help: Option<String>,
    source: Option<Slice>,
    labels: Vec<LabeledSpan>,
    related: Vec<Shown>,
}

impl Shown {
    fn of(finding: &Finding) -> Self {
        let mut shown = Self::label(&finding.primary);
        shown.message = escape::one_line(&finding.message).into_owned();
        shown.code = Some(finding.rule);
        shown.severity = match finding.level {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Note | Level::Off => Severity::Advice,
        };
        let mut help: Vec<String> = finding.help.iter().map(|text| escape::one_line(text).into_owned()).collect();
        let (near, far): (Vec<&Label>, Vec<&Label>) =
            finding.related.iter().partition(|label| within(&finding.primary.location, &label.location));
        for label in near {
            shown.also(&finding.primary.location, label);
        }
        shown.related = far.iter().take(MOST_RELATED).map(|label| Self::label(label)).collect();
        if far.len() > MOST_RELATED {
            help.push(format!("and {} more", words::count(far.len() - MOST_RELATED, "place")));
        }
        shown.help = (!help.is_empty()).then(|| help.join("\n"));
        shown
    }

    /// One place.
    fn label(label: &Label) -> Self {
        let location = &label.location;
        let mut shown = Self {
            message: escape::one_line(&label.text).into_owned(),
            code: None,
            severity: Severity::Advice,
            help: None,
            source: None,
            labels: Vec::new(),
            related: Vec::new(),
        };
        if location.snippet.text.is_empty() {
            // Nothing of the file can be shown, so the place stands in the words.
            shown.help = Some(format!("in {}:{}", escape::one_line(&location.path), location.start.line));
            return shown;
        }
        let (text, range) = escape::snippet(&location.snippet.text, location.snippet.range.into());
        shown.labels.push(LabeledSpan::new_primary_with_span(Some(shown.message.clone()), range));
        shown.source = Some(Slice {
            name: escape::one_line(&location.path).into_owned(),
            text,
            first_line: location.snippet.first_line as usize,
        });
        shown
    }

    /// A second label in the lines that the first one shows.
    fn also(&mut self, first: &Location, label: &Label) {
        let start = label.location.bytes.start + first.snippet.range.start - first.bytes.start.min(label.location.bytes.start + first.snippet.range.start);
        let length = label.location.bytes.end - label.location.bytes.start;
        let (_, range) = escape::snippet(&first.snippet.text, start..start + length);
        let text = escape::one_line(&label.text).into_owned();
        self.labels.push(LabeledSpan::new_with_span(Some(text), range));
    }
}

/// Whether a place lies in the lines that are shown with another one, which
/// are shown whole: then both stand in one picture.
fn within(first: &Location, other: &Location) -> bool {
    let shown = first.snippet.range.start <= first.bytes.start;
    let start = first.bytes.start.saturating_sub(first.snippet.range.start);
    let end = start + first.snippet.text.len();
    // Bytes of the snippet are bytes of the file only while no line is cut and
    // no carriage return was dropped.
    let whole = first.snippet.text.lines().all(|line| line.len() < chart_lint::model::Snippet::LONGEST_LINE)
        && first.start.line == first.end.line
        && other.snippet.text == first.snippet.text;
    shown && whole && first.path == other.path && start <= other.bytes.start && other.bytes.end <= end
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        if self.related.is_empty() {
            return None;
        }
        Some(Box::new(self.related.iter().map(|shown| shown as &dyn Diagnostic)))
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
