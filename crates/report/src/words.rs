//! Sentences that several formats share.

use chart_lint::model::{Finding, HiddenBy, Location, Report};

/// `1 error`, `2 errors`.
pub(crate) fn count(number: usize, word: &str) -> String {
    if number == 1 { format!("1 {word}") } else { format!("{number} {word}s") }
}

/// The counts of a report: `11 errors, 1 warning in 17 images of 10 charts (57 files)`.
pub(crate) fn totals(report: &Report) -> String {
    let s = report.summary();
    let mut found: Vec<String> = [(s.errors, "error"), (s.warnings, "warning"), (s.notes, "note")]
        .into_iter()
        .filter(|&(number, _)| number > 0)
        .map(|(number, word)| count(number, word))
        .collect();
    if found.is_empty() {
        found.push("nothing to report".to_owned());
    }
    let mut text = format!(
        "{} in {} of {} ({})",
        found.join(", "),
        count(s.images, "image"),
        count(s.charts, "chart"),
        count(s.files, "file"),
    );
    if s.unread > 0 {
        text.push_str(&format!("; {} could not be read", count(s.unread, "file")));
    }
    match s.incomplete - s.unread {
        0 => {}
        1 => text.push_str("; 1 image or chart is not known"),
        many => text.push_str(&format!("; {many} images or charts are not known")),
    }
    text
}

/// What the report leaves out, and why: one sentence each.
pub(crate) fn remarks(report: &Report) -> Vec<String> {
    let hidden =
        |test: fn(&HiddenBy) -> bool| report.hidden.iter().filter(|h| test(&h.because)).count();
    let mut remarks = Vec::new();
    let mut say = |number: usize, text: &str| {
        if number > 0 {
            remarks.push(format!("{} {text}", count(number, "finding")));
        }
    };
    say(hidden(|b| matches!(b, HiddenBy::Suppression(_))), "suppressed inline");
    say(hidden(|b| matches!(b, HiddenBy::Baseline)), "known to the baseline");
    say(hidden(|b| matches!(b, HiddenBy::Since(_))), "that the compared revision has too");
    if !report.fixed.is_empty() {
        let fixed = count(report.fixed.len(), "finding");
        remarks.push(format!(
            "{fixed} of the baseline fixed: run with --write-baseline so that it shrinks"
        ));
    }
    if !report.outside.is_empty() {
        remarks
            .push(format!("{} outside any chart, not judged", count(report.outside.len(), "file")));
    }
    if report.unexplored > 0 {
        let branches = match report.unexplored {
            1 => "1 branch of templates or values file".to_owned(),
            many => format!("{many} branches of templates or values files"),
        };
        remarks.push(format!("{branches} not evaluated: there are too many"));
    }
    remarks
}

/// The policies that judged, each once: `image-policy.yaml`, `built-in`.
pub fn policies(report: &Report) -> Vec<&str> {
    let mut policies: Vec<&str> = report.charts.iter().map(|chart| &*chart.policy).collect();
    policies.sort_unstable();
    policies.dedup();
    policies
}

/// Where a finding can be shown by a tool that knows files alone: a member of
/// an archive is shown where the chart asks for the archive.
pub(crate) fn place_in_a_file(finding: &Finding) -> &Location {
    let primary = &finding.primary.location;
    if !primary.path.contains(".tgz!") {
        return primary;
    }
    let asks = |location: &&Location| {
        location.path.ends_with("Chart.yaml") || location.path.ends_with("requirements.yaml")
    };
    let mut others =
        finding.related.iter().map(|label| &label.location).filter(|l| !l.path.contains(".tgz!"));
    others.find(asks).unwrap_or(primary)
}

/// The message with the place inside an archive, for those tools.
pub(crate) fn message_in_a_file(finding: &Finding) -> String {
    let primary = &finding.primary.location;
    if std::ptr::eq(place_in_a_file(finding), primary) {
        return finding.message.clone();
    }
    format!("{} (at {}:{})", finding.message, primary.path, primary.start.line)
}
