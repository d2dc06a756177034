//! Which files a run was asked about.

use std::collections::BTreeSet;

/// Files and folders, as paths relative to the root with `/`.
///
/// A run over one chart must not call the known findings of another one fixed,
/// and a run over one file must not report what stands in its neighbours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    files: BTreeSet<String>,
    folders: BTreeSet<String>,
}

impl Scope {
    /// All that is under the root.
    pub fn everything() -> Self {
        Self::folders(["."])
    }

    /// All that is under these folders; `.` is the root.
    pub fn folders<S: Into<String>>(folders: impl IntoIterator<Item = S>) -> Self {
        Self { files: BTreeSet::new(), folders: folders.into_iter().map(Into::into).collect() }
    }

    /// Adds one file; members of an archive belong to it.
    pub fn add_file(&mut self, path: impl Into<String>) {
        self.files.insert(path.into());
    }

    /// Adds all that is under a folder; `.` is the root.
    pub fn add_folder(&mut self, path: impl Into<String>) {
        self.folders.insert(path.into());
    }

    /// Whether nothing is covered.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.folders.is_empty()
    }

    /// Whether the path of a finding lies within. `charts/x.tgz!x/values.yaml`
    /// lies within `charts/x.tgz`.
    pub fn covers(&self, path: &str) -> bool {
        if self.folders.contains(".") || self.files.contains(path) || self.folders.contains(path) {
            return true;
        }
        path.bytes().enumerate().any(|(i, byte)| match byte {
            b'/' => self.folders.contains(&path[..i]),
            b'!' => self.files.contains(&path[..i]),
            _ => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn covers_files_folders_and_members() {
        let mut scope = Scope::folders(["charts/a"]);
        scope.add_file("charts/b/values.yaml");
        scope.add_file("charts/b/charts/x-1.tgz");
        for inside in [
            "charts/a",
            "charts/a/values.yaml",
            "charts/a/charts/y-1.tgz!y/values.yaml",
            "charts/b/values.yaml",
            "charts/b/charts/x-1.tgz!x/values.yaml",
        ] {
            assert!(scope.covers(inside), "{inside}");
        }
        for outside in ["charts/ab/values.yaml", "charts/b/Chart.yaml", "charts", ""] {
            assert!(!scope.covers(outside), "{outside}");
        }
        assert!(Scope::everything().covers("any"));
        assert!(!Scope::default().covers("any"));
    }
}
