//! The new versions of a rollback that is under way, so that an interrupt raises none twice.
//!
//! They are written before the first file is changed and removed after the last one: charts
//! that were taken back, and those that follow them, whose turn may come after the journal of
//! the former is gone.

use super::Versions;
use crate::files::{self, Changes};
use crate::journal::{self, Change, FOLDER};
use crate::place;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};

/// The file, beside the journals.
pub(crate) const FILE: &str = "raised.json";

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Begun {
    /// The format of the file: 1.
    version: u32,
    raised: Vec<Raised>,
}

/// A chart and its version before and after.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raised {
    chart: String,
    version: Change,
}

/// The versions of an interrupted rollback; none where there is no such.
///
/// # Errors
/// When the file cannot be read or is none of ours: the file, and why.
pub(crate) fn read(root: &Path) -> Result<Versions, (PathBuf, String)> {
    let path = root.join(FOLDER).join(FILE);
    let failed = |why: String| (path.clone(), why);
    let folder = journal::folder(root).map_err(|error| failed(error.to_string()))?;
    let text = journal::no_link(&path).and_then(|()| files::text(&folder.join(FILE)));
    let Some(text) = text.map_err(|error| failed(error.to_string()))? else {
        return Ok(Versions::new());
    };
    let begun: Begun = serde_json::from_str(&text).map_err(|error| failed(error.to_string()))?;
    match begun.mistake() {
        Some(mistake) => Err(failed(mistake)),
        None => {
            let pair = |one: Raised| (one.chart, (one.version.before, one.version.after));
            Ok(begun.raised.into_iter().map(pair).collect())
        }
    }
}

/// Nothing else is to be changed before that is finished.
///
/// # Errors
/// The file of an interrupted rollback, and what to do.
pub(crate) fn none(root: &Path) -> Result<(), (PathBuf, String)> {
    match read(root)?.is_empty() {
        true => Ok(()),
        false => Err((
            root.join(FOLDER).join(FILE),
            "a rollback to new versions was interrupted; finish it with `rollback --bump` first"
                .to_owned(),
        )),
    }
}

/// Writes what is about to be raised.
///
/// # Errors
/// The file, and what the system says.
pub(crate) fn write(
    root: &Path,
    versions: &Versions,
    on: &dyn Changes,
) -> Result<(), (PathBuf, String)> {
    let path = root.join(FOLDER).join(FILE);
    let failed = |error: io::Error| (path.clone(), error.to_string());
    let one = |(chart, version): (&String, &(String, String))| Raised {
        chart: chart.clone(),
        version: Change::from(version),
    };
    let begun = Begun { version: 1, raised: versions.iter().map(one).collect() };
    let text = serde_json::to_string_pretty(&begun).map_err(|error| failed(error.into()))? + "\n";
    let folder = journal::folder(root).map_err(failed)?;
    on.replace(&path, &text).map_err(failed)?;
    files::sync_folder(&folder);
    Ok(())
}

/// Removes it: everything is done.
///
/// # Errors
/// The file, and what the system says.
pub(crate) fn remove(root: &Path, on: &dyn Changes) -> Result<(), (PathBuf, String)> {
    let path = root.join(FOLDER).join(FILE);
    match on.remove(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err((path, error.to_string())),
        _ => {
            journal::remove_empty(&path);
            Ok(())
        }
    }
}

impl Begun {
    /// What it must not say: a pull request can change it, and versions are written into charts.
    fn mistake(&self) -> Option<String> {
        if self.version != 1 {
            return Some(format!("version {} is not known here", self.version));
        }
        self.raised.iter().find_map(|Raised { chart, version }| {
            if chart != "." && !place::is_plain(chart) {
                return Some(format!("`{chart}` leads out of the repository"));
            }
            version.wrong_version().map(|wrong| format!("`{wrong}` is no version"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Disk;
    use std::fs;

    #[test]
    fn what_is_written_is_read_and_goes_with_its_folders() {
        let dir = tempfile::tempdir().unwrap();
        assert!(read(dir.path()).unwrap().is_empty());
        let pair = ("1.0.1".to_owned(), "1.0.2-rc.1+x".to_owned());
        let versions = Versions::from([("charts/a".to_owned(), pair)]);
        fs::create_dir_all(dir.path().join(FOLDER)).unwrap();
        write(dir.path(), &versions, &Disk).unwrap();
        assert_eq!(read(dir.path()).unwrap(), versions);
        remove(dir.path(), &Disk).unwrap();
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
        remove(dir.path(), &Disk).unwrap();
    }

    #[test]
    fn what_would_be_written_elsewhere_or_as_something_else_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join(FOLDER)).unwrap();
        let with = |number: u32, chart: &str, after: &str| {
            let text = format!(
                r#"{{"version":{number},"raised":[{{"chart":"{chart}","version":{{"before":"1.0.0","after":"{after}"}}}}]}}"#
            );
            fs::write(dir.path().join(FOLDER).join(FILE), text).unwrap();
            read(dir.path())
        };
        assert_eq!(with(1, "a", "1.0.1").unwrap().len(), 1);
        for (number, chart, after) in [
            (1, "../a", "1.0.1"),
            (1, "a", "1.0.1\\nname: b"),
            (1, "a", ""),
            (1, "a", "-"),
            (2, "a", "1.0.1"),
            (1, "a/.git", "1.0.1"),
        ] {
            let (file, _) = with(number, chart, after).unwrap_err();
            assert!(file.ends_with(FILE), "{chart} {after}");
        }
    }
}
