//! One report of many charts: sorted, told apart, counted.

use super::chart::ChartOutcome;
use super::{CheckRequest, places};
use crate::fingerprint;
use crate::fix;
use crate::model::{FileOutcome, FileRecord, Finding, Label, Level, Location, Report};
use crate::policy::{Broken, Policy};
use crate::rules::{INVALID_POLICY, UNUSED_EXCEPTION, is_conditional};
use helm_engine::source::{SourceMap, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Brings the outcomes together.
pub(super) fn report(outcomes: Vec<ChartOutcome>, request: &CheckRequest<'_>) -> Report {
    let mut report = Report { outside: request.outside.clone(), ..Report::default() };
    let mut policies: BTreeMap<String, (Arc<Policy>, BTreeSet<usize>)> = BTreeMap::new();
    let mut broken: BTreeMap<String, Arc<Broken>> = BTreeMap::new();
    for outcome in outcomes {
        report.charts.extend(outcome.charts);
        report.images.extend(outcome.images);
        report.findings.extend(outcome.findings);
        report.hidden.extend(outcome.hidden);
        report.files.extend(outcome.files);
        report.unexplored += outcome.unexplored;
        report.renderings.extend(outcome.rendering);
        if let Some((policy, used)) = outcome.policy {
            policies
                .entry(policy.path().to_owned())
                .or_insert_with(|| (policy, BTreeSet::new()))
                .1
                .extend(used);
        }
        if let Some(policy) = outcome.broken {
            broken.insert(policy.path.clone(), policy);
        }
    }
    report.findings.extend(broken.values().flat_map(|policy| mistakes(policy)));
    if request.only.is_none() {
        report
            .findings
            .extend(policies.values().flat_map(|(policy, used)| unused(policy, used, request)));
    }
    for problem in &request.problems {
        let help = "make the folder readable, or leave it out".to_owned();
        let location = places::whole_file(&problem.path);
        report.findings.push(places::unreadable(
            location,
            &problem.path,
            &problem.message,
            help,
            None,
        ));
        report.files.push(FileRecord {
            path: problem.path.clone(),
            outcome: FileOutcome::Failed(problem.message.clone()),
        });
    }
    sort(&mut report);
    fix::attach(&mut report);
    fingerprint::assign(&mut report.findings, |finding| finding.fingerprint.clone());
    let mut hidden: Vec<Finding> =
        report.hidden.iter().map(|hidden| hidden.finding.clone()).collect();
    fingerprint::assign(&mut hidden, |finding| finding.fingerprint.clone());
    for (entry, finding) in report.hidden.iter_mut().zip(hidden) {
        entry.finding = finding;
    }
    if let Some(only) = &request.only {
        report
            .findings
            .retain(|finding| always_said(finding) || only.covers(&finding.primary.location.path));
        report.hidden.retain(|hidden| only.covers(&hidden.finding.primary.location.path));
    }
    report
}

/// What no narrowing of the question hides: that it could not be answered.
fn always_said(finding: &Finding) -> bool {
    finding.rule == INVALID_POLICY.name
}

fn sort(report: &mut Report) {
    report.charts.sort_by(|a, b| a.path.cmp(&b.path));
    report.charts.dedup_by(|a, b| a.path == b.path);
    report.images.sort_by(|a, b| {
        (&a.chart, &a.declarations, &a.reference).cmp(&(&b.chart, &b.declarations, &b.reference))
    });
    report.images.dedup_by(|a, b| {
        a.chart == b.chart && a.reference == b.reference && a.declarations == b.declarations
    });
    report.findings.sort_by(by_place);
    // A chart that is a dependency twice is judged twice and says everything twice.
    report.findings.dedup_by(|later, first| {
        // What flags gave has no place of its own, and is told apart by the words.
        let same = later.rule == first.rule
            && place(later) == place(first)
            && later.primary.text == first.primary.text;
        if same {
            let new: Vec<Label> =
                later.related.drain(..).filter(|label| !first.related.contains(label)).collect();
            first.related.extend(new);
        }
        same
    });
    report.hidden.sort_by(|a, b| by_place(&a.finding, &b.finding));
    report.files.sort_by(|a, b| a.path.cmp(&b.path));
    report.files.dedup_by(|a, b| a.path == b.path);
}

fn place(finding: &Finding) -> (&str, usize, usize) {
    let location = &finding.primary.location;
    (&location.path, location.bytes.start, location.bytes.end)
}

fn by_place(a: &Finding, b: &Finding) -> std::cmp::Ordering {
    // What is said once of several images is said of one that is always used.
    let key = |finding: &Finding| (is_conditional(finding), finding.message.clone());
    (place(a), a.rule).cmp(&(place(b), b.rule)).then_with(|| key(a).cmp(&key(b)))
}

/// The findings of a policy that cannot judge.
fn mistakes(broken: &Broken) -> Vec<Finding> {
    let mut sources = SourceMap::new();
    let file = sources.add(broken.path.as_str(), broken.text.as_str());
    let finding = |mistake: &crate::policy::Mistake| Finding {
        rule: INVALID_POLICY.name,
        level: Level::Error,
        message: mistake.message.clone(),
        reference: None,
        chart: None,
        primary: Label {
            location: Location::new(&sources, Span::new(file, mistake.span.clone())),
            text: "here".to_owned(),
        },
        related: Vec::new(),
        help: vec![mistake.help.clone()],
        replacement: None,
        fix: None,
        fingerprint: mistake.message.clone(),
    };
    broken.mistakes.iter().map(finding).collect()
}

/// The exceptions that permitted nothing.
fn unused(policy: &Policy, used: &BTreeSet<usize>, request: &CheckRequest<'_>) -> Vec<Finding> {
    let level = match policy.level(UNUSED_EXCEPTION.name) {
        Level::Off if request.unused_exceptions => Level::Warning,
        level => level,
    };
    if level == Level::Off {
        return Vec::new();
    }
    let unused = policy.exceptions().iter().enumerate().filter(|(index, _)| !used.contains(index));
    unused
        .map(|(_, exception)| Finding {
            rule: UNUSED_EXCEPTION.name,
            level,
            message: format!("this exception permits no image ({})", exception.reason),
            reference: None,
            chart: None,
            primary: Label {
                location: policy.location(exception.place),
                text: "not needed".to_owned(),
            },
            related: Vec::new(),
            help: vec!["remove it".to_owned()],
            replacement: None,
            fix: None,
            fingerprint: exception.reason.clone(),
        })
        .collect()
}
