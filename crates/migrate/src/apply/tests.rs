use super::*;
use crate::files::New;
use crate::migration::{ChartChange, FileChange};
use crate::rollback::{How, rollback, rollback_on};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

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

/// A disk that is full after some files are written, or some put in their places.
struct FullDisk {
    writes: AtomicUsize,
    puts: AtomicUsize,
}

impl FullDisk {
    fn after(writes: usize, puts: usize) -> Self {
        Self { writes: AtomicUsize::new(writes), puts: AtomicUsize::new(puts) }
    }
}

fn take(left: &AtomicUsize) -> io::Result<()> {
    let one_less = |left: usize| left.checked_sub(1);
    let taken = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less);
    taken.map(drop).map_err(|_| io::Error::from(io::ErrorKind::StorageFull))
}

impl Changes for FullDisk {
    fn write(&self, file: &Path, text: &str) -> io::Result<New> {
        take(&self.writes)?;
        New::write(file, text)
    }

    fn put(&self, new: New) -> io::Result<()> {
        take(&self.puts)?;
        new.put()
    }

    fn put_first(&self, new: New) -> io::Result<()> {
        take(&self.puts)?;
        new.put_first()
    }
}

#[test]
fn without_room_for_all_files_none_is_changed() {
    let migration = migration();
    for writes in 0..=FILES {
        let dir = tempfile::tempdir().unwrap();
        lay_out(dir.path(), &migration);
        let before = texts(dir.path(), &migration);
        apply_on(&FullDisk::after(writes, FILES + 1), dir.path(), &migration).unwrap_err();
        assert_eq!(texts(dir.path(), &migration), before, "after {writes} writes");
        assert!(!dir.path().join(".chart-images").exists(), "after {writes} writes");
        for chart in ["chart0", "chart1"] {
            let left = fs::read_dir(dir.path().join(chart)).unwrap().count();
            assert_eq!(left, FILES / 2, "after {writes} writes");
        }
    }
}

#[test]
fn a_migration_that_ends_at_any_write_can_be_taken_back() {
    let migration = migration();
    for puts in 0..=FILES + 1 {
        let dir = tempfile::tempdir().unwrap();
        lay_out(dir.path(), &migration);
        let before = texts(dir.path(), &migration);
        let disk = FullDisk::after(FILES + 1, puts);
        let result = apply_on(&disk, dir.path(), &migration);
        assert_eq!(result.is_ok(), puts == FILES + 1);
        let changed =
            texts(dir.path(), &migration).iter().zip(&before).filter(|(a, b)| a != b).count();
        // The journal comes first.
        assert_eq!(changed, puts.saturating_sub(1));
        let undone = rollback(dir.path(), |_| true, How::default()).unwrap();
        assert!(undone.kept.is_empty());
        assert_eq!(texts(dir.path(), &migration), before, "after {puts} files");
        assert!(Journal::all(dir.path()).unwrap().is_empty());
    }
}

#[test]
fn what_an_interrupt_left_goes_with_the_next_migration() {
    let migration = migration();
    let dir = tempfile::tempdir().unwrap();
    lay_out(dir.path(), &migration);
    std::mem::forget(New::write(&dir.path().join("chart0/f0"), "new").unwrap());
    apply(dir.path(), &migration).unwrap();
    assert_eq!(fs::read_dir(dir.path().join("chart0")).unwrap().count(), FILES / 2);
}

#[test]
fn a_file_that_changed_meanwhile_stops_it_before_the_first_write() {
    let migration = migration();
    let dir = tempfile::tempdir().unwrap();
    lay_out(dir.path(), &migration);
    fs::write(dir.path().join("chart1/f5"), "mine").unwrap();
    let before = texts(dir.path(), &migration);
    let Failed { file, why, is_begun } = apply(dir.path(), &migration).unwrap_err();
    assert!(file.ends_with("chart1/f5"), "{}", file.display());
    assert!(why.contains("changed") && !is_begun, "{why}");
    assert_eq!(texts(dir.path(), &migration), before);
    assert!(Journal::all(dir.path()).unwrap().is_empty());
}

/// Somebody who changes the last file when a number of files of its chart is written, which
/// happens in order.
struct Editor<'a> {
    written: AtomicUsize,
    after: usize,
    file: &'a Path,
}

const EDITED: &str = "# mine\na: x\r\nn: 5\n";

impl Changes for Editor<'_> {
    fn put_first(&self, new: New) -> io::Result<()> {
        new.put_first()?;
        self.edit()
    }

    fn put(&self, new: New) -> io::Result<()> {
        let is_of_chart = new.file().parent() == self.file.parent();
        new.put()?;
        if is_of_chart { self.edit() } else { Ok(()) }
    }
}

impl Editor<'_> {
    fn edit(&self) -> io::Result<()> {
        if self.written.fetch_add(1, Ordering::Relaxed) == self.after {
            fs::write(self.file, EDITED)?;
        }
        Ok(())
    }
}

#[test]
fn a_file_that_changes_at_any_time_keeps_the_change() {
    let migration = migration();
    // The journal and all files of the chart but the last one.
    for after in 0..FILES / 2 {
        let dir = tempfile::tempdir().unwrap();
        lay_out(dir.path(), &migration);
        let mut before = texts(dir.path(), &migration);
        let file = dir.path().join("chart1/f5");
        let on = Editor { written: AtomicUsize::new(0), after, file: &file };
        let Failed { file: named, why, is_begun } =
            apply_on(&on, dir.path(), &migration).unwrap_err();
        assert_eq!(named, file);
        assert!(why.contains("changed") && is_begun, "{why}");
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
    // One file of its chart.
    let on = Editor { written: AtomicUsize::new(0), after: 0, file: &file };
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
    let Failed { file: named, why, .. } = apply(dir.path(), &migration).unwrap_err();
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
    let disk = FullDisk::after(FILES + 1, 2);
    apply_on(&disk, dir.path(), &migration).unwrap_err();
    let after = texts(dir.path(), &migration);
    let Failed { file: journal, why, .. } = apply(dir.path(), &migration).unwrap_err();
    // Charts are changed at once.
    assert!(journal.ends_with("0001.json"), "{}", journal.display());
    assert!(
        why.contains("`rollback --chart chart0`") || why.contains("`rollback --chart chart1`"),
        "{why}"
    );
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
fn a_journal_that_leads_out_writes_nothing_anywhere() {
    let hostile = |chart: &str, path: &str, before: &str| {
        let mut file = FileEntry::new(path, Some(before), "after");
        file.lines[0].before = Some(before.to_owned());
        let files = vec![file];
        let (chart, version) = (chart.to_owned(), None);
        let entry = ChartEntry { chart, version, moved: Vec::new(), files };
        Journal { version: 1, charts: vec![entry] }
    };
    for journal in [
        hostile("c", "../mine", "before"),
        hostile("c", "c/../../mine", "before"),
        hostile("../c", "../c/mine", "before"),
        hostile("c", "other/values.yaml", "before"),
        hostile(".", ".git/config", "before"),
        hostile("c", "c/.Git/config", "before"),
        hostile(".", ".chart-images/migrations/0001.json", "before"),
        hostile("c", "/etc/passwd", "before"),
        hostile("c", "c/values.yaml", "[core]\n\tfsmonitor = \"touch it\""),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("root");
        for path in ["mine", "root/.git/config", "root/c/values.yaml", "root/other/values.yaml"] {
            let file = dir.path().join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "after").unwrap();
        }
        journal.write(&root, &Disk).unwrap();
        let (named, why) = rollback(&root, |_| true, How::default()).unwrap_err();
        assert!(named.ends_with("0001.json"), "{why}");
        assert!(apply(&root, &migration()).is_err());
        for path in ["mine", "root/.git/config", "root/c/values.yaml", "root/other/values.yaml"] {
            assert_eq!(fs::read_to_string(dir.path().join(path)).unwrap(), "after", "{why}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_journal_that_is_a_link_is_not_written_through() {
    let other = tempfile::tempdir().unwrap();
    let files = vec![FileEntry::new("c/f", Some("before"), "after")];
    let entry = ChartEntry { chart: "c".to_owned(), version: None, moved: Vec::new(), files };
    let journal = Journal { version: 1, charts: vec![entry.clone(), entry] };
    let theirs = journal.write(other.path(), &Disk).unwrap();
    let text = fs::read_to_string(&theirs).unwrap();
    for name in ["0001.json", "raised.json"] {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join(crate::journal::FOLDER);
        fs::create_dir_all(&folder).unwrap();
        std::os::unix::fs::symlink(&theirs, folder.join(name)).unwrap();
        let (_, why) = rollback(dir.path(), |_| true, How::default()).unwrap_err();
        assert!(why.contains("is a link"), "{why}");
    }
    assert_eq!(fs::read_to_string(theirs).unwrap(), text);
}

#[test]
fn migrations_at_once_have_a_journal_each() {
    let dir = tempfile::tempdir().unwrap();
    let files = vec![FileEntry::new("c/f", Some("before"), "after")];
    let entry = ChartEntry { chart: "c".to_owned(), version: None, moved: Vec::new(), files };
    let journal = Journal { version: 1, charts: vec![entry] };
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| journal.write(dir.path(), &Disk).unwrap());
        }
    });
    assert_eq!(Journal::all(dir.path()).unwrap().len(), 8);
    // After the last number there is none.
    let folder = dir.path().join(crate::journal::FOLDER);
    fs::rename(folder.join("0008.json"), folder.join(format!("{}.json", u32::MAX))).unwrap();
    let why = journal.write(dir.path(), &Disk).unwrap_err().to_string();
    assert!(why.contains("no number is left"), "{why}");
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    use std::os::unix::fs::symlink;
    let dir = tempfile::tempdir().unwrap();
    let (root, outside) = (dir.path().join("root"), dir.path().join("outside"));
    fs::create_dir_all(&outside).unwrap();
    let migration = migration();
    lay_out(&root, &migration);
    let before = texts(&root, &migration);
    // A file, the folder of a chart, and that of the journals.
    let file = root.join("chart1/f5");
    fs::rename(&file, outside.join("f5")).unwrap();
    symlink(outside.join("f5"), &file).unwrap();
    let Failed { file: named, why, .. } = apply(&root, &migration).unwrap_err();
    assert!(named == file && why.contains("link"), "{why}");
    fs::remove_file(&file).unwrap();
    fs::rename(outside.join("f5"), &file).unwrap();

    fs::rename(root.join("chart1"), outside.join("chart1")).unwrap();
    symlink(outside.join("chart1"), root.join("chart1")).unwrap();
    assert!(apply(&root, &migration).unwrap_err().why.contains("link"));
    fs::remove_file(root.join("chart1")).unwrap();
    fs::rename(outside.join("chart1"), root.join("chart1")).unwrap();

    symlink(&outside, root.join(".chart-images")).unwrap();
    assert!(apply(&root, &migration).unwrap_err().why.contains("link"));
    assert!(rollback(&root, |_| true, How::default()).unwrap_err().1.contains("link"));
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);
    assert_eq!(texts(&root, &migration), before);
}
