//! What a program beside this one needs to ask the same question of charts: the same
//! arguments, the same report, the same ways to speak.

use crate::args::{self, Question};
use crate::verbs::Answered;
use chart_lint::model::Report;
use chart_lint::policy::{Policies, Policy};
use clap::{ArgMatches, Command};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

pub use crate::error::Failure;
pub use crate::outcome::Outcome;
pub use crate::output::{replace, stdout};
pub use crate::terminal::{harmless, say};

/// The charts of a question, judged.
pub struct Inventory {
    /// The folder that paths are shown relative to.
    pub root: PathBuf,
    /// The report.
    pub report: Report,
    /// The policies that judged, by the names that the report has for them.
    pub policies: BTreeMap<String, Arc<Policy>>,
    /// How a run ends that only lists what there is.
    pub outcome: Outcome,
}

/// Adds the arguments that say which charts are asked about, and what judges them.
pub fn arguments(command: Command) -> Command {
    args::with_values(args::judged(command))
}

/// Judges the charts that the arguments name.
///
/// # Errors
/// When the question is wrong.
pub fn inventory(matches: ArgMatches) -> Result<Inventory, Failure> {
    let question: Question = args::sibling(matches);
    let answered = Answered::of(&question)?;
    let policies = Policies::new(&answered.terms.policies);
    let charts = &answered.case.found.charts;
    let policies = charts
        .iter()
        // A policy that is wrong is a finding, and its charts have no images.
        .filter_map(|chart| policies.of_chart(&chart.display).ok())
        .map(|policy| (policy.path().to_owned(), policy))
        .collect();
    let outcome = Outcome::of_list(&answered.report);
    Ok(Inventory { root: answered.case.root, report: answered.report, policies, outcome })
}
