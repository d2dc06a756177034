//! What a journal has to say before files are taken back that were edited since.
//!
//! Interrupted, a rollback leaves some of them done. Where a migration only added lines to a
//! file, nothing in it tells that they are gone from somebody's change of them, so the journal
//! is told first what each file is and is to be.

use super::RestoredFile;
use crate::journal::{ChartEntry, FileEntry};
use crate::version;

/// The entry of a chart in which each file is told to be done when it is; `None` where that is
/// so already.
pub(super) fn entry(chart: &ChartEntry, files: &[RestoredFile], bump: bool) -> Option<ChartEntry> {
    let mut entry = chart.clone();
    let mut is_other = false;
    for file in &mut entry.files {
        let restored = files.iter().find(|one| one.path == file.path);
        let Some(RestoredFile { now, then: Some(then), .. }) = restored else { continue };
        let is_told = |entry: &FileEntry, text: &str| entry.undo(text).as_ref() == Ok(then);
        // What names a version goes another way, for which the lines are needed as they are.
        let keeps_lines = || bump && version::without(file, chart.version.as_ref()).0 != *file;
        if is_told(file, then) || !is_told(file, now) || keeps_lines() {
            continue;
        }
        let over_edits = FileEntry::new(&file.path, Some(then), now);
        if is_told(&over_edits, now) {
            *file = over_edits;
            is_other = true;
        }
    }
    is_other.then_some(entry)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Change;

    #[test]
    fn only_added_lines_under_edits_are_told_anew_and_lines_of_versions_stay() {
        let added = FileEntry::new("c/f", Some("a: x\n"), "a: x\nmore: 1\n");
        let version = Change { before: "1.0.0".to_owned(), after: "1.0.1".to_owned() };
        let chart = |file: &FileEntry| ChartEntry {
            chart: "c".to_owned(),
            version: Some(version.clone()),
            moved: Vec::new(),
            files: vec![file.clone()],
        };
        let restored = |now: &str, then: &str| {
            let (now, then) = (now.to_owned(), Some(then.to_owned()));
            [RestoredFile { path: "c/f".to_owned(), now, then }]
        };
        let edited = restored("a: x\nmore: 1\nmine: 1\n", "a: x\nmine: 1\n");
        for bump in [false, true] {
            let told = entry(&chart(&added), &edited, bump).unwrap();
            assert_eq!(told.files[0].undo(&edited[0].now).unwrap(), "a: x\nmine: 1\n");
            assert_eq!(told.files[0].undo("a: x\nmine: 1\n").unwrap(), "a: x\nmine: 1\n");
            // As the migration left it, what is there tells.
            let plain = restored("a: x\nmore: 1\n", "a: x\n");
            assert_eq!(entry(&chart(&added), &plain, bump), None);
        }
        // A version that is not taken back.
        let named = FileEntry::new("c/f", Some("v: 1.0.0\na: x\n"), "v: 1.0.1\na: x\nmore: 1\n");
        let edited = restored("v: 1.0.1\na: x\nmore: 1\nmine: 1\n", "v: 1.0.2\na: x\nmine: 1\n");
        assert_eq!(entry(&chart(&named), &edited, true), None);
    }
}
