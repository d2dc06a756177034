//! Writes a migration that was proved.

use crate::files;
use crate::journal::{ChartEntry, FileEntry, Journal};
use crate::migration::Migration;
use std::io;
use std::path::{Path, PathBuf};

/// Writes the journal, then the files. Interrupted at any point, every file is as it was
/// or as it is to be, and [`crate::rollback::rollback`] takes back what was done. Gives
/// the path of the journal; `None` when there was nothing to do.
///
/// # Errors
/// When a file changed since it was read, or cannot be written: the file, and why.
pub fn apply(root: &Path, migration: &Migration) -> Result<Option<PathBuf>, (PathBuf, String)> {
    write(root, migration, &files::replace)
}

fn write(
    root: &Path,
    migration: &Migration,
    replace: &dyn Fn(&Path, &str) -> io::Result<()>,
) -> Result<Option<PathBuf>, (PathBuf, String)> {
    let files = || migration.charts.iter().flat_map(|chart| &chart.files);
    for file in files() {
        let path = root.join(&file.path);
        match std::fs::read_to_string(&path) {
            Ok(text) if text == file.before => {}
            Ok(_) => return Err((path, "it changed since it was read; run again".to_owned())),
            Err(error) => return Err((path, error.to_string())),
        }
    }
    let charts = migration.charts.iter().map(|chart| ChartEntry {
        chart: chart.chart.clone(),
        files: chart
            .files
            .iter()
            .map(|file| FileEntry::new(&file.path, &file.before, &file.after))
            .collect(),
    });
    let journal = Journal { version: 1, charts: charts.collect() };
    if journal.charts.is_empty() {
        return Ok(None);
    }
    let written = journal
        .write(root)
        .map_err(|error| (root.join(crate::journal::FOLDER), error.to_string()))?;
    for file in files() {
        let path = root.join(&file.path);
        replace(&path, &file.after).map_err(|error| (path, error.to_string()))?;
    }
    Ok(Some(written))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migration::{ChartChange, FileChange};
    use crate::rollback::rollback;
    use std::cell::Cell;
    use std::collections::BTreeMap;
    use std::fs;

    const FILES: usize = 6;

    fn migration() -> Migration {
        let file = |number: usize| FileChange {
            path: format!("chart{}/f{number}", number % 2),
            before: format!("a: x\r\nn: {number}\n"),
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
        Migration { charts: vec![chart(0), chart(1)], refused: Vec::new() }
    }

    fn lay_out(root: &Path, migration: &Migration) {
        for file in migration.charts.iter().flat_map(|chart| &chart.files) {
            let path = root.join(&file.path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, &file.before).unwrap();
        }
    }

    fn texts(root: &Path, migration: &Migration) -> Vec<String> {
        let files = migration.charts.iter().flat_map(|chart| &chart.files);
        files.map(|file| fs::read_to_string(root.join(&file.path)).unwrap()).collect()
    }

    #[test]
    fn a_migration_that_ends_at_any_write_can_be_taken_back() {
        let migration = migration();
        for last in 0..=FILES {
            let dir = tempfile::tempdir().unwrap();
            lay_out(dir.path(), &migration);
            let before = texts(dir.path(), &migration);
            let written = Cell::new(0);
            let full_disk = |path: &Path, text: &str| {
                if written.replace(written.get() + 1) == last {
                    return Err(io::Error::from(io::ErrorKind::StorageFull));
                }
                files::replace(path, text)
            };
            let result = write(dir.path(), &migration, &full_disk);
            assert_eq!(result.is_ok(), last == FILES);
            let changed =
                texts(dir.path(), &migration).iter().zip(&before).filter(|(a, b)| a != b).count();
            assert_eq!(changed, last);
            let undone = rollback(dir.path(), |_| true, false).unwrap();
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

    #[test]
    fn a_chart_that_was_changed_since_stays_as_a_whole() {
        let migration = migration();
        let dir = tempfile::tempdir().unwrap();
        lay_out(dir.path(), &migration);
        apply(dir.path(), &migration).unwrap();
        fs::write(dir.path().join("chart1/f5"), "a: z\n").unwrap();
        let after = texts(dir.path(), &migration);
        let undone = rollback(dir.path(), |_| true, false).unwrap();
        assert_eq!(undone.restored.len(), 1);
        assert_eq!(undone.kept.len(), 1);
        assert!(undone.kept[0].because.contains("chart1/f5"), "{}", undone.kept[0].because);
        assert_eq!(texts(dir.path(), &migration)[3..], after[3..]);
        // The journal still knows how to give the rest back.
        fs::write(dir.path().join("chart1/f5"), "a: y\r\nn: 5\n# more\n").unwrap();
        assert!(rollback(dir.path(), |_| true, false).unwrap().kept.is_empty());
        let text = fs::read_to_string(dir.path().join("chart1/f5")).unwrap();
        assert_eq!(text, "a: x\r\nn: 5\n# more\n");
    }

    #[test]
    fn a_journal_that_leads_out_writes_nothing_there() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("root");
        fs::create_dir_all(&root).unwrap();
        fs::write(dir.path().join("mine"), "after").unwrap();
        let files = vec![FileEntry::new("../mine", "before", "after")];
        let charts = vec![ChartEntry { chart: "c".to_owned(), files }];
        Journal { version: 1, charts }.write(&root).unwrap();
        let undone = rollback(&root, |_| true, false).unwrap();
        assert!(undone.kept[0].because.contains("leads out"), "{}", undone.kept[0].because);
        assert_eq!(fs::read_to_string(dir.path().join("mine")).unwrap(), "after");
    }
}
