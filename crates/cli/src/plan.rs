//! `plan`: what has moved, what is to move, in which order.

use crate::args::PlanArgs;
use crate::error::Failure;
use crate::outcome::Outcome;
use crate::terminal::harmless;
use crate::verbs::Answered;
use crate::{history, output, render, verbs};
use clap::ValueEnum;
use clap::builder::PossibleValue;
use image_ref::Reference;
use migrate::mirror::{self, Copy, Mirror, NoPlace, Program};
use migrate::plan::{self, Plan};
use std::collections::HashMap;

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
    let answered = Answered::of(&arguments.question)?;
    let Answered { report, terms, .. } = &answered;
    let text = if arguments.question.list_files {
        render::files(report)
    } else {
        let plan = Plan::of(report, terms.verified.as_deref());
        let plan = match arguments.history {
            true => plan.with_history(history::history(&answered, &arguments.question)?),
            false => plan,
        };
        match format {
            PlanFormat::Markdown => plan::markdown(&plan),
            PlanFormat::Json => plan::json(&plan),
            PlanFormat::Html => plan::html(&plan),
            PlanFormat::Copies(program) => copies(&plan, &answered, program)?,
        }
    };
    output::stdout(&text)?;
    Ok(verbs::answer(report, "plan"))
}

/// The file with which a program copies what has no replacement.
fn copies(plan: &Plan<'_>, answered: &Answered, program: Program) -> Result<String, Failure> {
    let failed = |no_place: NoPlace| Failure::new(no_place.to_string()).help(no_place.help());
    let policies = answered.policies();
    let charts = answered.report.charts.iter();
    let policy_of: HashMap<&str, &str> =
        charts.map(|chart| (&*chart.path, &*chart.policy)).collect();
    let (mut mirror, mut left) = (Mirror::default(), String::new());
    for row in plan.without_replacement() {
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
        let path = policy_of.get(&*row.image.chart).copied().unwrap_or_default();
        let policy = policies.get(path).ok_or_else(|| NoPlace::Unnamed(path.to_owned()));
        let place = policy.and_then(|policy| mirror::place_of(policy)).map_err(failed)?;
        let version = parsed.digest().or(parsed.tag()).unwrap_or("latest").to_owned();
        mirror.add(Copy { name, version, digest: None }, place);
    }
    let mut text = mirror.file(program).map_err(failed)?.unwrap_or_default();
    if !left.is_empty() {
        let gap = if text.is_empty() { "" } else { "\n" };
        text.push_str(&format!("{gap}# Without a replacement, and not copied:\n{left}"));
    } else if text.is_empty() {
        text.push_str("# Every image has a replacement.\n");
    }
    Ok(harmless(&text))
}
