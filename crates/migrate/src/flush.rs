//! Has files on disk, so that a failure of the machine leaves no half of one.

use chart_lint::check::parallel;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// From how many files on the whole file system is flushed, where the system can: a disk is
/// waited for once then, not for each file.
const MANY: usize = 32;

/// How many files are flushed at once.
const AT_ONCE: usize = 8;

/// Waits until files that were written are on disk.
///
/// # Errors
/// What the system says, of a full disk for instance.
pub(crate) fn all(files: &[&Path]) -> io::Result<()> {
    if files.len() >= MANY && file_systems(files)? {
        return Ok(());
    }
    parallel::map_waiting(AT_ONCE, files, |file| one(file)).into_iter().collect()
}

fn one(file: &Path) -> io::Result<()> {
    // Some systems flush only what they would let be written.
    let open = OpenOptions::new().write(true).open(file).or_else(|_| File::open(file));
    open?.sync_all()
}

/// Flushes the file systems of some files; false where the system cannot.
#[cfg(target_os = "linux")]
fn file_systems(files: &[&Path]) -> io::Result<bool> {
    use std::collections::BTreeSet;
    use std::os::unix::fs::MetadataExt;
    let mut done = BTreeSet::new();
    let folders: BTreeSet<&Path> = files.iter().filter_map(|file| file.parent()).collect();
    for folder in folders {
        let folder = File::open(folder)?;
        if done.insert(folder.metadata()?.dev()) {
            rustix::fs::syncfs(&folder)?;
        }
    }
    Ok(true)
}

#[cfg(not(target_os = "linux"))]
fn file_systems(_: &[&Path]) -> io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_files_and_many_are_flushed_and_a_missing_one_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let paths: Vec<_> = (0..MANY).map(|n| dir.path().join(n.to_string())).collect();
        paths.iter().for_each(|path| std::fs::write(path, "text").unwrap());
        let files: Vec<&Path> = paths.iter().map(|path| path.as_path()).collect();
        all(&files).unwrap();
        all(&files[..2]).unwrap();
        all(&[]).unwrap();
        assert!(all(&[&dir.path().join("none")]).is_err());
    }
}
