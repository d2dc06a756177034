//! A process that is killed at any point of a migration or of its rollback leaves whole
//! files, and a rollback gives back every byte.
//!
//! The killed process is this test's own binary, run again with the point at which it is
//! to end: what writes files calls a writer that aborts there, as a kill would.
#![allow(clippy::unwrap_used)]

mod tree;

use migrate::apply::apply_on;
use migrate::files::{Changes, Disk, NEW};
use migrate::migration::{ChartChange, FileChange, Migration};
use migrate::rollback::{How, rollback, rollback_on};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use tree::files;

const CHARTS: usize = 5;
const FILES: usize = 6;
/// Before the new file is there, with half of it, with all of it, and when it has taken
/// the old one's place.
const POINTS: usize = 4;

fn migration() -> Migration {
    let file = |chart: usize, number: usize| FileChange {
        path: format!("chart{chart}/f{number}"),
        // The last one is not there before.
        before: (number + 1 < FILES).then(|| format!("a: x\r\nn: {number}\n")),
        after: format!("a: longer\r\nn: {number}\nmore: 1\n"),
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

/// Writes files until it ends the process.
struct Killed {
    left: Cell<usize>,
}

impl Killed {
    fn point(&self) {
        match self.left.get() {
            // As a kill, this runs no destructor; unlike an abort, it writes no core.
            0 => std::process::exit(1),
            left => self.left.set(left - 1),
        }
    }
}

impl Changes for Killed {
    fn replace(&self, file: &Path, text: &str) -> io::Result<()> {
        self.point();
        let new = file.parent().unwrap().join(format!("{NEW}x"));
        fs::write(&new, &text[..text.len() / 2])?;
        self.point();
        fs::write(&new, text)?;
        self.point();
        fs::rename(&new, file)?;
        self.point();
        Ok(())
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        self.point();
        Disk.remove(file)?;
        self.point();
        Ok(())
    }
}

/// The process that is killed: it does nothing when the tests are run.
#[test]
fn child() {
    let Ok(line) = std::env::var("MIGRATE_TEST_CHILD") else { return };
    let (what, rest) = line.split_once(' ').unwrap();
    let (point, root) = rest.split_once(' ').unwrap();
    let killed = Killed { left: Cell::new(point.parse().unwrap()) };
    match what {
        "apply" => drop(apply_on(&killed, Path::new(root), &migration()).unwrap()),
        _ => drop(rollback_on(&killed, Path::new(root), |_| true, How::default()).unwrap()),
    }
}

/// True when the process came to its end.
fn run(what: &str, point: usize, root: &Path) -> bool {
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--test-threads=1"])
        .env("MIGRATE_TEST_CHILD", format!("{what} {point} {}", root.display()))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    status.success()
}

fn lay_out(root: &Path) {
    for file in migration().charts.iter().flat_map(|chart| &chart.files) {
        let path = root.join(&file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        if let Some(before) = &file.before {
            fs::write(path, before).unwrap();
        }
    }
}

/// Kills a process at each point until one comes to its end; gives the number of points.
fn killed_everywhere(what: &str, begin: fn(&Path)) -> usize {
    for point in 0.. {
        let dir = tempfile::tempdir().unwrap();
        lay_out(dir.path());
        let before = files(dir.path());
        begin(dir.path());
        let ended = run(what, point, dir.path());
        for file in migration().charts.iter().flat_map(|chart| &chart.files) {
            let text = fs::read_to_string(dir.path().join(&file.path)).ok();
            let is_whole = text == file.before || text.as_ref() == Some(&file.after);
            assert!(is_whole, "{what} {point}: {text:?}");
        }
        let undone = rollback(dir.path(), |_| true, How::default()).unwrap();
        assert!(undone.kept.is_empty(), "{what} {point}: {:?}", undone.kept);
        assert_eq!(files(dir.path()), before, "{what} {point}");
        assert!(!dir.path().join(".chart-images").exists(), "{what} {point}");
        if ended {
            return point;
        }
    }
    0
}

#[test]
fn a_migration_killed_at_any_point_is_taken_back() {
    let points = killed_everywhere("apply", |_| {});
    assert_eq!(points, (1 + CHARTS * FILES) * POINTS);
}

#[test]
fn a_rollback_killed_at_any_point_is_taken_to_its_end() {
    let begin = |root: &Path| drop(apply_on(&Disk, root, &migration()).unwrap());
    let points = killed_everywhere("rollback", begin);
    // After each chart the journal is written; after the last one it is removed, as is the
    // file of each chart that was not there.
    assert_eq!(points, (CHARTS * (FILES - 1) + CHARTS - 1) * POINTS + (CHARTS + 1) * 2);
}
