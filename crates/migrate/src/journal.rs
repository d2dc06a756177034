//! What a migration changed, so that it can be taken back: exactly, by anybody, later.
//!
//! A journal is written before the first file is changed and is made to be committed
//! beside the charts: it names no machine and no time. It holds whole lines, since a
//! migration takes none away: a line is found again when others moved it.

mod lines;

pub use lines::{FileEntry, LineEntry};

use crate::files::{self, Changes};
use crate::migration::is_below;
use crate::place;
use crate::version;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The folder of journals, relative to the root.
pub const FOLDER: &str = ".chart-images/migrations";

/// One migration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Journal {
    /// The format of the file: 1.
    pub version: u32,
    /// The charts, in the order in which they were changed.
    pub charts: Vec<ChartEntry>,
}

/// What was changed in one chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChartEntry {
    /// Its folder relative to the root.
    pub chart: String,
    /// Its version, when it was raised.
    pub version: Option<Change>,
    /// Its images that moved, each once.
    pub moved: Vec<Change>,
    /// Its files.
    pub files: Vec<FileEntry>,
}

/// A text before and after.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Before.
    pub before: String,
    /// After.
    pub after: String,
}

impl From<&(String, String)> for Change {
    fn from((before, after): &(String, String)) -> Self {
        Self { before: before.clone(), after: after.clone() }
    }
}

impl Change {
    /// The first text that is no version of a chart: versions are written into the charts that
    /// depend on it.
    pub(crate) fn wrong_version(&self) -> Option<&str> {
        // Helm admits fewer; none of these can end the text wherever it is written.
        let of_version =
            |c: char| !(c.is_whitespace() || c.is_control() || "\"',[]{}#:".contains(c));
        let is_version = |text: &str| {
            let read = || version::of(&format!("version: {text}"));
            text.chars().all(of_version) && read().as_deref() == Some(text)
        };
        [&*self.before, &*self.after].into_iter().find(|text| !is_version(text))
    }
}

impl Journal {
    /// Writes the journal as the newest of a root, and gives its path. It is on disk
    /// when this returns.
    ///
    /// # Errors
    /// What the system says.
    pub fn write(&self, root: &Path, on: &dyn Changes) -> io::Result<PathBuf> {
        let folder = folder(root)?;
        fs::create_dir_all(&folder)?;
        self.write_next(&folder, on).inspect_err(|_| remove_empty(&folder.join("none")))
    }

    fn write_next(&self, folder: &Path, on: &dyn Changes) -> io::Result<PathBuf> {
        let text = self.text()?;
        loop {
            let last = numbered(folder)?.last().map_or(0, |(number, _)| *number);
            let next = last.checked_add(1).ok_or_else(|| {
                io::Error::other(format!("no number is left after that of {last:04}.json"))
            })?;
            let path = folder.join(format!("{next:04}.json"));
            let new = on.write(&path, &text)?;
            on.flush(std::slice::from_ref(&new))?;
            match on.put_first(new) {
                // Another migration took the number.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
                Ok(()) => {
                    files::sync_folder(folder);
                    return Ok(path);
                }
            }
        }
    }

    fn text(&self) -> io::Result<String> {
        let mut text = serde_json::to_string_pretty(self).map_err(io::Error::other)?;
        text.push('\n');
        Ok(text)
    }

    /// What a journal must not say: it is a file that a pull request can change, and what it
    /// names is written.
    fn mistake(&self) -> Option<String> {
        if self.version != 1 {
            return Some(format!("version {} is not known here", self.version));
        }
        self.charts.iter().find_map(|entry| {
            let chart = &entry.chart;
            if chart != "." && !place::is_plain(chart) {
                return Some(format!("`{chart}` leads out of the repository"));
            }
            if let Some(wrong) = entry.version.as_ref().and_then(Change::wrong_version) {
                return Some(format!("`{wrong}` is no version of the chart {chart}"));
            }
            let lies_elsewhere =
                |file: &&FileEntry| !place::is_plain(&file.path) || !is_below(&file.path, chart);
            if let Some(file) = entry.files.iter().find(lies_elsewhere) {
                return Some(format!("`{}` is no file of the chart {chart}", file.path));
            }
            let mut lines = entry.files.iter().flat_map(|file| &file.lines);
            let is_several = |line: &LineEntry| {
                line.after.contains('\n') || line.before.as_ref().is_some_and(|l| l.contains('\n'))
            };
            let several = lines.find(|line| is_several(line))?;
            Some(format!("line {} of a file of {chart} is more than one", several.line))
        })
    }

    /// Writes the journal over an older state of it; without charts it goes away.
    ///
    /// # Errors
    /// What the system says.
    pub fn write_to(&self, path: &Path, on: &dyn Changes) -> io::Result<()> {
        if self.charts.is_empty() {
            on.remove(path)?;
            remove_empty(path);
            return Ok(());
        }
        on.replace(path, &self.text()?)
    }

    /// The journals of a root, the newest first.
    ///
    /// # Errors
    /// When the folder or a file of it cannot be read, or is no journal: the file, and why.
    pub fn all(root: &Path) -> Result<Vec<(PathBuf, Self)>, (PathBuf, String)> {
        let failed = |path: &Path, error: &dyn ToString| (path.to_owned(), error.to_string());
        let folder = folder(root).map_err(|error| failed(&root.join(FOLDER), &error))?;
        let paths = match numbered(&folder) {
            Ok(paths) => paths,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(&folder, &error)),
        };
        let mut journals = Vec::new();
        for (_, path) in paths.into_iter().rev() {
            let text = no_link(&path).and_then(|()| files::existing(&path));
            let text = text.map_err(|error| failed(&path, &error))?;
            let journal: Self =
                serde_json::from_str(&text).map_err(|error| failed(&path, &error))?;
            if let Some(mistake) = journal.mistake() {
                return Err((path, mistake));
            }
            journals.push((path, journal));
        }
        Ok(journals)
    }
}

/// The folder of journals, which is reached by no link.
pub(crate) fn folder(root: &Path) -> io::Result<PathBuf> {
    let folder = root.join(FOLDER);
    folder.ancestors().take(2).try_for_each(no_link)?;
    Ok(folder)
}

/// Nothing is written through a link.
pub(crate) fn no_link(path: &Path) -> io::Result<()> {
    let why = || format!("{} is a link, and nothing is written through it", path.display());
    if path.is_symlink() { Err(io::Error::other(why())) } else { Ok(()) }
}

/// Removes the folders of a journal that is not there; they stay where there is another.
pub(crate) fn remove_empty(path: &Path) {
    path.ancestors().skip(1).take(2).for_each(|folder| drop(fs::remove_dir(folder)));
}

/// The journals of a folder with their numbers, the oldest first.
fn numbered(folder: &Path) -> io::Result<Vec<(u32, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_json = path.extension().is_some_and(|extension| extension == "json");
        let number = path.file_stem().and_then(|stem| stem.to_str()?.parse().ok());
        if let (true, Some(number)) = (is_json, number) {
            found.push((number, path));
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_version_is_not_written_into_other_charts() {
        for text in ["", "-", "1", "1.0.0\n  x: y", "1.0.0-a\n  b", "1.0.0-a, b"] {
            let version = Some(Change { before: text.to_owned(), after: "1.0.1".to_owned() });
            let (moved, files) = (Vec::new(), Vec::new());
            let chart = ChartEntry { chart: "a".to_owned(), version, moved, files };
            let mut journal = Journal { version: 1, charts: vec![chart] };
            assert!(journal.mistake().unwrap().contains("no version"), "{text}");
            journal.charts[0].version.as_mut().unwrap().before = "v1.0.0-rc.1+x".to_owned();
            assert_eq!(journal.mistake(), None);
        }
    }
}
