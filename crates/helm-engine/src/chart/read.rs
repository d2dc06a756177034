//! The bytes of one file, once, and as text.

use super::budget::Budget;
use super::problem::{Problem, ProblemKind};
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;

/// An open regular file, and what the system said of it then.
pub(super) struct Opened {
    pub(super) file: File,
    before: Metadata,
}

/// Opens a file that was a regular one when its folder was listed.
pub(super) fn open(path: &Path, display: &str) -> Result<Opened, Problem> {
    let failed = |error| Problem::io(display, "read the file", &error);
    let file = File::open(path).map_err(failed)?;
    let before = file.metadata().map_err(failed)?;
    if !before.is_file() {
        return Err(changed(display));
    }
    Ok(Opened { file, before })
}

impl Opened {
    /// Bytes, as the system said when the file was opened.
    pub(super) fn len(&self) -> u64 {
        self.before.len()
    }

    /// Says so when the file is no longer what it was when it was opened: its
    /// length or the time of its last change differ. A change that leaves both
    /// as they were goes unnoticed.
    pub(super) fn unchanged(&self, display: &str) -> Result<(), Problem> {
        let after = self.file.metadata().map_err(|e| Problem::io(display, "read the file", &e))?;
        let same = after.len() == self.before.len()
            && after.modified().ok() == self.before.modified().ok();
        if same { Ok(()) } else { Err(changed(display)) }
    }
}

/// Reads a file whole, into memory, so that everything that is said of it is
/// said of the same bytes.
pub(super) fn file(path: &Path, display: &str, budget: &Budget<'_>) -> Result<Vec<u8>, Problem> {
    let most = budget.limits.file_bytes.min(budget.bytes());
    if let Some(text) = budget.limits.unwritten.get(path) {
        if text.len() as u64 > most {
            return Err(budget.too_large(display));
        }
        budget.spend(text.len() as u64);
        return Ok(text.as_bytes().to_vec());
    }
    let opened = open(path, display)?;
    if opened.len() > most {
        return Err(budget.too_large(display));
    }
    // Its length was bounded above, so no more than that is read; that the file
    // has not become longer is seen afterwards, without reading for its end.
    let mut bytes = Vec::with_capacity(opened.len() as usize);
    (&opened.file)
        .take(opened.len())
        .read_to_end(&mut bytes)
        .map_err(|error| Problem::io(display, "read the file", &error))?;
    if bytes.len() as u64 != opened.len() {
        return Err(changed(display));
    }
    opened.unchanged(display)?;
    budget.spend(opened.len());
    Ok(bytes)
}

/// Reads a reader to its end into memory that grows with what comes. `None` when more than `limit` came.
pub(super) fn bounded(reader: impl Read, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    reader.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

/// The bytes as text, a byte order mark included: spans count bytes of the file.
pub(super) fn text(bytes: Vec<u8>, display: &str) -> Result<String, Problem> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Problem::new(
            ProblemKind::Encoding,
            display,
            "the file is UTF-16, by its byte order mark, and only UTF-8 is read",
            "Save it as UTF-8.",
        )
        .at(0, ""));
    }
    String::from_utf8(bytes).map_err(|error| {
        let (at, bytes) = (error.utf8_error().valid_up_to(), error.as_bytes());
        let bad = bytes.get(at).copied().unwrap_or_default();
        let before = bytes.get(..at).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or_default();
        Problem::new(
            ProblemKind::Encoding,
            display,
            format!("the file is not UTF-8: byte {at} is 0x{bad:02x}"),
            "Save it as UTF-8; Latin-1 and Windows-1252 are common causes.",
        )
        .at(at, before)
    })
}

fn changed(display: &str) -> Problem {
    Problem::new(
        ProblemKind::Changed,
        display,
        "the file changed while it was read",
        "Run again when nothing else writes to the chart.",
    )
}

#[cfg(test)]
mod tests {
    use super::super::limits::Limits;
    use super::*;
    use std::io::Write;

    fn limits(file_bytes: u64) -> Limits {
        Limits { file_bytes, ..Limits::default() }
    }

    #[test]
    fn a_file_up_to_the_limit_is_read_and_one_over_it_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        std::fs::write(&path, "12345").unwrap();
        let (five, four) = (limits(5), limits(4));
        assert_eq!(file(&path, "f", &Budget::new(&five)).unwrap(), b"12345");
        std::fs::write(&path, "123").unwrap();
        assert_eq!(file(&path, "f", &Budget::new(&five)).unwrap(), b"123");
        std::fs::write(&path, "12345").unwrap();
        let problem = file(&path, "f", &Budget::new(&four)).unwrap_err();
        assert_eq!(problem.kind, ProblemKind::TooLarge);
        assert!(problem.message.contains("4 bytes"), "{}", problem.message);
    }

    #[test]
    fn a_hundred_megabytes_are_refused_unread() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        File::create(&path).unwrap().set_len(100_000_000).unwrap();
        let limits = Limits::default();
        let budget = Budget::new(&limits);
        let problem = file(&path, "c/f", &budget).unwrap_err();
        assert_eq!(problem.kind, ProblemKind::TooLarge);
        assert!(problem.message.contains("20 MiB"), "{}", problem.message);
        assert_eq!(budget.bytes(), limits.chart_bytes);
    }

    #[test]
    fn a_change_after_opening_is_seen() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        std::fs::write(&path, "12345").unwrap();
        let opened = open(&path, "f").unwrap();
        opened.unchanged("f").unwrap();
        let mut writer = File::options().append(true).open(&path).unwrap();
        writer.write_all(b"6").unwrap();
        assert_eq!(opened.unchanged("f").unwrap_err().kind, ProblemKind::Changed);
    }

    #[test]
    fn the_first_bad_byte_is_placed() {
        let problem = text(b"a: \xc3\xa9\nb\xc3\xa9\0\xe9".to_vec(), "f").unwrap_err();
        assert_eq!(problem.offset, Some(10));
        let at = problem.position.unwrap();
        assert_eq!((at.line, at.column), (2, 4));
        assert!(problem.message.contains("byte 10 is 0xe9"));
        assert!(text(b"\xff\xfea\0".to_vec(), "f").unwrap_err().message.contains("UTF-16"));
        assert_eq!(text(b"\xef\xbb\xbfa".to_vec(), "f").unwrap(), "\u{feff}a");
    }
}
