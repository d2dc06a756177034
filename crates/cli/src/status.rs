//! `status`: how far the migration is, as figures.

use crate::args::StatusArgs;
use crate::error::Failure;
use crate::outcome::Outcome;
use crate::verbs::Answered;
use crate::{output, verbs};
use clap::ValueEnum;
use clap::builder::PossibleValue;
use migrate::plan::{self, Plan};

/// How the figures are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StatusFormat {
    /// For people.
    Human,
    /// For programs.
    Json,
}

impl ValueEnum for StatusFormat {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Human, Self::Json]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::Human => PossibleValue::new("human").help("For people"),
            Self::Json => PossibleValue::new("json").help("For programs"),
        })
    }
}

/// Writes the figures to standard output.
pub(crate) fn status(arguments: &StatusArgs) -> Result<Outcome, Failure> {
    let Answered { report, terms, .. } = &Answered::of(&arguments.question)?;
    let plan = Plan::of(report, terms.verified.as_deref());
    output::stdout(&match arguments.format.unwrap_or(StatusFormat::Human) {
        StatusFormat::Human => plan::status(&plan),
        StatusFormat::Json => plan::status_json(&plan),
    })?;
    Ok(match verbs::answer(report, "status") {
        Outcome::Wrong => Outcome::Wrong,
        _ if plan.figures.to_move() > 0 => Outcome::Findings,
        rest => rest,
    })
}
