//! `plan`: what has moved, what is to move, in which order.

use crate::args::{PlanArgs, Question};
use crate::error::Failure;
use crate::judge::Case;
use crate::outcome::Outcome;
use crate::terminal::harmless;
use crate::verbs::Answered;
use crate::{history, output, render, verbs};
use chart_lint::model::Status;
use clap::ValueEnum;
use clap::builder::PossibleValue;
use image_ref::Reference;
use migrate::mirror::{self, Copy, Mirror, NoPlace, Program};
use migrate::plan::{self, Asked, Plan, Row};
use report::escape::one_line;
use std::collections::BTreeSet;

/// How a plan is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PlanFormat {
    /// A document.
    Markdown,
    /// For programs.
    Json,
    /// A page.
    Html,
    /// What a program copies that has no replacement.
    Copies(Program),
}

impl ValueEnum for PlanFormat {
    fn value_variants<'a>() -> &'a [Self] {
        &[
            Self::Markdown,
            Self::Json,
            Self::Html,
            Self::Copies(Program::Skopeo),
            Self::Copies(Program::Regsync),
        ]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::Markdown => PossibleValue::new("markdown").help("A document"),
            Self::Json => PossibleValue::new("json").help("For programs"),
            Self::Html => PossibleValue::new("html")
                .help("A page that sorts and filters, and needs no network"),
            Self::Copies(Program::Skopeo) => PossibleValue::new("skopeo").help(
                "The file with which `skopeo sync` copies what has no replacement to the \
                 policy's mirror",
            ),
            Self::Copies(Program::Regsync) => {
                PossibleValue::new("regsync").help("The same for `regsync`")
            }
        })
    }
}

/// Writes the plan to standard output.
pub(crate) fn plan(arguments: &PlanArgs) -> Result<Outcome, Failure> {
    let format = arguments.format.unwrap_or(PlanFormat::Markdown);
    if arguments.history && matches!(format, PlanFormat::Copies(_)) {
        return Err(Failure::new("a file that copies images tells no history")
            .help("leave --history out, or choose another --format"));
    }
    if arguments.excepted && !matches!(format, PlanFormat::Copies(_)) {
        return Err(Failure::new("--excepted is for a file that copies images")
            .help("choose --format skopeo or regsync; the plan itself shows what is excepted"));
    }
    let answered = Answered::of(&arguments.question)?;
    let Answered { report, terms, .. } = &answered;
    let text = if arguments.question.list_files {
        render::files(report)
    } else {
        let own = answered.policies();
        let own = own.iter().map(|(name, policy)| (name.clone(), mirror::own_registries(policy)));
        let plan = Plan::of(report, terms.verified.as_deref())
            .with_own_registries(own.collect())
            .with_asked(asked(&answered.case, &arguments.question));
        let plan = match arguments.history {
            true => plan.with_history(history::history(&answered, &arguments.question)?),
            false => plan,
        };
        match format {
            PlanFormat::Markdown => plan::markdown(&plan),
            PlanFormat::Json => plan::json(&plan),
            PlanFormat::Html => plan::html(&plan),
            PlanFormat::Copies(program) => copies(&plan, &answered, program, arguments.excepted)?,
        }
    };
    output::stdout(&text)?;
    Ok(verbs::answer(report, "plan"))
}

/// What a command that is run in the root has to be told to ask about the same charts.
fn asked(case: &Case, question: &Question) -> Asked {
    let is_whole = case.paths == [&*case.root];
    let paths = case.paths.iter().filter(|_| !is_whole);
    Asked {
        names_root: case.repository.as_ref().is_some_and(|it| it.top() != case.root),
        policy_from: question.policy_from.clone(),
        policy: question.policy.as_deref().map(|file| case.display(file)),
        paths: paths.map(|path| case.display(path)).collect(),
    }
}

/// The file with which a program copies what has no replacement, and what may stay if that
/// is wanted.
fn copies(
    plan: &Plan<'_>,
    answered: &Answered,
    program: Program,
    with_excepted: bool,
) -> Result<String, Failure> {
    let failed = |no_place: NoPlace| Failure::new(no_place.to_string()).help(no_place.help());
    let policies = answered.policies();
    let (mut mirror, mut left) = (Mirror::default(), String::new());
    let excepted: Vec<&Row<'_>> = plan.with_status(Status::Excepted).collect();
    let asked = excepted.iter().copied().filter(|_| with_excepted);
    for row in plan.without_replacement().chain(asked) {
        let reference = &row.image.reference;
        let parsed = Reference::parse(reference).ok().filter(|_| !row.is_partial());
        let Some(parsed) = parsed else {
            left.push_str(&format!("#   {reference}: not all of it is known ({})\n", row.at()));
            continue;
        };
        let name = parsed.name();
        if let Some(because) = Copy::hindrance(&name) {
            left.push_str(&format!("#   {reference}: {because}\n"));
            continue;
        }
        let policy =
            policies.get(row.policy).ok_or_else(|| NoPlace::Unnamed(row.policy.to_owned()));
        let place = policy.and_then(|policy| mirror::place_of(policy)).map_err(failed)?;
        let version = parsed.digest().or(parsed.tag()).unwrap_or("latest").to_owned();
        mirror.add(Copy { name, version, digest: None }, place);
    }
    let mut text = mirror.file(program).map_err(failed)?.unwrap_or_default();
    let mut say = |more: String| {
        let gap = if text.is_empty() { "" } else { "\n" };
        text.push_str(&format!("{gap}{more}"));
    };
    if !left.is_empty() {
        say(format!("# Not copied:\n{left}"));
    }
    if plan.without_replacement().next().is_none() {
        say("# Every image that is to move has a replacement.\n".to_owned());
    }
    match (excepted.len(), with_excepted) {
        (0, _) => {}
        (_, true) => say(format!(
            "# What keeps the excepted where they are; take it away, too:\n{}",
            permits(&excepted)
        )),
        (count, false) => {
            say(format!("# {count} that may stay are left out; --excepted copies them, too.\n"))
        }
    }
    Ok(harmless(&text))
}

/// The exceptions and comments that let images stay, each once.
fn permits(excepted: &[&Row<'_>]) -> String {
    let places: BTreeSet<String> =
        excepted.iter().filter_map(|row| row.permit).map(|permit| permit.at()).collect();
    places.into_iter().map(|at| format!("#   {}\n", one_line(&at))).collect()
}
