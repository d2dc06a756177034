//! The finished, immutable report that every format shows.

use super::finding::{Finding, Level};
use super::image::Image;
use super::location::Location;
use crate::date::Date;
use crate::policy::Bump;
use crate::rules::{UNREADABLE_FILE, says_incomplete};
use std::collections::BTreeMap;
use std::sync::Arc;

/// All that a run found. It is complete and sorted when it is built; formats
/// neither filter nor sort.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The charts that were judged, by path.
    pub charts: Vec<ChartSummary>,
    /// The inventory, by chart, then by first declaration.
    pub images: Vec<Image>,
    /// The findings, by path, position and rule; without those at level off,
    /// suppressed or known.
    pub findings: Vec<Finding>,
    /// Findings that were not reported, and why.
    pub hidden: Vec<Hidden>,
    /// Entries of the baseline whose finding is gone.
    pub fixed: Vec<FixedFinding>,
    /// Every file of every chart, and what was done with it.
    pub files: Vec<FileRecord>,
    /// Given files that belong to no chart, so were not judged.
    pub outside: Vec<String>,
    /// Branches of templates and values files that were too many to be evaluated.
    pub unexplored: usize,
    /// What the charts render, when that was asked for; those that Helm is given, by path.
    pub renderings: BTreeMap<Arc<str>, Rendering>,
}

/// What a chart renders with its own values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendering {
    /// Why Helm would not begin: its files, or what the schema of the values refuses.
    pub errors: Vec<String>,
    /// What each template gives, or why it fails, by the path that Helm gives it:
    /// `chart/charts/sub/templates/x.yaml`. `NOTES.txt` is among them.
    pub templates: BTreeMap<String, Result<String, String>>,
}

/// A chart that was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartSummary {
    /// Its folder relative to the root; `.` when it is the root.
    pub path: Arc<str>,
    /// The name in its Chart.yaml, when it has one.
    pub name: Option<String>,
    /// The policy that judged it: a path relative to the root, or `built-in`.
    pub policy: Arc<str>,
    /// Which part of its version that policy raises when its images move.
    pub bump: Bump,
}

/// A finding that is not reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden {
    /// The finding.
    pub finding: Finding,
    /// Why it is not reported.
    pub because: HiddenBy,
    /// The comment that suppresses it, where one does.
    pub comment: Option<Comment>,
}

/// An inline suppression that hides a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Where it stands.
    pub location: Location,
    /// The last day on which it holds.
    pub until: Option<Date>,
}

/// Why a finding is not reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HiddenBy {
    /// An inline suppression, with its reason.
    Suppression(String),
    /// It is in the baseline.
    Baseline,
    /// The revision of `--since` has it too.
    Since(String),
}

/// A baseline entry whose finding is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixedFinding {
    /// The fingerprint.
    pub fingerprint: String,
    /// The rule.
    pub rule: String,
    /// The path it was found at.
    pub path: String,
    /// The reference it was about.
    pub reference: Option<String>,
}

/// What was done with a file of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRecord {
    /// The path relative to the root.
    pub path: String,
    /// What was done.
    pub outcome: FileOutcome,
}

/// What was done with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileOutcome {
    /// Read for images, as this kind of file (for instance `values`, `template`).
    Read(&'static str),
    /// Not read for images, for this reason (for instance `documentation`).
    Skipped(String),
    /// Could not be read or analysed in full; there is a finding that says why.
    Failed(String),
}

/// The counts of a report. Every format shows these and no others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Charts judged, subcharts included.
    pub charts: usize,
    /// Files read for images.
    pub files: usize,
    /// Images in the inventory.
    pub images: usize,
    /// Findings at level error.
    pub errors: usize,
    /// Findings at level warning.
    pub warnings: usize,
    /// Findings at level note.
    pub notes: usize,
    /// Files that could not be read or analysed.
    pub unread: usize,
    /// Those, and the images and charts that are not known.
    pub incomplete: usize,
}

impl Report {
    /// Counts the report.
    pub fn summary(&self) -> Summary {
        let level = |level| self.findings.iter().filter(|f| f.level == level).count();
        let outcome =
            |test: fn(&FileOutcome) -> bool| self.files.iter().filter(|f| test(&f.outcome)).count();
        let unread = outcome(|o| matches!(o, FileOutcome::Failed(_)));
        // What could not be read is a file above; a folder that could not be is, too.
        let unknown = |f: &&Finding| {
            f.level == Level::Error && f.rule != UNREADABLE_FILE.name && says_incomplete(f.rule)
        };
        Summary {
            charts: self.charts.len(),
            files: outcome(|o| matches!(o, FileOutcome::Read(_))),
            images: self.images.len(),
            errors: level(Level::Error),
            warnings: level(Level::Warning),
            notes: level(Level::Note),
            unread,
            incomplete: unread + self.findings.iter().filter(unknown).count(),
        }
    }
}
