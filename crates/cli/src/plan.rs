//! `plan`: what has moved, what is to move, in which order.

use crate::args::PlanArgs;
use crate::error::Failure;
use crate::outcome::Outcome;
use crate::verbs::Answered;
use crate::{history, output, render, verbs};
use clap::ValueEnum;
use clap::builder::PossibleValue;
use migrate::plan::{self, Plan};

/// How a plan is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PlanFormat {
    /// A document.
    Markdown,
    /// For programs.
    Json,
    /// A page.
    Html,
}

impl ValueEnum for PlanFormat {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Markdown, Self::Json, Self::Html]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::Markdown => PossibleValue::new("markdown").help("A document"),
            Self::Json => PossibleValue::new("json").help("For programs"),
            Self::Html => PossibleValue::new("html")
                .help("A page that sorts and filters, and needs no network"),
        })
    }
}

/// Writes the plan to standard output.
pub(crate) fn plan(arguments: &PlanArgs) -> Result<Outcome, Failure> {
    let answered = &Answered::of(&arguments.question)?;
    let Answered { report, terms, .. } = answered;
    let text = if arguments.question.list_files {
        render::files(report)
    } else {
        let plan = Plan::of(report, terms.verified.as_deref());
        let plan = match arguments.history {
            true => plan.with_history(history::history(answered, &arguments.question)?),
            false => plan,
        };
        match arguments.format.unwrap_or(PlanFormat::Markdown) {
            PlanFormat::Markdown => plan::markdown(&plan),
            PlanFormat::Json => plan::json(&plan),
            PlanFormat::Html => plan::html(&plan),
        }
    };
    output::stdout(&text)?;
    Ok(verbs::answer(report, "plan"))
}
