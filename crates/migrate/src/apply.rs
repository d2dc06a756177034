//! Writes a migration that was proved.

use crate::files::{self, Changes, Disk};
use crate::journal::{Change, ChartEntry, FileEntry, Journal};
use crate::migration::Migration;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Writes the journal, then the files. Interrupted at any point, every file is as it was
/// or as it is to be, and [`crate::rollback::rollback`] takes back what was done. Gives
/// the path of the journal; `None` when there was nothing to do.
///
/// # Errors
/// When a file changed since it was read, or cannot be written: the file, and why.
pub fn apply(root: &Path, migration: &Migration) -> Result<Option<PathBuf>, (PathBuf, String)> {
    apply_on(&Disk, root, migration)
}

/// [`apply`], on something else than a disk.
///
/// # Errors
/// As there.
pub fn apply_on(
    on: &dyn Changes,
    root: &Path,
    migration: &Migration,
) -> Result<Option<PathBuf>, (PathBuf, String)> {
    if let Some((journal, chart)) = interrupted(root)? {
        let why = format!(
            "this migration was interrupted in {chart}; take it back with `rollback` first"
        );
        return Err((journal, why));
    }
    let files = || migration.charts.iter().flat_map(|chart| &chart.files);
    for file in files() {
        let path = root.join(&file.path);
        match files::text(&path) {
            Ok(Some(_)) if path.metadata().is_ok_and(|meta| meta.permissions().readonly()) => {
                return Err((
                    path,
                    "it may only be read; make it writable, or leave it out".to_owned(),
                ));
            }
            Ok(text) if text == file.before => {}
            Ok(_) => return Err((path, "it changed since it was read; run again".to_owned())),
            Err(error) => return Err((path, error.to_string())),
        }
    }
    let charts = migration.charts.iter().map(|chart| ChartEntry {
        chart: chart.chart.clone(),
        version: chart.version.as_ref().map(Change::from),
        moved: BTreeSet::from_iter(chart.moved.values().map(Change::from)).into_iter().collect(),
        back: None,
        files: chart
            .files
            .iter()
            .map(|file| FileEntry::new(&file.path, file.before.as_deref(), &file.after))
            .collect(),
    });
    let journal = Journal { version: 1, charts: charts.collect() };
    if journal.charts.is_empty() {
        return Ok(None);
    }
    let written = journal
        .write(root, on)
        .map_err(|error| (root.join(crate::journal::FOLDER), error.to_string()))?;
    for file in files() {
        let path = root.join(&file.path);
        files::replace_only(on, &path, file.before.as_deref(), Some(&file.after))
            .map_err(|why| (path, why))?;
    }
    Ok(Some(written))
}

/// The journal of a migration that ended between two files of a chart, and the chart: a
/// second one on top would take what is half done for the beginning.
fn interrupted(root: &Path) -> Result<Option<(PathBuf, String)>, (PathBuf, String)> {
    let Some((path, journal)) = Journal::all(root)?.into_iter().next() else { return Ok(None) };
    let is_half = |chart: &&ChartEntry| {
        let state = |file: &FileEntry| {
            let now = files::text(&root.join(&file.path)).ok().flatten();
            let now = now.map(|text| files::hash(&text));
            (now == file.before, now.as_ref() == Some(&file.after))
        };
        let states: Vec<(bool, bool)> = chart.files.iter().map(state).collect();
        states.contains(&(true, false)) && states.contains(&(false, true))
    };
    let half = journal.charts.iter().find(is_half).map(|chart| chart.chart.clone());
    Ok(half.map(|chart| (path, chart)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migration::{ChartChange, FileChange};
    use crate::rollback::{How, rollback, rollback_on};
    use std::cell::Cell;
    use std::collections::BTreeMap;
    use std::fs;
    use std::io;

    const FILES: usize = 6;

    fn migration() -> Migration {
        let file = |number: usize| FileChange {
            path: format!("chart{}/f{number}", number % 2),
            before: Some(format!("a: x\r\nn: {number}\n")),
            after: format!("a: y\r\nn: {number}\n"),
            edits: Vec::new(),
        };
        let chart = |odd: usize| ChartChange {
            chart: format!("chart{odd}"),
            version: None,
            moved: BTreeMap::new(),
            overridden: Default::default(),
            files: (0..FILES).filter(|number| number % 2 == odd).map(file).collect(),
        };
        Migration { charts: vec![chart(0), chart(1)], refused: Vec::new(), notes: Vec::new() }
    }

    fn lay_out(root: &Path, migration: &Migration) {
        for file in migration.charts.iter().flat_map(|chart| &chart.files) {
            let path = root.join(&file.path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file.text()).unwrap();
        }
    }

    fn texts(root: &Path, migration: &Migration) -> Vec<String> {
        let files = migration.charts.iter().flat_map(|chart| &chart.files);
        files.map(|file| fs::read_to_string(root.join(&file.path)).unwrap()).collect()
    }

    /// A disk that is full after some files.
    struct FullDisk {
        written: Cell<usize>,
        last: usize,
    }

    impl Changes for FullDisk {
        fn replace(&self, file: &Path, text: &str) -> io::Result<()> {
            if self.written.replace(self.written.get() + 1) == self.last {
                return Err(io::Error::from(io::ErrorKind::StorageFull));
            }
            Disk.replace(file, text)
        }

        fn remove(&self, file: &Path) -> io::Result<()> {
            Disk.remove(file)
        }
    }

    #[test]
    fn a_migration_that_ends_at_any_write_can_be_taken_back() {
        let migration = migration();
        for last in 0..=FILES + 1 {
            let dir = tempfile::tempdir().unwrap();
            lay_out(dir.path(), &migration);
            let before = texts(dir.path(), &migration);
            let disk = FullDisk { written: Cell::new(0), last };
            let result = apply_on(&disk, dir.path(), &migration);
            assert_eq!(result.is_ok(), last == FILES + 1);
            let changed =
                texts(dir.path(), &migration).iter().zip(&before).filter(|(a, b)| a != b).count();
            // The journal comes first.
            assert_eq!(changed, last.saturating_sub(1));
            let undone = rollback(dir.path(), |_| true, How::default()).unwrap();
            assert!(undone.kept.is_empty());
            assert_eq!(texts(dir.path(), &migration), before, "after {last} files");
            assert!(Journal::all(dir.path()).unwrap().is_empty());
        }
    }

    #[test]
    fn a_file_that_changed_meanwhile_stops_it_before_the_first_write() {
        let migration = migration();
        let dir = tempfile::tempdir().unwrap();
        lay_out(dir.path(), &migration);
        fs::write(dir.path().join("chart1/f5"), "mine").unwrap();
        let before = texts(dir.path(), &migration);
        let (file, why) = apply(dir.path(), &migration).unwrap_err();
        assert!(file.ends_with("chart1/f5"), "{}", file.display());
        assert!(why.contains("changed"), "{why}");
        assert_eq!(texts(dir.path(), &migration), before);
        assert!(Journal::all(dir.path()).unwrap().is_empty());
    }

    /// Somebody who changes the last file when a number of files is written.
    struct Editor<'a> {
        written: Cell<usize>,
        after: usize,
        file: &'a Path,
    }

    const EDITED: &str = "# mine\na: x\r\nn: 5\n";

    impl Changes for Editor<'_> {
        fn replace(&self, file: &Path, text: &str) -> io::Result<()> {
            Disk.replace(file, text)?;
            if self.written.replace(self.written.get() + 1) == self.after {
                fs::write(self.file, EDITED)?;
            }
            Ok(())
        }

        fn remove(&self, file: &Path) -> io::Result<()> {
            Disk.remove(file)
        }
    }

    #[test]
    fn a_file_that_changes_at_any_time_keeps_the_change() {
        let migration = migration();
        // The journal and all files but the last one.
        for after in 0..FILES {
            let dir = tempfile::tempdir().unwrap();
            lay_out(dir.path(), &migration);
            let mut before = texts(dir.path(), &migration);
            let file = dir.path().join("chart1/f5");
            let on = Editor { written: Cell::new(0), after, file: &file };
            let (named, why) = apply_on(&on, dir.path(), &migration).unwrap_err();
            assert_eq!(named, file);
            assert!(why.contains("changed"), "{why}");
            assert_eq!(fs::read_to_string(&file).unwrap(), EDITED, "after {after} writes");
            // What was done is taken back, and what was not is not.
            let undone = rollback(dir.path(), |_| true, How::default()).unwrap();
            assert!(undone.kept.is_empty(), "{:?}", undone.kept);
            before[FILES - 1] = EDITED.to_owned();
            assert_eq!(texts(dir.path(), &migration), before);
            assert!(Journal::all(dir.path()).unwrap().is_empty());
        }
    }

    #[test]
    fn a_file_that_changes_during_a_rollback_keeps_the_change() {
        let migration = migration();
        let dir = tempfile::tempdir().unwrap();
        lay_out(dir.path(), &migration);
        let mut before = texts(dir.path(), &migration);
        apply(dir.path(), &migration).unwrap();
        let file = dir.path().join("chart1/f5");
        // The first chart, its journal, and one file.
        let on = Editor { written: Cell::new(0), after: FILES / 2 + 1, file: &file };
        let (named, why) = rollback_on(&on, dir.path(), |_| true, How::default()).unwrap_err();
        assert_eq!(named, file);
        assert!(why.contains("changed"), "{why}");
        assert_eq!(fs::read_to_string(&file).unwrap(), EDITED);
        rollback(dir.path(), |_| true, How::default()).unwrap();
        before[FILES - 1] = EDITED.to_owned();
        assert_eq!(texts(dir.path(), &migration), before);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_may_only_be_read_stops_it_before_the_first_write() {
        use std::os::unix::fs::PermissionsExt;
        let migration = migration();
        let dir = tempfile::tempdir().unwrap();
        lay_out(dir.path(), &migration);
        let before = texts(dir.path(), &migration);
        let file = dir.path().join("chart1/f5");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
        let (named, why) = apply(dir.path(), &migration).unwrap_err();
        assert_eq!(named, file);
        assert!(why.contains("writable"), "{why}");
        assert_eq!(texts(dir.path(), &migration), before);
        assert!(Journal::all(dir.path()).unwrap().is_empty());
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        apply(dir.path(), &migration).unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[test]
    fn what_was_interrupted_is_taken_back_before_more_is_done() {
        let migration = migration();
        let dir = tempfile::tempdir().unwrap();
        lay_out(dir.path(), &migration);
        // The journal and one file of three.
        let disk = FullDisk { written: Cell::new(0), last: 2 };
        apply_on(&disk, dir.path(), &migration).unwrap_err();
        let after = texts(dir.path(), &migration);
        let (journal, why) = apply(dir.path(), &migration).unwrap_err();
        assert!(journal.ends_with("0001.json") && why.contains("chart0"), "{why}");
        assert_eq!(texts(dir.path(), &migration), after);
        rollback(dir.path(), |_| true, How::default()).unwrap();
        apply(dir.path(), &migration).unwrap();
    }

    #[test]
    fn a_chart_that_was_changed_since_stays_as_a_whole() {
        let migration = migration();
        let dir = tempfile::tempdir().unwrap();
        lay_out(dir.path(), &migration);
        apply(dir.path(), &migration).unwrap();
        fs::write(dir.path().join("chart1/f5"), "a: z\n").unwrap();
        let after = texts(dir.path(), &migration);
        let undone = rollback(dir.path(), |_| true, How::default()).unwrap();
        assert_eq!(undone.restored.len(), 1);
        assert_eq!(undone.kept.len(), 1);
        assert!(undone.kept[0].because.contains("chart1/f5"), "{}", undone.kept[0].because);
        assert_eq!(texts(dir.path(), &migration)[3..], after[3..]);
        // The journal still knows how to give the rest back.
        fs::write(dir.path().join("chart1/f5"), "a: y\r\nn: 5\n# more\n").unwrap();
        assert!(rollback(dir.path(), |_| true, How::default()).unwrap().kept.is_empty());
        let text = fs::read_to_string(dir.path().join("chart1/f5")).unwrap();
        assert_eq!(text, "a: x\r\nn: 5\n# more\n");
    }

    #[test]
    fn a_journal_that_leads_out_writes_nothing_there() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("root");
        fs::create_dir_all(&root).unwrap();
        fs::write(dir.path().join("mine"), "after").unwrap();
        let files = vec![FileEntry::new("../mine", Some("before"), "after")];
        let charts = vec![ChartEntry {
            chart: "c".to_owned(),
            version: None,
            moved: Vec::new(),
            back: None,
            files,
        }];
        Journal { version: 1, charts }.write(&root, &Disk).unwrap();
        let undone = rollback(&root, |_| true, How::default()).unwrap();
        assert!(undone.kept[0].because.contains("leads out"), "{}", undone.kept[0].because);
        assert_eq!(fs::read_to_string(dir.path().join("mine")).unwrap(), "after");
    }
}
