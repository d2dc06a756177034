//! The file of what was found.

use chart_images::sibling::{Failure, replace};
use chart_lint::verified::{self, Entry, PATH, Verified};
use std::fs;
use std::path::Path;

/// What was found earlier.
pub(crate) fn read(root: &Path) -> Result<Verified, Failure> {
    let found = verified::read(&root.join(PATH)).map_err(|error| {
        Failure::new(format!("{PATH} is wrong: {error}"))
            .help("restore it from Git, or delete it: it is written anew")
    })?;
    Ok(found.unwrap_or_default())
}

/// Keeps what was found, beside what is known of other images. The file is read once more:
/// another run may have written it meanwhile.
pub(crate) fn keep<'e>(
    root: &Path,
    entries: impl Iterator<Item = &'e Entry>,
) -> Result<(), Failure> {
    let mut entries = entries.peekable();
    if entries.peek().is_none() {
        return Ok(());
    }
    let file = root.join(PATH);
    let folder = file.parent().unwrap_or(root);
    // A repository may hold a link to anywhere under this name.
    for path in [folder, &file] {
        if path.symlink_metadata().is_ok_and(|meta| meta.is_symlink()) {
            let message =
                format!("{} is a link, and nothing is written through it", path.display());
            return Err(Failure::new(message).help("remove it"));
        }
    }
    fs::create_dir_all(folder)
        .map_err(|error| Failure::new(format!("{} cannot be made: {error}", folder.display())))?;
    let mut all = read(root)?;
    entries.cloned().for_each(|entry| all.insert(entry));
    replace(&file, &all.to_text())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chart_lint::verified::{Answer, Moment};

    fn entry(target: &str) -> Entry {
        Entry {
            reference: "a.io/b:1".into(),
            target: target.into(),
            answer: Answer::Identical,
            source_digest: None,
            target_digest: None,
            platforms: Vec::new(),
            lost: Vec::new(),
            asked: Moment::EPOCH,
            said: String::new(),
        }
    }

    #[test]
    fn earlier_entries_are_kept() {
        let dir = tempfile::tempdir().unwrap();
        keep(dir.path(), [entry("c.io/b:1")].iter()).ok().unwrap();
        keep(dir.path(), [entry("d.io/b:1")].iter()).ok().unwrap();
        keep(dir.path(), [].iter()).ok().unwrap();
        assert_eq!(read(dir.path()).ok().unwrap().entries().count(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link() {
        let dir = tempfile::tempdir().unwrap();
        let elsewhere = dir.path().join("precious");
        fs::write(&elsewhere, "mine").unwrap();
        fs::create_dir(dir.path().join(".chart-images")).unwrap();
        std::os::unix::fs::symlink(&elsewhere, dir.path().join(PATH)).unwrap();
        assert!(keep(dir.path(), [entry("c.io/b:1")].iter()).is_err());
        assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "mine");
    }
}
