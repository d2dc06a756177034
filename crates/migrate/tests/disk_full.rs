//! A disk that is really full, at each point of a migration and of its rollback: each file
//! is the old or the new one, and once there is room again a rollback gives back every byte.
//!
//! A small disk has to be mounted, so these tests are ignored unless they are asked for, as
//! scripts/disk-full.sh does for CI.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod tree;

use migrate::apply::apply;
use migrate::migration::{ChartChange, FileChange, Migration};
use migrate::rollback::{How, rollback};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;
use tree::files;

/// What a file takes at least.
const PAGE: usize = 4096;
const CHARTS: usize = 4;
const FILES: usize = 8;

/// A disk in memory, of a size in pages.
struct SmallDisk(TempDir);

impl SmallDisk {
    fn new(pages: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        mount(&["-t", "tmpfs", "-o", &format!("size={}", pages * PAGE), "small"], folder.path());
        Self(folder)
    }

    /// Adds room.
    fn grow(&self) {
        mount(&["-o", "remount,size=64m"], self.0.path());
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg(self.0.path()).status());
    }
}

fn mount(arguments: &[&str], at: &Path) {
    let said = Command::new("mount").args(arguments).arg(at).output().unwrap();
    assert!(
        said.status.success(),
        "this test has to mount a small disk; run it as root, or under \
         `unshare --map-root-user --mount`: {}",
        String::from_utf8_lossy(&said.stderr)
    );
}

/// Takes all that is left of a disk.
fn fill(disk: &SmallDisk) {
    use io::Write;
    let mut file = fs::File::create(disk.path().join("filler")).unwrap();
    while file.write_all(&[b'x'; PAGE]).is_ok() {}
}

/// Leaves so much of a full disk free.
fn leave(disk: &SmallDisk, pages: usize) {
    let filler = fs::OpenOptions::new().write(true).open(disk.path().join("filler")).unwrap();
    let left = filler.metadata().unwrap().len().checked_sub((pages * PAGE) as u64).unwrap();
    filler.set_len(left).unwrap();
}

/// Every file becomes a page longer.
fn migration() -> Migration {
    let file = |chart: usize, number: usize| FileChange {
        path: format!("chart{chart}/f{number}"),
        before: Some(format!("a: x\r\nn: {number}\n")),
        after: format!("a: {}\r\nn: {number}\n", "y".repeat(PAGE)),
        edits: Vec::new(),
    };
    let chart = |chart: usize| ChartChange {
        chart: format!("chart{chart}"),
        version: None,
        moved: BTreeMap::new(),
        overridden: Default::default(),
        files: (0..FILES).map(|number| file(chart, number)).collect(),
    };
    Migration { charts: (0..CHARTS).map(chart).collect(), refused: Vec::new(), notes: Vec::new() }
}

fn lay_out(root: &Path) {
    for file in migration().charts.iter().flat_map(|chart| &chart.files) {
        let path = root.join(&file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file.text()).unwrap();
    }
}

/// Fails on a file that is neither the old nor the new one, and on one that is none of
/// the migration's; gives how many are new.
fn new_files(root: &Path) -> usize {
    let mut new = 0;
    let mut known = 0;
    for file in migration().charts.iter().flat_map(|chart| &chart.files) {
        let text = fs::read_to_string(root.join(&file.path)).unwrap();
        assert!(text == file.text() || text == file.after, "{}: {} bytes", file.path, text.len());
        new += usize::from(text == file.after);
        known += 1;
    }
    let mut others = files(root);
    others.retain(|path, _| !path.starts_with(".chart-images/migrations"));
    assert_eq!(others.len(), known, "{:?}", others.keys());
    new
}

fn is_full(why: &str) -> bool {
    why.contains(&io::Error::from_raw_os_error(28).to_string())
}

/// Takes everything back on a disk that may be full; then with room.
fn give_back(disk: &SmallDisk, root: &Path) {
    match rollback(root, |_| true, How::default()) {
        Ok(undone) => assert!(undone.kept.is_empty(), "{:?}", undone.kept),
        Err((_, why)) => assert!(is_full(&why), "{why}"),
    }
    new_files(root);
    disk.grow();
    let undone = rollback(root, |_| true, How::default()).unwrap();
    assert!(undone.kept.is_empty(), "{:?}", undone.kept);
}

#[test]
#[ignore = "it mounts a small disk, for which it has to be root"]
fn a_migration_that_fills_the_disk_at_any_point_is_taken_back() {
    let (mut ends, mut journals) = (Vec::new(), Vec::new());
    for pages in 0.. {
        let disk = SmallDisk::new(600);
        let root = disk.path().join("repository");
        lay_out(&root);
        let before = files(&root);
        fill(&disk);
        leave(&disk, pages);
        let result = apply(&root, &migration());
        let new = new_files(&root);
        match &result {
            Ok(_) => assert_eq!(new, CHARTS * FILES),
            Err(failed) => assert!(is_full(&failed.why), "{}", failed.why),
        }
        // Without a journal nothing was begun, and nothing is left of the attempt.
        let has_journal = root.join(".chart-images/migrations/0001.json").exists();
        assert_eq!(root.join(".chart-images").exists(), has_journal);
        assert!(has_journal || new == 0);
        journals.push(has_journal);
        give_back(&disk, &root);
        assert_eq!(files(&root), before, "{pages} pages");
        assert!(!root.join(".chart-images").exists(), "{pages} pages");
        ends.push(new);
        if result.is_ok() {
            break;
        }
    }
    // It ended before the journal, in it, and at each of the new files, of which none takes
    // its place before there is room for all.
    assert!(journals.len() > 10 + CHARTS * FILES);
    assert_eq!(journals.iter().filter(|written| **written).count(), 1);
    ends.dedup();
    assert_eq!(ends, [0, CHARTS * FILES]);
}

#[test]
#[ignore = "it mounts a small disk, for which it has to be root"]
fn a_rollback_on_a_full_disk_is_taken_to_its_end() {
    let mut ends = Vec::new();
    for pages in 0.. {
        let disk = SmallDisk::new(600);
        let root = disk.path().join("repository");
        lay_out(&root);
        let before = files(&root);
        apply(&root, &migration()).unwrap();
        fill(&disk);
        leave(&disk, pages);
        let result = rollback(&root, |_| true, How::default());
        if let Err((_, why)) = &result {
            assert!(is_full(why), "{why}");
        }
        ends.push(new_files(&root));
        give_back(&disk, &root);
        assert_eq!(files(&root), before, "{pages} pages");
        if result.is_ok() {
            break;
        }
    }
    // Without any room nothing could be begun; each file that is given back makes room for
    // the next, so that little is enough.
    assert_eq!(ends.first(), Some(&(CHARTS * FILES)));
    assert_eq!(ends.last(), Some(&0));
}
