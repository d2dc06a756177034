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
