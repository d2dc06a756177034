//! What a program beside this one needs to ask the same question of charts: the same
//! arguments, the same report, the same ways to speak.

use crate::args::{self, Question};
use crate::judge;
use crate::verbs::Answered;
use chart_lint::check::Unwritten;
use chart_lint::discover::{Discovery, FoundChart};
use chart_lint::model::{Image, Report};
use chart_lint::policy::Policy;
use clap::{ArgMatches, Command};
use std::collections::{BTreeMap, HashSet};
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
    /// What it takes to ask the same of other charts.
    answered: Answered,
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
    let mut answered = Answered::of(&question)?;
    let policies = answered.policies();
    let outcome = Outcome::of_list(&answered.report);
    let (root, report) = (answered.case.root.clone(), std::mem::take(&mut answered.report));
    Ok(Inventory { root, report, policies, outcome, answered })
}

impl Inventory {
    /// Judges a chart again, with some files as they are to be.
    pub fn judge(&self, chart: &str, unwritten: Unwritten) -> Report {
        let Answered { case, terms, .. } = &self.answered;
        let mut charts = case.found.charts.clone();
        charts.retain(|found| found.display == chart);
        let found = Discovery { charts, ..Discovery::default() };
        judge::judge(&self.root, &found, terms, case.today, &Arc::new(unwritten))
    }

    /// The chart that was found, of those that hold a chart, by their folders.
    pub fn top_chart<'a>(&'a self, chart: &'a str) -> &'a str {
        let holds = |top: &&FoundChart| {
            top.display == "."
                || chart
                    .strip_prefix(&*top.display)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let all = self.answered.case.found.charts.iter().filter(holds);
        all.max_by_key(|top| top.display.len()).map_or(chart, |top| &top.display)
    }

    /// The images that an exception would permit if they were pinned by digest.
    pub fn unpinned(&self) -> impl Iterator<Item = &Image> {
        let findings = self.report.findings.iter().filter(|f| f.rule == "unpinned-exception");
        let unpinned: HashSet<(Option<&str>, Option<&str>)> =
            findings.map(|f| (f.chart.as_deref(), f.reference.as_deref())).collect();
        self.report
            .images
            .iter()
            .filter(move |image| unpinned.contains(&(Some(&*image.chart), Some(&*image.reference))))
    }
}
