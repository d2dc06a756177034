//! From images to changed charts: propose, prove, and only then write.

use crate::attempt::Attempt;
use crate::dependants;
use crate::edit::Edit;
use crate::groups;
use crate::propose::Refusal;
use crate::suites;
use crate::trial::{self, Trial};
use chart_lint::check::parallel;
use chart_lint::discover::FoundChart;
use chart_lint::model::{Image, Location, Report};
use helm_engine::chart::Unwritten;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::sync::Arc;

/// What a migration is about.
pub struct Request<'a> {
    /// The folder that the report's paths are relative to.
    pub root: &'a Path,
    /// The charts that were judged.
    pub charts: &'a [FoundChart],
    /// Whether they are all that there are below the root.
    pub is_whole: bool,
    /// What the charts use now.
    pub report: &'a Report,
    /// Whether an image that the policy disallows is to move.
    pub is_chosen: &'a (dyn Fn(&Image) -> bool + Sync),
    /// Whether what an image is to become may be relied on; else why not.
    pub vouch: &'a (dyn Fn(&Image) -> Result<(), Refusal> + Sync),
    /// Judges charts as those of the report were judged, with some files as they are to be.
    pub judge: &'a (dyn Fn(&Arc<Unwritten>, Vec<FoundChart>) -> Report + Sync),
}

/// A migration that is proved and not yet written.
#[derive(Debug, Default)]
pub struct Migration {
    /// The charts to change, by path.
    pub charts: Vec<ChartChange>,
    /// Chosen images that stay as they are.
    pub refused: Vec<Refused>,
    /// What is left to do by hand.
    pub notes: Vec<String>,
}

/// A chart and how it changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartChange {
    /// Its folder relative to the root.
    pub chart: String,
    /// Its version before and after; `None` when it has none that could be raised.
    pub version: Option<(String, String)>,
    /// Its images before and after, by their index in the report.
    pub moved: BTreeMap<usize, (String, String)>,
    /// Those of them that move by values over those of a copy of a dependency.
    pub overridden: BTreeSet<usize>,
    /// Its files.
    pub files: Vec<FileChange>,
}

/// A file and how it changes, or a new one. No line is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Its path relative to the root, with `/`.
    pub path: String,
    /// Its text now; `None` where it is not there.
    pub before: Option<String>,
    /// Its text then.
    pub after: String,
    /// The edits that lead there.
    pub edits: Vec<Edit>,
}

impl FileChange {
    /// Its text now, which is none where it is not there.
    pub fn text(&self) -> &str {
        self.before.as_deref().unwrap_or_default()
    }
}

/// An image that stays, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The image.
    pub reference: String,
    /// Where it is declared: `path:line`.
    pub at: String,
    /// Why, and what to do by hand.
    pub refusal: Refusal,
}

/// Works out how the chosen images move, and proves it. Nothing is written.
///
/// # Errors
/// When a file cannot be read.
pub fn prepare(request: &Request<'_>) -> io::Result<Migration> {
    let groups::Grouped { by_chart, refused } = groups::of(request);
    let mut migration = Migration::default();
    for (index, refusal) in refused {
        migration.refuse(request, index, &refusal);
    }
    let mut attempts: Vec<Attempt<'_>> =
        by_chart.into_iter().map(|(chart, groups)| Attempt::new(chart, groups)).collect();
    // All charts at once; then those again that were not proved, each with what was to
    // blame moved in another way, or left out.
    loop {
        let mut tried = Vec::new();
        let changes = parallel::map_owned(attempts, |mut attempt| {
            attempt.change(request).map(|change| (attempt, change))
        });
        for change in changes {
            match change? {
                (attempt, Some(change)) => tried.push((attempt, change)),
                (attempt, None) => attempt.end(request, &mut migration),
            }
        }
        if tried.is_empty() {
            break;
        }
        let changes: Vec<&ChartChange> = tried.iter().map(|(_, change)| change).collect();
        let Trial { report, proofs } = trial::run(request, &changes)?;
        attempts = Vec::new();
        for ((mut attempt, change), proof) in tried.into_iter().zip(proofs) {
            match proof {
                Ok(defaults) => {
                    attempt
                        .keep(change, defaults.into_iter().filter_map(|at| report.images.get(at)));
                }
                Err(mismatch) => attempt.blame(request, &change, (&report, &mismatch)),
            }
            attempts.push(attempt);
        }
    }
    dependants::follow(request, &mut migration)?;
    suites::follow(request, &mut migration)?;
    migration.charts.sort_by(|a, b| a.chart.cmp(&b.chart));
    migration.refused.sort_by(|a, b| (&a.at, &a.reference).cmp(&(&b.at, &b.reference)));
    Ok(migration)
}

impl Refused {
    pub(crate) fn new(image: &Image, at: Option<&Location>, refusal: Refusal) -> Self {
        Self {
            reference: image.reference.clone(),
            at: at.map(|at| format!("{}:{}", at.path, at.start.line)).unwrap_or_default(),
            refusal,
        }
    }
}

impl Migration {
    /// The change of a chart.
    pub(crate) fn of(&self, chart: &str) -> Option<&ChartChange> {
        self.charts.iter().find(|change| change.chart == chart)
    }

    pub(crate) fn refuse(&mut self, request: &Request<'_>, index: usize, refusal: &Refusal) {
        let Some(image) = request.report.images.get(index) else { return };
        let at = image.declarations.first().map(|declaration| &declaration.location);
        self.refused.push(Refused::new(image, at, refusal.clone()));
    }
}

/// The chart that Helm is given, of which another is a part.
pub(crate) fn top_chart<'a>(charts: &'a [FoundChart], path: &str) -> Option<&'a FoundChart> {
    let holds = |chart: &&FoundChart| is_below(path, &chart.display);
    charts.iter().filter(holds).max_by_key(|chart| chart.display.len())
}

/// The path of a chart's file.
pub(crate) fn file_of(chart: &str, name: &str) -> String {
    if chart == "." { name.to_owned() } else { format!("{chart}/{name}") }
}

/// True of a folder and what is in it.
pub(crate) fn is_below(path: &str, folder: &str) -> bool {
    folder == "."
        || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
