//! Texts that are read in the place of files.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Files as they are to be: a chart is loaded as if they had been written already, and
/// nothing is.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Unwritten(BTreeMap<PathBuf, String>);

impl Unwritten {
    /// Reads this text in the place of a file, or as a file that is not there yet. Its path
    /// has no links in it: a walk meets no others.
    pub fn insert(&mut self, real: PathBuf, text: String) {
        self.0.insert(real, text);
    }

    /// The text in the place of a file, by its real path.
    pub fn get(&self, file: &Path) -> Option<&str> {
        // Nearly always there is none.
        if self.0.is_empty() { None } else { self.0.get(file).map(String::as_str) }
    }

    /// The names of the files of a folder.
    pub(super) fn names(&self, folder: &Path) -> impl Iterator<Item = OsString> {
        let below = self.0.range(folder.to_owned()..);
        let below = below.map(|(file, _)| file).take_while(move |file| file.starts_with(folder));
        below
            .filter(move |file| file.parent() == Some(folder))
            .filter_map(|file| file.file_name().map(ToOwned::to_owned))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, load};
    use super::*;
    use crate::source::SourceMap;
    use std::fs;
    use std::sync::Arc;

    #[test]
    fn texts_are_read_in_the_place_of_files_and_beside_them() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("charts/sub")).unwrap();
        fs::write(root.join("Chart.yaml"), "apiVersion: v2\nname: a\nversion: 1.0.0\n").unwrap();
        fs::write(root.join("charts/sub/Chart.yaml"), "name: sub\nversion: 1.0.0\n").unwrap();
        let mut unwritten = Unwritten::default();
        let chart = "apiVersion: v2\nname: a\nversion: 1.0.1\n";
        unwritten.insert(root.join("Chart.yaml"), chart.to_owned());
        unwritten.insert(root.join("values.yaml"), "a: 1\n".to_owned());
        unwritten.insert(root.join("charts/sub/values.yaml"), "b: 1\n".to_owned());

        let limits = Limits { unwritten: Arc::new(unwritten), ..Limits::default() };
        let mut sources = SourceMap::new();
        let chart = load(&root, ".", &limits, &mut sources);
        assert_eq!(chart.version.as_deref(), Some("1.0.1"));
        let texts = |chart: &super::super::Chart| -> Vec<(String, String)> {
            let loaded = chart.loaded();
            loaded
                .map(|(f, id)| (f.path.clone(), String::from(&**sources.file(id).text())))
                .collect()
        };
        assert!(texts(&chart).contains(&("values.yaml".to_owned(), "a: 1\n".to_owned())));
        let below = texts(&chart.subcharts[0]);
        assert!(below.contains(&("values.yaml".to_owned(), "b: 1\n".to_owned())), "{below:?}");
        assert!(!root.join("values.yaml").exists());
    }
}
