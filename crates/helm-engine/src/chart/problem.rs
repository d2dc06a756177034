//! What went wrong while a chart was loaded, worded for people.

use crate::source::{FileId, Position};
use std::fmt;
use std::io;

/// Something that could not be read, or not as Helm would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What sort of thing.
    pub kind: ProblemKind,
    /// The file or folder, as shown to people.
    pub path: String,
    /// What is wrong and why, in one sentence without a full stop.
    pub message: String,
    /// What to do about it, a sentence.
    pub help: String,
    /// The file's text, when it could be loaded nevertheless.
    pub file: Option<FileId>,
    /// The first byte of the place in the file, from 0.
    pub offset: Option<usize>,
    /// The same place as line and column.
    pub position: Option<Position>,
}

/// The sorts of [`Problem`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProblemKind {
    /// It is not there (any more).
    NotFound,
    /// The system refused.
    PermissionDenied,
    /// Any other error of the system.
    Io,
    /// Larger than [`Limits`](super::Limits) allow.
    TooLarge,
    /// More files, folders or levels than [`Limits`](super::Limits) allow.
    TooMany,
    /// Not UTF-8.
    Encoding,
    /// It changed while it was read.
    Changed,
    /// A pipe, socket or device.
    Irregular,
    /// A symlink that leads nowhere, out of the root, or in a circle.
    Symlink,
    /// An archive that cannot be read to its end.
    Archive,
    /// A member of an archive that Helm refuses.
    Member,
    /// A `.helmignore` that Helm refuses.
    Ignore,
    /// A `Chart.yaml` or `requirements.yaml` that is missing or cannot be understood.
    Metadata,
}

impl Problem {
    /// A problem of a file as a whole.
    pub(super) fn new(
        kind: ProblemKind,
        path: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            path: path.into(),
            message: message.into(),
            help: help.into(),
            file: None,
            offset: None,
            position: None,
        }
    }

    /// A problem that the operating system reports.
    pub(super) fn io(path: impl Into<String>, doing: &str, error: &io::Error) -> Self {
        let (kind, why, help) = match error.kind() {
            io::ErrorKind::NotFound => {
                (ProblemKind::NotFound, "it is not there", "Was it removed meanwhile? Run again.")
            }
            io::ErrorKind::PermissionDenied => (
                ProblemKind::PermissionDenied,
                "permission denied",
                "Let the user who runs this read it (chmod u+r, on folders u+rx).",
            ),
            _ => (ProblemKind::Io, "", "Check that the file can be read with other tools."),
        };
        let why = if why.is_empty() { error.to_string() } else { why.to_owned() };
        Self::new(kind, path, format!("cannot {doing}: {why}"), help)
    }

    /// The same, at a byte of a file of which `before` is the text up to there.
    pub(super) fn at(mut self, offset: usize, before: &str) -> Self {
        let before = before.strip_prefix('\u{feff}').unwrap_or(before);
        let last = before.rsplit('\n').next().unwrap_or_default();
        self.offset = Some(offset);
        self.position = Some(Position {
            line: before.bytes().filter(|&b| b == b'\n').count() as u32 + 1,
            column: last.chars().count() as u32 + 1,
        });
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path)?;
        if let Some(at) = self.position {
            write!(f, ":{}:{}", at.line, at.column)?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for Problem {}
