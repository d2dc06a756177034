//! How far a symlink may lead.

use super::problem::{Problem, ProblemKind};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Follows symlinks as Helm does, but not out of the root and not in circles.
pub(super) struct Links {
    root: PathBuf,
    /// The root without symlinks, found when the first one is met.
    real_root: Option<PathBuf>,
    /// The real folders that hold the links through which the walk came here.
    trail: Vec<PathBuf>,
}

/// A link that was followed.
pub(super) struct Target {
    /// Without symlinks.
    pub(super) path: PathBuf,
    /// The real folder that holds the link.
    pub(super) holder: PathBuf,
}

impl Links {
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), real_root: None, trail: Vec::new() }
    }

    /// Where the link `path` leads.
    pub(super) fn follow(&mut self, path: &Path, display: &str) -> Result<Target, Problem> {
        let target = fs::canonicalize(path).map_err(|error| broken(path, display, &error))?;
        if self.real_root.is_none() {
            let root = fs::canonicalize(&self.root)
                .map_err(|error| Problem::io(display, "find the root of the charts", &error))?;
            self.real_root = Some(root);
        }
        let root = self.real_root.as_deref().unwrap_or(&self.root);
        let Ok(inside) = target.strip_prefix(root) else {
            return Err(problem(
                display,
                "the symlink leads out of the repository and was not followed".into(),
                "Copy the file into the repository, or run with the folder that holds both as the root.",
            ));
        };
        // What Git keeps may hold credentials, and is no part of a chart.
        if inside.components().any(|part| part.as_os_str() == ".git") {
            return Err(problem(
                display,
                "the symlink leads into .git and was not followed".into(),
                "Remove the symlink.",
            ));
        }
        let holder = path.parent().unwrap_or(path);
        let holder = fs::canonicalize(holder).map_err(|error| broken(path, display, &error))?;
        Ok(Target { path: target, holder })
    }

    /// Where a file is that a link led to: relative to the root, with `/`.
    /// `None` when no link did.
    pub(super) fn real(&self, file: &Path, direct: bool) -> Option<String> {
        if !direct && self.trail.is_empty() {
            return None;
        }
        let inside = file.strip_prefix(self.real_root.as_deref()?).ok()?;
        let parts = inside.components().map(|part| part.as_os_str().to_string_lossy());
        Some(parts.collect::<Vec<_>>().join("/"))
    }

    /// Enters a folder through a link, unless the walk is already inside it.
    pub(super) fn enter(&mut self, target: &Target, display: &str) -> Result<(), Problem> {
        let holds = |folder: &PathBuf| folder.starts_with(&target.path);
        if holds(&target.holder) || self.trail.iter().any(holds) {
            return Err(problem(
                display,
                "the symlink leads back to a folder that holds it".into(),
                "Remove the symlink: Helm follows it in circles and does not load the chart.",
            ));
        }
        self.trail.push(target.holder.clone());
        Ok(())
    }

    /// Leaves the folder that was entered last.
    pub(super) fn leave(&mut self) {
        self.trail.pop();
    }
}

/// A link that leads nowhere, or to itself.
pub(super) fn broken(path: &Path, display: &str, error: &io::Error) -> Problem {
    if error.kind() == io::ErrorKind::PermissionDenied {
        return Problem::io(display, "follow the symlink", error);
    }
    let to = fs::read_link(path).map(|to| format!(" to {}", to.display())).unwrap_or_default();
    let why = match error.kind() {
        io::ErrorKind::NotFound => "there is nothing there".to_owned(),
        _ => error.to_string(),
    };
    problem(
        display,
        format!("cannot follow the symlink{to}: {why}"),
        "Remove the symlink or mend it: Helm does not load the chart either.",
    )
}

fn problem(display: &str, message: String, help: &str) -> Problem {
    Problem::new(ProblemKind::Symlink, display, message, help)
}
