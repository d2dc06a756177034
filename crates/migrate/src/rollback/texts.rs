//! The files of a root as they are to be, over those on disk.

use crate::files;
use crate::place;
use helm_engine::chart::Unwritten;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Files that are to be another text, or not to be there.
#[derive(Debug, Clone)]
pub(crate) struct Texts<'r> {
    root: &'r Path,
    changed: BTreeMap<String, Option<String>>,
}

impl<'r> Texts<'r> {
    pub(crate) fn new(root: &'r Path) -> Self {
        Self { root, changed: BTreeMap::new() }
    }

    /// The text of a file, relative to the root; `None` where none is to be.
    ///
    /// # Errors
    /// Why it cannot be read, or nothing may be written there.
    pub(crate) fn get(&self, path: &str) -> Result<Option<String>, String> {
        if let Some(text) = self.changed.get(path) {
            return Ok(text.clone());
        }
        files::text(&place::of(self.root, path)?)
            .map_err(|error| format!("{path} cannot be read: {error}"))
    }

    /// The text of a file that is to be there, and may be written.
    pub(crate) fn existing(&self, path: &str) -> Option<String> {
        self.get(path).ok().flatten()
    }

    pub(crate) fn set(&mut self, path: &str, text: Option<String>) {
        self.changed.insert(path.to_owned(), text);
    }

    /// What is not written yet, for an evaluation. `root` has no links in it.
    pub(crate) fn unwritten(&self, root: &Path) -> Unwritten {
        let mut unwritten = Unwritten::default();
        for (path, text) in &self.changed {
            let file: PathBuf = root.join(path);
            unwritten.insert(file, text.clone().unwrap_or_default());
        }
        unwritten
    }
}
