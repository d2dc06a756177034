//! A chart's folder to be filled, and what its loading gave.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use helm_engine::chart::{Chart, FileState, Limits, Problem, load};
use helm_engine::source::SourceMap;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

/// A repository with one chart in `c/`.
pub(crate) struct Repository {
    dir: TempDir,
    pub(crate) limits: Limits,
}

pub(crate) struct Loaded {
    pub(crate) chart: Chart,
    pub(crate) sources: SourceMap,
}

impl Repository {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let limits = Limits { root: Some(dir.path().to_owned()), ..Limits::default() };
        let repository = Self { dir, limits };
        repository.with("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n")
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    pub(crate) fn with(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    #[cfg(unix)]
    pub(crate) fn link(self, path: &str, target: &str) -> Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(target, path).unwrap();
        self
    }

    pub(crate) fn load(&self) -> Loaded {
        let mut sources = SourceMap::new();
        let chart = load(&self.path("c"), "c", &self.limits, &mut sources);
        Loaded { chart, sources }
    }
}

impl Loaded {
    /// `path word` of every file, subcharts after their parents.
    pub(crate) fn states(&self) -> Vec<String> {
        let files = self.chart.tree().into_iter().flat_map(|chart| &chart.files);
        files
            .map(|file| match &file.state {
                FileState::Loaded(_) => format!("{} loaded", file.display),
                FileState::Skipped(reason) => format!("{} skipped: {reason}", file.display),
                FileState::Failed(problem) => {
                    format!("{} failed: {}", file.display, problem.message)
                }
            })
            .collect()
    }

    pub(crate) fn state(&self, display: &str) -> String {
        let prefix = format!("{display} ");
        let states = self.states();
        let mut of_it = states.iter().filter_map(|s| s.strip_prefix(&prefix));
        of_it.next_back().unwrap_or_else(|| panic!("no {display} in {states:#?}")).to_owned()
    }

    pub(crate) fn text(&self, display: &str) -> &str {
        let mut files = self.sources.iter().filter(|(_, file)| file.path() == display);
        files.next().unwrap_or_else(|| panic!("no text of {display}")).1.text()
    }

    pub(crate) fn problems(&self) -> Vec<&Problem> {
        self.chart.all_problems().collect()
    }

    #[track_caller]
    pub(crate) fn only_problem(&self) -> &Problem {
        match self.problems().as_slice() {
            [problem] => problem,
            several => panic!("{several:#?}"),
        }
    }
}
