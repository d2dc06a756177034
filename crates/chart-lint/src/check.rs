//! Judges charts and gives the finished report.

mod again;
mod assemble;
mod chart;
mod defaults;
pub mod parallel;
mod places;
mod suppressions;
mod ways;

use crate::date::Date;
use crate::deployment::Deployment;
use crate::discover::{Discovery, FoundChart, Problem};
use crate::model::Report;
use crate::policy::Policies;
use crate::scope::Scope;
use crate::suppress::TrustedSuppressions;
use crate::verified::Verified;
pub use again::{Judged, check_again};
use chart::ChartOutcome;
pub use helm_engine::chart::Unwritten;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What to judge, and by what.
pub struct CheckRequest<'a> {
    /// The absolute folder that every path of the report is relative to.
    pub root: PathBuf,
    /// The charts, by path.
    pub charts: Vec<FoundChart>,
    /// When single files or folders inside of a chart were given: charts are
    /// judged as a whole, and only findings whose primary label lies in here
    /// are reported.
    pub only: Option<Scope>,
    /// Given files that belong to no chart; the report counts them.
    pub outside: Vec<String>,
    /// Folders that could not be searched; each becomes an `unreadable-file`.
    pub problems: Vec<Problem>,
    /// Where policies come from.
    pub policies: PolicySource,
    /// The day on which exceptions and suppressions are judged.
    pub today: Date,
    /// When given, an inline suppression that it does not vouch for is treated
    /// as absent.
    pub trusted_suppressions: Option<TrustedSuppressions>,
    /// The same folder as `root` in a trusted revision, when there is one. What
    /// decides which files are read is not the present tree's word alone then:
    /// a file that a `.helmignore` hides is passed over only when the
    /// revision's `.helmignore` of that chart hides it too.
    pub trusted_root: Option<PathBuf>,
    /// Whether exceptions that permit nothing are findings.
    pub unused_exceptions: bool,
    /// Whether the templates are evaluated as Helm does, on every branch, beside
    /// being read.
    pub evaluate: bool,
    /// Whether a dependency that is not vendored makes the report incomplete.
    pub require_dependencies: bool,
    /// Values that are given to every chart over its own. They are heeded by the
    /// evaluation.
    pub deployment: Deployment,
    /// What a verification found of the images and their replacements.
    pub verified: Option<Arc<Verified>>,
    /// Whether the way of each image is told, from its declaration to the container.
    pub ways: bool,
    /// Whether the report has what each chart renders with its own values, which takes an
    /// evaluation.
    pub renderings: bool,
    /// Texts that are judged in the place of files, as if they were written already.
    pub unwritten: Arc<Unwritten>,
    /// Called after each chart with how many are done and how many there are;
    /// from any thread, in any order.
    pub progress: Option<Progress<'a>>,
}

impl CheckRequest<'_> {
    /// To judge the charts of a search by the policies nearest to them, which are read
    /// and no more: nothing is evaluated, nothing is given, all suppressions count.
    pub fn new(root: PathBuf, found: Discovery, today: Date) -> Self {
        let Discovery { charts, only, outside, problems, .. } = found;
        Self {
            policies: PolicySource::Nearest { root: root.clone(), top: root.clone() },
            root,
            charts,
            only,
            outside,
            problems,
            today,
            trusted_suppressions: None,
            trusted_root: None,
            unused_exceptions: false,
            evaluate: false,
            require_dependencies: false,
            deployment: Deployment::default(),
            verified: None,
            ways: false,
            renderings: false,
            unwritten: Arc::default(),
            progress: None,
        }
    }
}

/// Is told how many charts are done, and how many there are.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// Where policies come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicySource {
    /// For each chart the nearest policy file at or above its folder. The
    /// report names it by its path relative to `root`.
    Nearest {
        /// The folder that stands for the root when policies are looked for:
        /// the root itself, or the same folder of a trusted revision.
        root: PathBuf,
        /// The last folder to look in: at or above `root`.
        top: PathBuf,
    },
    /// This file, for every chart.
    File {
        /// The file to read.
        read: PathBuf,
        /// How the report names it.
        display: String,
    },
}

/// Judges the charts. The report is complete and sorted; known findings of a
/// baseline or a revision are not yet hidden, see [`crate::baseline::apply`]
/// and [`crate::since::apply`].
pub fn check(request: &CheckRequest<'_>) -> Report {
    let charts: Vec<&FoundChart> = request.charts.iter().collect();
    assemble::report(judge_each(&charts, request), request)
}

/// What each of these charts gives.
fn judge_each(charts: &[&FoundChart], request: &CheckRequest<'_>) -> Vec<ChartOutcome> {
    let policies = Policies::new(&request.policies);
    let done = AtomicUsize::new(0);
    parallel::map(charts, |chart| {
        let outcome = chart::judge(chart, request, &policies);
        if let Some(progress) = request.progress {
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, charts.len());
        }
        outcome
    })
}
