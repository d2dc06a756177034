//! A process that is killed at a point that is told: this test's own binary, run again. What
//! writes files calls a writer that ends there, as a kill would.

use migrate::files::{Changes, Disk, NEW, NEW_ENDS, New};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The points of a file that is replaced: before the new one is there, with half of it, with
/// all of it, and when it has taken the old one's place.
pub(crate) const POINTS: usize = 4;
/// Those of one that is removed.
pub(crate) const REMOVED: usize = 2;

static NUMBER: AtomicUsize = AtomicUsize::new(0);

/// Writes files until it ends the process.
pub(crate) struct Killed {
    left: AtomicUsize,
}

impl Killed {
    fn point(&self) {
        let one_less = |left: usize| left.checked_sub(1);
        if self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less).is_err() {
            // As a kill, this runs no destructor; unlike an abort, it writes no core.
            std::process::exit(1);
        }
    }
}

impl Changes for Killed {
    fn write(&self, file: &Path, text: &str) -> io::Result<New> {
        self.point();
        // Files of a folder are written at once, each with a name of its own.
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let half = file.with_file_name(format!("{NEW}h{number:05}{NEW_ENDS}"));
        fs::write(&half, &text[..text.len() / 2])?;
        self.point();
        fs::remove_file(half)?;
        let new = New::write(file, text)?;
        self.point();
        Ok(new)
    }

    fn put(&self, new: New) -> io::Result<()> {
        new.put()?;
        self.point();
        Ok(())
    }

    fn put_first(&self, new: New) -> io::Result<()> {
        new.put_first()?;
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
    let killed = Killed { left: AtomicUsize::new(point.parse().unwrap()) };
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
