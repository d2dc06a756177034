//! What a migration changed, so that it can be taken back: exactly, by anybody, later.
//!
//! A journal is written before the first file is changed and is made to be committed
//! beside the charts: it names no machine and no time. It holds whole lines, since a
//! migration takes none away: a line is found again when others moved it.

use crate::files::{self, Changes, hash};
use crate::lines::{self, Run};
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

/// What was changed in one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// Its path relative to the root, with `/`.
    pub path: String,
    /// The SHA-256 of the whole text before; `None` of a file that was not there.
    pub before: Option<String>,
    /// The SHA-256 of the whole text after.
    pub after: String,
    /// The lines that differ, from the first to the last.
    pub lines: Vec<LineEntry>,
}

/// A line that was changed or added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineEntry {
    /// Its number in the changed file, from 1, for readers.
    pub line: usize,
    /// Its text before, without the line feed; `None` when it was added.
    pub before: Option<String>,
    /// Its text after.
    pub after: String,
    /// Which of the equal lines of the changed file it is, from 0.
    pub nth: usize,
    /// How many equal lines the changed file has.
    pub of: usize,
}

impl FileEntry {
    /// Compares two texts, of which the second lacks no line of the first.
    pub fn new(path: &str, before: Option<&str>, after: &str) -> Self {
        let hash_before = before.map(hash);
        let before = before.unwrap_or_default();
        let old: Vec<&str> = before.split('\n').collect();
        let new: Vec<&str> = after.split('\n').collect();
        let changed = lines::differing(&old, &new).into_iter().flat_map(|Run { old, new }| {
            new.enumerate()
                .map(move |(at, line)| (line, Some(old.start + at).filter(|l| *l < old.end)))
        });
        let equal =
            |lines: &[&str], line: &str| lines.iter().filter(|other| **other == line).count();
        let entry = |(index, was): (usize, Option<usize>)| LineEntry {
            line: index + 1,
            before: was.map(|was| old[was].to_owned()),
            after: new[index].to_owned(),
            nth: equal(&new[..index], new[index]),
            of: equal(&new, new[index]),
        };
        Self {
            path: path.to_owned(),
            before: hash_before,
            after: hash(after),
            lines: changed.map(entry).collect(),
        }
    }

    /// True of a text that is as it was before the migration.
    pub(crate) fn is_undone(&self, text: &str) -> bool {
        Some(hash(text)) == self.before
    }

    /// True of a text to which the migration did not come, whatever else was changed: it has
    /// the lines of before and none of those of after. A line that was only added tells
    /// nothing by not being there: it may have been changed.
    fn is_untouched(&self, text: &str) -> bool {
        let has = |line: &str| text.split('\n').any(|other| other == line);
        self.lines.iter().any(|entry| entry.before.is_some())
            && self.lines.iter().all(|entry| {
                !has(&entry.after) && entry.before.as_ref().is_none_or(|before| has(before))
            })
    }

    /// The text with the lines of the migration taken back, whatever else was changed
    /// since; the same text when they are not there, as in a migration that was
    /// interrupted before this file.
    ///
    /// # Errors
    /// The first line that cannot be told from others, or was changed since.
    pub fn undo(&self, text: &str) -> Result<String, &LineEntry> {
        if self.is_undone(text) || self.is_untouched(text) {
            return Ok(text.to_owned());
        }
        let current: Vec<&str> = text.split('\n').collect();
        let mut undone: Vec<Option<&str>> = current.iter().copied().map(Some).collect();
        for entry in &self.lines {
            let equal: Vec<usize> =
                (0..current.len()).filter(|&index| current[index] == entry.after).collect();
            match equal.get(entry.nth) {
                Some(&index) if equal.len() == entry.of => undone[index] = entry.before.as_deref(),
                _ => return Err(entry),
            }
        }
        let orphan = self.lines.iter().find(|entry| orphans(entry, &current, &undone));
        if let Some(entry) = orphan.filter(|_| hash(text) != self.after) {
            return Err(entry);
        }
        Ok(undone.into_iter().flatten().collect::<Vec<_>>().join("\n"))
    }
}

/// True of an added line under which there are others since, which would then stand
/// under another key.
fn orphans(entry: &LineEntry, current: &[&str], undone: &[Option<&str>]) -> bool {
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let is_it = |&index: &usize| undone[index].is_none() && current[index] == entry.after;
    (0..current.len()).filter(is_it).any(|index| {
        let below = current[index + 1..].iter().zip(&undone[index + 1..]);
        let mut below = below.skip_while(|(_, undone)| undone.is_none()).map(|(line, _)| *line);
        let next = below.find(|line| !line.trim().is_empty() && !line.trim().starts_with('#'));
        next.is_some_and(|next| indentation(next) > indentation(&entry.after))
    })
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
            match on.put_first(on.write(&path, &text)?) {
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

    const BEFORE: &str = "a: x\r\nb: x\nc: y\nd: x";
    const AFTER: &str = "a: x\r\nb: y\nc: y\nd: y";

    #[test]
    fn a_file_is_given_back() {
        let entry = FileEntry::new("f", Some(BEFORE), AFTER);
        assert_eq!(entry.lines.len(), 2);
        assert_eq!(entry.undo(AFTER).unwrap(), BEFORE);
        // Interrupted before this file: nothing is to be undone.
        assert_eq!(entry.undo(BEFORE).unwrap(), BEFORE);
    }

    #[test]
    fn equal_lines_are_told_apart_by_their_order() {
        let (before, after) = ("a\nx\nb\na\n", "b\nx\nb\nb\n");
        let entry = FileEntry::new("f", Some(before), after);
        assert_eq!(entry.undo(after).unwrap(), before);
        assert_eq!(entry.undo("new\nb\nx\nb\nmore\nb\n").unwrap(), "new\na\nx\nb\nmore\na\n");
    }

    #[test]
    fn later_changes_elsewhere_stay_and_in_the_line_are_refused() {
        let entry = FileEntry::new("f", Some(BEFORE), AFTER);
        let moved = format!("# new\n{}", AFTER.replace("c: y", "c: z"));
        let back = format!("# new\n{}", BEFORE.replace("c: y", "c: z"));
        assert_eq!(entry.undo(&moved).unwrap(), back);
        assert_eq!(entry.undo(&AFTER.replace("b: y", "b: z")).unwrap_err().line, 2);
        assert_eq!(entry.undo(&format!("{AFTER}\nd: y")).unwrap_err().after, "d: y");
    }

    #[test]
    fn a_file_that_the_migration_did_not_come_to_stays_as_it_was_edited() {
        let entry = FileEntry::new("f", Some("a: x\nb: 1\n"), "a: y\nb: 1\nsub: z\n");
        let edited = "# mine\na: x\nb: 2\n";
        assert_eq!(entry.undo(edited).unwrap(), edited);
        // Half of it is no such file, and neither is one in which the line was changed.
        assert_eq!(entry.undo("a: y\nb: 2\n").unwrap_err().after, "sub: z");
        assert_eq!(entry.undo("a: w\nb: 2\n").unwrap_err().after, "a: y");
        let added = FileEntry::new("f", Some("b: 1\n"), "b: 1\nsub: z\n");
        assert_eq!(added.undo("b: 1\nsub: w\n").unwrap_err().after, "sub: z");
    }

    #[test]
    fn added_lines_go_unless_something_was_put_under_them() {
        let (before, after) = ("a: x\nb: 1", "a: y\nb: 1\nsub:\n  image: z");
        let entry = FileEntry::new("f", Some(before), after);
        assert_eq!(entry.lines.iter().filter(|line| line.before.is_none()).count(), 2);
        assert_eq!(entry.undo(after).unwrap(), before);
        assert_eq!(entry.undo(&format!("{after}\nc: 2\n")).unwrap(), "a: x\nb: 1\nc: 2\n");
        assert_eq!(entry.undo(&format!("{after}\n  more: 1\n")).unwrap_err().after, "sub:");
    }

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
