//! The verbs that judge charts.

use crate::args::{LintArgs, ListArgs, Question};
use crate::deployment;
use crate::error::Failure;
use crate::fix;
use crate::judge::{Case, Terms, readable};
use crate::outcome::Outcome;
use crate::output::{self, Format};
use crate::render;
use crate::revision::Revision;
use crate::terminal::{Style, harmless, say};
use chart_lint::baseline::{self, Baseline};
use chart_lint::check::PolicySource;
use chart_lint::model::Report;
use chart_lint::policy::{Policies, Policy};
use chart_lint::since;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// `lint`.
pub(crate) fn lint(arguments: &LintArgs) -> Result<Outcome, Failure> {
    let targets = output::targets(arguments.format, &arguments.output)?;
    let question = &arguments.question;
    let case = Case::open(question)?;
    let named: Vec<&Path> = [&question.policy, &arguments.baseline]
        .into_iter()
        .flatten()
        .chain(&question.values)
        .map(|p| p.as_path())
        .collect();
    let trusted = trusted(&case, question, &named)?;
    let terms = terms(&case, question, trusted.as_ref(), arguments.unused_exceptions)?;
    let mut report = known(&case, &terms, trusted.as_ref(), arguments)?;
    if arguments.fix || arguments.diff {
        fix::fix(&case, &terms, &report, arguments)?;
        if arguments.diff {
            return Ok(Outcome::of_lint(&report));
        }
        report = known(&case, &terms, trusted.as_ref(), arguments)?;
    }
    let style = Style::of_stdout(question.color);
    output::write(&targets, style, |format, style| {
        if question.list_files {
            render::files(&report)
        } else {
            render::lint(format, &report, style)
        }
    })?;
    if targets.iter().any(|target| target.format == Format::Github) {
        render::append_summary(&report);
    }
    Ok(Outcome::of_lint(&report))
}

/// The report without the findings that a baseline or a revision knows.
fn known(
    case: &Case,
    terms: &Terms,
    trusted: Option<&Revision>,
    arguments: &LintArgs,
) -> Result<Report, Failure> {
    let question = &arguments.question;
    let mut report = case.judge(terms);
    if let Some(file) = &arguments.baseline {
        let known = if arguments.write_baseline {
            write_baseline(file, &report, case)?
        } else {
            read_baseline(file, trusted)?
        };
        report = baseline::apply(report, &known, &case.found.asked);
    }
    if let Some(rev) = &arguments.since {
        let files: Vec<&Path> = question.values.iter().map(|file| file.as_path()).collect();
        let revision = Revision::open(case, rev, &files)?;
        let mut before = terms.clone();
        (before.ways, before.renderings) = (false, false);
        before.deployment = deployment::of_revision(case, question, &revision, say)?;
        // Each tree is judged by its own policy, so that a stricter one shows
        // what it forbids in the change that brings it; one that is imposed
        // judges both.
        if trusted.is_none() && question.policy.is_none() {
            before.policies = revision.policies();
        }
        report = since::apply(report, &revision.report(case, &before)?, revision.name());
    }
    Ok(report)
}

/// `list`.
pub(crate) fn list(arguments: &ListArgs) -> Result<Outcome, Failure> {
    let targets = output::targets(arguments.format, &arguments.output)?;
    let question = &arguments.question;
    let report = inventory(question)?;
    let style = Style::of_stdout(question.color);
    output::write(&targets, style, |format, style| {
        if question.list_files {
            render::files(&report)
        } else {
            render::list(format, &report, style)
        }
    })?;
    Ok(answer(&report, "list"))
}

/// How a verb ends that only answers, and what its reader has to know.
pub(crate) fn answer(report: &Report, what: &str) -> Outcome {
    let outcome = Outcome::of_list(report);
    if outcome != Outcome::Clean {
        say(&format!("note: the {what} may be incomplete; `lint` tells what could not be read\n"));
    }
    outcome
}

/// The report of a question that only wants an answer.
pub(crate) fn inventory(question: &Question) -> Result<Report, Failure> {
    Ok(Answered::of(question)?.report)
}

/// A question with its answer, and what it takes to ask the same of other charts.
pub(crate) struct Answered {
    pub(crate) case: Case,
    pub(crate) terms: Terms,
    pub(crate) report: Report,
    /// Holds the files of the trusted revision, as long as the terms name them.
    _trusted: Option<Revision>,
}

impl Answered {
    pub(crate) fn of(question: &Question) -> Result<Self, Failure> {
        let case = Case::open(question)?;
        let named: Vec<&Path> =
            question.policy.iter().chain(&question.values).map(|p| p.as_path()).collect();
        let trusted = trusted(&case, question, &named)?;
        let terms = terms(&case, question, trusted.as_ref(), false)?;
        let report = case.judge(&terms);
        Ok(Self { case, terms, report, _trusted: trusted })
    }

    /// The policies that judged, by the names that the report has for them.
    pub(crate) fn policies(&self) -> BTreeMap<String, Arc<Policy>> {
        let policies = Policies::new(&self.terms.policies);
        let charts = self.case.found.charts.iter();
        charts
            // A policy that is wrong is a finding, and its charts have no images.
            .filter_map(|chart| policies.of_chart(&chart.display).ok())
            .map(|policy| (policy.path().to_owned(), policy))
            .collect()
    }
}

/// The revision of `--policy-from`.
fn trusted(case: &Case, question: &Question, named: &[&Path]) -> Result<Option<Revision>, Failure> {
    question.policy_from.as_deref().map(|rev| Revision::open(case, rev, named)).transpose()
}

fn terms(
    case: &Case,
    question: &Question,
    trusted: Option<&Revision>,
    unused_exceptions: bool,
) -> Result<Terms, Failure> {
    let policies = match (trusted, question.policy.as_deref()) {
        (None, policy) => case.policies(policy)?,
        (Some(revision), None) => revision.policies(),
        (Some(revision), Some(file)) => {
            let read = revision.file(file).ok_or_else(|| {
                let rev = revision.name();
                Failure::new(format!("the revision `{rev}` has no policy {}", file.display()))
                    .help("--policy-from takes the policy from there, not from the working tree")
            })?;
            PolicySource::File { read, display: case.display(file) }
        }
    };
    let trusted_root = trusted.map(Revision::root);
    let trusted = trusted.map(Revision::suppressions);
    let deployment = deployment::given(case, question)?;
    Ok(Terms {
        policies,
        trusted,
        trusted_root,
        unused_exceptions,
        evaluate: question.evaluate,
        require_dependencies: question.require_dependencies,
        deployment,
        verified: case.verified()?,
        ways: question.why,
        renderings: question.renderings,
    })
}

fn read_baseline(file: &Path, trusted: Option<&Revision>) -> Result<Baseline, Failure> {
    let path = match trusted {
        None => readable(file, "the baseline").map_err(|failure| {
            failure.help("--write-baseline makes the file from what is found now")
        })?,
        Some(revision) => match revision.file(file) {
            Some(path) => path,
            None => {
                let (rev, file) = (revision.name(), file.display().to_string());
                let note =
                    format!("the revision `{rev}` has no baseline {file}, so nothing is known");
                say(&format!("note: {}\n", harmless(&note)));
                return Ok(Baseline::default());
            }
        },
    };
    parse_baseline(&path, file)
}

fn parse_baseline(path: &Path, shown: &Path) -> Result<Baseline, Failure> {
    let shown = shown.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("the baseline {shown} cannot be read: {error}")))?;
    Baseline::parse(&text).map_err(|error| {
        Failure::new(format!("the baseline {shown} is wrong at {error}"))
            .help("restore it from Git, or write it anew with --write-baseline")
    })
}

/// Writes what is found, and keeps what this run was not asked about.
fn write_baseline(file: &Path, report: &Report, case: &Case) -> Result<Baseline, Failure> {
    let old = if file.exists() { parse_baseline(file, file)? } else { Baseline::default() };
    let new = Baseline::from_report(report, &old, &case.found.asked);
    output::replace(file, &new.to_text())?;
    let shown = file.display().to_string();
    say(&format!("wrote {} known findings to {}\n", new.len(), harmless(&shown)));
    Ok(new)
}
