//! `--format github`: annotations of GitHub Actions, and the summary of a step.

use crate::escape::one_line;
use crate::markdown::cell;
use crate::words;
use chart_lint::model::{Finding, Level, Report};

/// Annotations of one level that GitHub shows for a step; the rest vanishes.
const MOST_OF_A_LEVEL: usize = 10;
/// Bytes of a step's summary; GitHub drops the whole of a longer one at 1 MiB.
const LONGEST_SUMMARY: usize = 1000 * 1000;

/// The annotations: errors first, within GitHub's limits. What does not fit is
/// counted in one notice, and stands in the summary.
pub fn annotations(report: &Report) -> String {
    let mut text = String::new();
    let of = |level| report.findings.iter().filter(move |finding| finding.level == level);
    let mut left_out = 0;
    for (level, command, most) in [
        (Level::Error, "error", MOST_OF_A_LEVEL),
        (Level::Warning, "warning", MOST_OF_A_LEVEL),
        // One notice is kept for the count.
        (Level::Note, "notice", MOST_OF_A_LEVEL - 1),
    ] {
        of(level).take(most).for_each(|finding| text.push_str(&annotation(finding, command)));
        left_out += of(level).skip(most).count();
    }
    if left_out > 0 {
        let more = format!(
            "{} more not annotated here; the summary of this step lists all",
            words::count(left_out, "finding")
        );
        text.push_str(&format!("::notice title=chart-images::{}\n", data(&more)));
    }
    text.push_str(&words::totals(report));
    text.push('\n');
    text
}

fn annotation(finding: &Finding, command: &str) -> String {
    let at = words::place_in_a_file(finding);
    let mut message = words::message_in_a_file(finding);
    if !finding.help.is_empty() {
        message.push('\n');
        message.push_str(&finding.help.join("\n"));
    }
    // Several lines have no columns: GitHub refuses the annotation otherwise.
    let columns = if at.start.line == at.end.line {
        format!(",col={},endColumn={}", at.start.column, at.end.column)
    } else {
        String::new()
    };
    format!(
        "::{command} file={},line={},endLine={}{columns},title={}::{}\n",
        property(&at.path),
        at.start.line,
        at.end.line,
        property(finding.rule),
        data(&message),
    )
}

/// A message of a workflow command.
fn data(text: &str) -> String {
    let safe: Vec<_> = text.split('\n').map(one_line).collect();
    safe.join("\n").replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// The whole report in Markdown, for `$GITHUB_STEP_SUMMARY`.
pub fn summary(report: &Report) -> String {
    let mut text = format!("## Container images\n\n{}\n", words::totals(report));
    for remark in words::remarks(report) {
        text.push_str(&format!("\n{remark}\n"));
    }
    let findings = report.findings.iter().map(|finding| {
        let at = &finding.primary.location;
        [
            finding.level.as_str().to_owned(),
            format!("{}:{}", at.path, at.start.line),
            finding.rule.to_owned(),
            finding.reference.clone().unwrap_or_default(),
            finding.replacement.clone().unwrap_or_else(|| finding.help.join(" ")),
        ]
    });
    let heads = ["Level", "Place", "Rule", "Image", "What to do"];
    table(&mut text, "Findings", heads, findings.collect());
    let images = report.images.iter().map(|image| {
        let at = image.declarations.first().map(|declaration| &declaration.location);
        [
            image.reference.clone(),
            image.status.as_str().to_owned(),
            image.role.as_str().to_owned(),
            at.map(|at| format!("{}:{}", at.path, at.start.line)).unwrap_or_default(),
            image.replacement.clone().unwrap_or_default(),
        ]
    });
    let heads = ["Image", "Status", "Role", "Declared at", "Replacement"];
    table(&mut text, "Images", heads, images.collect());
    text
}

fn table(text: &mut String, title: &str, heads: [&str; 5], rows: Vec<[String; 5]>) {
    if rows.is_empty() {
        return;
    }
    text.push_str(&format!("\n### {title}\n\n| {} |\n|---|---|---|---|---|\n", heads.join(" | ")));
    let total = rows.len();
    for (shown, row) in rows.iter().enumerate() {
        let line = format!("| {} |\n", row.each_ref().map(|text| cell(text)).join(" | "));
        if text.len() + line.len() > LONGEST_SUMMARY {
            text.push_str(&format!("\n{} of {total} rows are left out here.\n", total - shown));
            return;
        }
        text.push_str(&line);
    }
}
