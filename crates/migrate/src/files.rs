//! Files, read and replaced whole.

use sha2::{Digest, Sha256};
use std::fs;
use std::io::{self, Write};
use std::path::Path;

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
