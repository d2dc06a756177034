//! A chart as Helm loads it: its metadata, every file with what became of it, its subcharts.
//!
//! [`load`] never fails as a whole. What cannot be read is a [`Problem`], at
//! the file or at the chart, and the rest is still there to be judged.

mod archive;
mod budget;
mod classify;
mod glob;
mod helmignore;
mod keys;
mod limits;
mod listing;
mod load;
mod metadata;
pub(crate) mod number;
mod problem;
mod read;
mod symlink;
mod unwritten;
mod vendored;
mod walk;

pub use classify::FileKind;
pub use helmignore::{IgnoreError, IgnoreRules};
pub use limits::Limits;
pub use load::{load, load_archive};
pub use problem::{Problem, ProblemKind};
pub use unwritten::Unwritten;
pub use vendored::Vendored;

use crate::source::{FileId, Span};
use std::borrow::Cow;

/// A chart: a folder with a `Chart.yaml`, or a packaged one.
#[derive(Debug)]
pub struct Chart {
    /// Where it is, as shown to people: `charts/dex`, `.` for the root itself,
    /// `charts/dex/charts/x-1.2.tgz!x` for one in an archive.
    pub path: String,
    /// Whether it is a folder or inside an archive.
    pub origin: Origin,
    /// The file `Chart.yaml`, when it could be read.
    pub chart_yaml: Option<FileId>,
    /// `apiVersion`; `v1` when not given, as Helm has it. `None` when `Chart.yaml` cannot be read.
    pub api_version: Option<String>,
    /// `name`.
    pub name: Option<String>,
    /// `version`, as Helm gives it to templates.
    pub version: Option<String>,
    /// `appVersion`, as Helm gives it to templates: an unquoted `1.10` is `1.1`.
    pub app_version: Option<String>,
    /// The dependencies that `Chart.yaml` (or `requirements.yaml`, which replaces them) declares.
    pub dependencies: Vec<Dependency>,
    /// Every file of the chart without those of its subcharts, by path.
    pub files: Vec<ChartFile>,
    /// What is under `charts/`, by name of folder or archive.
    pub subcharts: Vec<Chart>,
    /// What is wrong with the chart and is not the matter of one file that [`FileState::Failed`] names.
    pub problems: Vec<Problem>,
}

/// What a chart was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A folder.
    Folder,
    /// A `.tgz`, whose own path (as shown to people) this is.
    Archive(String),
}

/// A dependency as declared, with the bytes that declare it.
///
/// Each value is as Helm reads it (`version: 1.10` is `1.1`); a span covers the
/// value as written, quotes included, and is `None` when the key is absent.
#[derive(Debug, Clone, Default)]
pub struct Dependency {
    /// `name`: of the chart, and of the folder or archive in `charts/`.
    pub name: Option<String>,
    /// `version`: a constraint.
    pub version: Option<String>,
    /// `repository`: a URL, `oci://…`, `file://…`, an alias `@x`; may be empty.
    pub repository: Option<String>,
    /// `alias`: the name under which its values are given.
    pub alias: Option<String>,
    /// `condition`: paths in the values, with commas between.
    pub condition: Option<String>,
    /// The whole entry.
    pub span: Option<Span>,
    /// The value of `name`.
    pub name_span: Option<Span>,
    /// The value of `version`.
    pub version_span: Option<Span>,
    /// The value of `repository`.
    pub repository_span: Option<Span>,
}

/// One file (or a folder that was left out as a whole).
#[derive(Debug)]
pub struct ChartFile {
    /// Its path relative to the chart, with `/`, as `.Files.Get` names it.
    pub path: String,
    /// Its path as shown to people, relative to the root.
    pub display: String,
    /// When a symlink led to it: where it really is, relative to
    /// [`Limits::root`], with `/`. Two files with the same one are one file.
    pub link: Option<String>,
    /// What it is.
    pub kind: FileKind,
    /// What became of it.
    pub state: FileState,
}

/// What became of a file.
#[derive(Debug)]
pub enum FileState {
    /// Its text is in the source map.
    Loaded(FileId),
    /// It was not read, for the reason given in a few words.
    Skipped(Cow<'static, str>),
    /// It should have been read and could not be.
    Failed(Problem),
}

impl Chart {
    /// The file at a path relative to the chart.
    pub fn file(&self, path: &str) -> Option<&ChartFile> {
        self.files.iter().find(|f| f.path == path)
    }

    /// The files whose text is at hand.
    pub fn loaded(&self) -> impl Iterator<Item = (&ChartFile, FileId)> {
        self.files.iter().filter_map(|f| match f.state {
            FileState::Loaded(id) => Some((f, id)),
            _ => None,
        })
    }

    /// The chart and every chart under it, parents first.
    pub fn tree(&self) -> Vec<&Chart> {
        let mut all = vec![self];
        let mut next = 0;
        while let Some(&chart) = all.get(next) {
            all.extend(&chart.subcharts);
            next += 1;
        }
        all
    }

    /// Everything that is wrong with the chart, its files and its subcharts.
    pub fn all_problems(&self) -> impl Iterator<Item = &Problem> {
        self.tree().into_iter().flat_map(|chart| {
            let of_files = chart.files.iter().filter_map(|f| match &f.state {
                FileState::Failed(problem) => Some(problem),
                _ => None,
            });
            chart.problems.iter().chain(of_files)
        })
    }

    /// The declaration that brought a subchart here: the one of its name, of
    /// its version too when several have the name.
    pub fn dependency_for(&self, subchart: &Chart) -> Option<&Dependency> {
        let name = subchart.name.as_deref()?;
        let of_name = || self.dependencies.iter().filter(move |d| d.name.as_deref() == Some(name));
        of_name()
            .find(|d| d.version.is_some() && d.version == subchart.version)
            .or_else(|| of_name().next())
    }
}
