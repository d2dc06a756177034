//! Files, read and replaced whole.

use sha2::{Digest, Sha256};
use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// How the names of files begin that are written to take the place of another; an
/// interrupt leaves them behind.
pub const NEW: &str = ".chart-images-";

/// What changes files. There is one, [`Disk`]; tests have others, which end at any point.
pub trait Changes {
    /// Replaces a file by a text, as a whole or not at all.
    ///
    /// # Errors
    /// What the system says.
    fn replace(&self, file: &Path, text: &str) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// What the system says.
    fn remove(&self, file: &Path) -> io::Result<()>;
}

/// The files of this machine.
#[derive(Debug, Clone, Copy)]
pub struct Disk;

impl Changes for Disk {
    fn replace(&self, file: &Path, text: &str) -> io::Result<()> {
        replace(file, text)
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        fs::remove_file(file)
    }
}

/// Replaces a file that has this text, and no other; without one it is not there, before
/// or afterwards.
///
/// # Errors
/// When it has another one by now, or what the system says.
pub(crate) fn replace_only(
    on: &dyn Changes,
    file: &Path,
    before: Option<&str>,
    after: Option<&str>,
) -> Result<(), String> {
    if text(file).map_err(|error| error.to_string())?.as_deref() != before {
        return Err("it changed since it was read".to_owned());
    }
    let done = match after {
        Some(text) => on.replace(file, text),
        None => on.remove(file),
    };
    done.map_err(|error| error.to_string())
}

/// The text of a file; `None` where nothing is, not even a link that leads nowhere.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn text(file: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(_) if is_absent(file) => Ok(None),
        Err(error) => Err(error),
    }
}

fn is_absent(file: &Path) -> bool {
    file.symlink_metadata().is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

/// Removes from a folder what an interrupt left there.
pub(crate) fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().as_encoded_bytes().starts_with(NEW.as_bytes()) {
            // It is in nobody's way when it cannot be removed.
            drop(fs::remove_file(entry.path()));
        }
    }
}

/// Replaces a file by a text, as a whole or not at all, so that neither a reader nor an
/// interrupt meets half of one. It keeps its permissions; a link keeps pointing.
///
/// # Errors
/// What the system says.
pub fn replace(file: &Path, text: &str) -> io::Result<()> {
    let file = file.canonicalize().unwrap_or_else(|_| file.to_owned());
    if file.metadata().is_ok_and(|meta| !meta.is_file()) {
        // A pipe or a device is written, not replaced.
        return fs::OpenOptions::new().write(true).open(&file)?.write_all(text.as_bytes());
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    builder.prefix(NEW);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any program makes files; the umask takes its part.
        let usual = fs::Permissions::from_mode(0o666);
        builder.permissions(file.metadata().map_or(usual, |meta| meta.permissions()));
    }
    let mut new = builder.tempfile_in(folder.unwrap_or(Path::new(".")))?;
    new.write_all(text.as_bytes())?;
    new.as_file().sync_all()?;
    new.persist(&file)?;
    Ok(())
}

/// The SHA-256 of a text, in hex digits.
pub(crate) fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
