//! Files, read and replaced whole.

use crate::flush;
use chart_lint::check::parallel;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tempfile::TempPath;

/// How the names of files begin that are written to take the place of another; an
/// interrupt leaves them behind. Six letters and digits follow, and [`NEW_ENDS`].
pub const NEW: &str = ".chart-images-";
/// How their names end.
pub const NEW_ENDS: &str = ".new";

/// No file of a chart is larger, and no journal.
const LARGEST: u64 = 64 << 20;

/// What changes files. There is one, [`Disk`]; tests have others, which end at any point.
pub trait Changes: Sync {
    /// Writes a text that is to take the place of a file, beside it.
    ///
    /// # Errors
    /// What the system says.
    fn write(&self, file: &Path, text: &str) -> io::Result<New> {
        New::write(file, text)
    }

    /// Waits until all that was written is on disk.
    ///
    /// # Errors
    /// What the system says.
    fn flush(&self, new: &[New]) -> io::Result<()> {
        New::flush(new)
    }

    /// Puts what was written in the place of its file.
    ///
    /// # Errors
    /// What the system says.
    fn put(&self, new: New) -> io::Result<()> {
        new.put()
    }

    /// Puts what was written where no file is; one that is there stays.
    ///
    /// # Errors
    /// `AlreadyExists` when there is one, or what the system says.
    fn put_first(&self, new: New) -> io::Result<()> {
        new.put_first()
    }

    /// Removes a file.
    ///
    /// # Errors
    /// What the system says.
    fn remove(&self, file: &Path) -> io::Result<()> {
        fs::remove_file(file)
    }

    /// Replaces a file by a text, as a whole or not at all.
    ///
    /// # Errors
    /// What the system says.
    fn replace(&self, file: &Path, text: &str) -> io::Result<()> {
        let new = self.write(file, text)?;
        self.flush(std::slice::from_ref(&new))?;
        self.put(new)
    }
}

/// The files of this machine.
#[derive(Debug, Clone, Copy)]
pub struct Disk;

impl Changes for Disk {}

/// A text that is written and not yet in the place of its file; dropped, it is removed.
#[derive(Debug)]
pub struct New {
    file: PathBuf,
    text: Text,
}

#[derive(Debug)]
enum Text {
    /// Its file is closed: there can be more of them than a process may have open.
    Beside(TempPath),
    /// A pipe or a device is written, not replaced.
    Into(String),
}

impl New {
    /// Writes it. It has the permissions of the file; a link is one to the same file.
    ///
    /// # Errors
    /// What the system says.
    pub fn write(file: &Path, text: &str) -> io::Result<Self> {
        let file = match file.is_symlink() {
            true => file.canonicalize().unwrap_or_else(|_| file.to_owned()),
            false => file.to_owned(),
        };
        if file.metadata().is_ok_and(|meta| !meta.is_file()) {
            return Ok(Self { file, text: Text::Into(text.to_owned()) });
        }
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut builder = tempfile::Builder::new();
        builder.prefix(NEW).suffix(NEW_ENDS);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As any program makes files; the umask takes its part.
            let usual = fs::Permissions::from_mode(0o666);
            builder.permissions(file.metadata().map_or(usual, |meta| meta.permissions()));
        }
        let mut new = builder.tempfile_in(folder.unwrap_or(Path::new(".")))?;
        new.write_all(text.as_bytes())?;
        Ok(Self { file, text: Text::Beside(new.into_temp_path()) })
    }

    /// Waits until all of these are on disk.
    ///
    /// # Errors
    /// What the system says.
    pub fn flush(all: &[Self]) -> io::Result<()> {
        let beside = all.iter().filter_map(|new| match &new.text {
            Text::Beside(path) => Some(&**path),
            Text::Into(_) => None,
        });
        flush::all(&beside.collect::<Vec<&Path>>())
    }

    /// The file whose place it is to take.
    #[cfg(test)]
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// Puts it in the place of its file.
    ///
    /// # Errors
    /// What the system says.
    pub fn put(self) -> io::Result<()> {
        match self.text {
            Text::Beside(new) => new.persist(&self.file).map_err(|error| error.error),
            Text::Into(text) => {
                fs::OpenOptions::new().write(true).open(&self.file)?.write_all(text.as_bytes())
            }
        }
    }

    /// Puts it where no file is; one that is there stays.
    ///
    /// # Errors
    /// `AlreadyExists` when there is one, or what the system says.
    pub fn put_first(self) -> io::Result<()> {
        match self.text {
            Text::Beside(new) => new.persist_noclobber(&self.file).map_err(|error| error.error),
            Text::Into(_) => Err(io::ErrorKind::AlreadyExists.into()),
        }
    }
}

/// How many files are written at once.
const AT_ONCE: usize = 4;

/// Writes texts beside their files, all or none; they are on disk when this returns.
///
/// # Errors
/// The file whose text cannot be written, and what the system says.
pub(crate) fn write_all(
    on: &dyn Changes,
    texts: &[(PathBuf, &str)],
) -> Result<Vec<New>, (PathBuf, String)> {
    let write = |(file, text): &(PathBuf, &str)| {
        on.write(file, text).map_err(|error| (file.clone(), error.to_string()))
    };
    let new: Vec<New> =
        parallel::map_waiting(AT_ONCE, texts, write).into_iter().collect::<Result<_, _>>()?;
    on.flush(&new).map_err(|error| {
        let file = texts.first().map(|(file, _)| file.clone()).unwrap_or_default();
        (file, format!("what is to be written does not get to the disk: {error}"))
    })?;
    Ok(new)
}

/// Puts what was written in the place of a file that has this text, and no other; without
/// one it is not there.
///
/// # Errors
/// When it has another one by now, or what the system says.
pub(crate) fn put_only(
    on: &dyn Changes,
    file: &Path,
    before: Option<&str>,
    new: New,
) -> Result<(), String> {
    unchanged(file, before)?;
    on.put(new).map_err(|error| error.to_string())
}

/// Replaces a file that has this text, and no other; without one it is not there afterwards.
///
/// # Errors
/// When it has another one by now, or what the system says.
pub(crate) fn replace_only(
    on: &dyn Changes,
    file: &Path,
    before: &str,
    after: Option<&str>,
) -> Result<(), String> {
    unchanged(file, Some(before))?;
    let done = match after {
        Some(text) => on.replace(file, text),
        None => on.remove(file),
    };
    done.map_err(|error| error.to_string())
}

fn unchanged(file: &Path, before: Option<&str>) -> Result<(), String> {
    let now = text(file).map_err(|error| error.to_string())?;
    match now.as_deref() == before {
        true => Ok(()),
        false => Err("it changed since it was read".to_owned()),
    }
}

/// The text of a file; `None` where nothing is, not even a link that leads nowhere.
///
/// # Errors
/// When it cannot be read: it is a pipe or a device, which may never end, or too large.
pub fn text(file: &Path) -> io::Result<Option<String>> {
    let meta = match file.metadata() {
        Ok(meta) => meta,
        Err(_) if is_absent(file) => return Ok(None),
        Err(error) => return Err(error),
    };
    if !meta.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    if meta.len() > LARGEST {
        return Err(io::Error::other("it is larger than 64 MiB"));
    }
    fs::read_to_string(file).map(Some)
}

/// The text of a file that has to be there.
///
/// # Errors
/// As [`text`], and when nothing is there.
pub(crate) fn existing(file: &Path) -> io::Result<String> {
    text(file)?.ok_or_else(|| io::ErrorKind::NotFound.into())
}

fn is_absent(file: &Path) -> bool {
    file.symlink_metadata().is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

/// Removes from a folder what an interrupt left there.
pub(crate) fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(is_new) {
            // It is in nobody's way when it cannot be removed.
            drop(fs::remove_file(entry.path()));
        }
    }
}

/// True of the name of a file that was to take the place of another.
fn is_new(name: &str) -> bool {
    let inside = name.strip_prefix(NEW).and_then(|rest| rest.strip_suffix(NEW_ENDS));
    inside.is_some_and(|inside| {
        inside.len() == 6 && inside.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Replaces a file by a text, as a whole or not at all, so that neither a reader nor an
/// interrupt meets half of one. It keeps its permissions; a link keeps pointing.
///
/// # Errors
/// What the system says.
pub fn replace(file: &Path, text: &str) -> io::Result<()> {
    Disk.replace(file, text)
}

/// The SHA-256 of a text, in hex digits.
pub(crate) fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Has what a folder lists on disk, so that a file that was put there is found after a
/// failure of the machine.
pub(crate) fn sync_folder(folder: &Path) {
    // Not every system can, and what was put is there without it.
    #[cfg(unix)]
    drop(fs::File::open(folder).and_then(|folder| folder.sync_all()));
    #[cfg(not(unix))]
    let _ = folder;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_to_take_a_place_is_swept() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("values.yaml");
        // As a process that is killed leaves it.
        std::mem::forget(New::write(&file, "a: 1\n").unwrap());
        for name in [".chart-images-notes.new", ".chart-images-abcdef", ".chart-images-a.b.new"] {
            fs::write(dir.path().join(name), "mine").unwrap();
        }
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 4);
        sweep(dir.path());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 3);
    }

    #[cfg(unix)]
    #[test]
    fn what_never_ends_is_not_read() {
        let dir = tempfile::tempdir().unwrap();
        let link = dir.path().join("link");
        std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
        assert!(text(&link).unwrap_err().to_string().contains("no regular file"));
        let large = dir.path().join("large");
        fs::File::create(&large).unwrap().set_len(LARGEST + 1).unwrap();
        assert!(text(&large).unwrap_err().to_string().contains("64 MiB"));
        assert_eq!(text(&dir.path().join("none")).unwrap(), None);
    }
}
