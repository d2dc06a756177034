//! A process that is killed at a point that is told: this test's own binary, run again. What
//! writes files calls a writer that ends there, as a kill would.

use migrate::files::{Changes, Disk, NEW};
use std::cell::Cell;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The points of a file that is replaced: before the new one is there, with half of it, with
/// all of it, and when it has taken the old one's place.
pub(crate) const POINTS: usize = 4;
/// Those of one that is removed.
pub(crate) const REMOVED: usize = 2;

/// Writes files until it ends the process.
pub(crate) struct Killed {
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

/// In the process that is killed: what it is to do, with which writer, and where.
pub(crate) fn child() -> Option<(String, Killed, PathBuf)> {
    let line = std::env::var("MIGRATE_TEST_CHILD").ok()?;
    let (what, rest) = line.split_once(' ').unwrap();
    let (point, root) = rest.split_once(' ').unwrap();
    let killed = Killed { left: Cell::new(point.parse().unwrap()) };
    Some((what.to_owned(), killed, PathBuf::from(root)))
}

/// Runs the test `child` of this binary; true when it came to its end.
pub(crate) fn run(what: &str, point: usize, root: &Path) -> bool {
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--test-threads=1"])
        .env("MIGRATE_TEST_CHILD", format!("{what} {point} {}", root.display()))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    status.success()
}
