//! Why Git could not answer, in words for the person who has to act.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why Git could not answer.
#[derive(Debug)]
pub enum GitError {
    /// There is no program `git`.
    NotInstalled,
    /// Git refuses a repository that belongs to another user.
    OtherOwner(String),
    /// The revision names nothing.
    UnknownRevision {
        /// The revision as given.
        rev: String,
        /// Whether the clone is shallow, which is the usual reason in CI.
        shallow: bool,
    },
    /// The clone is shallow, and its history is wanted.
    Shallow,
    /// The repository is a partial clone and has not got what is asked for.
    MissingObjects,
    /// Git said no, and this is what it said.
    Failed {
        /// The repository.
        top: PathBuf,
        /// What it was asked to do.
        what: &'static str,
        /// Its own words.
        said: String,
    },
    /// Reading from Git or writing a file of the revision failed.
    Io(io::Error),
}

impl fmt::Display for GitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotInstalled => f.write_str("Git is not installed, or not on the PATH"),
            Self::OtherOwner(top) => write!(
                f,
                "Git refuses to read {top}, because the folder belongs to another user; \
                 if you trust it, run `git config --global --add safe.directory '{top}'`"
            ),
            Self::UnknownRevision { rev, shallow } => f.write_str(&unknown(rev, *shallow)),
            Self::Shallow => f.write_str(
                "the clone is shallow, so its history is cut off; fetch the rest first: \
                 `git fetch --unshallow` (actions/checkout: `fetch-depth: 0`)",
            ),
            Self::MissingObjects => f.write_str(
                "Git has not got all files of the revision, because this is a partial clone; \
                 clone without `--filter` (actions/checkout: without `filter`)",
            ),
            Self::Failed { top, what, said } => {
                write!(f, "Git could not {what} in {}: {said}", top.display())
            }
            Self::Io(error) => write!(f, "a file of the revision could not be laid out: {error}"),
        }
    }
}

impl std::error::Error for GitError {}

impl From<io::Error> for GitError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl GitError {
    pub(super) fn spawn(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound { Self::NotInstalled } else { Self::Io(error) }
    }

    pub(super) fn failed(top: &Path, what: &'static str, stderr: &[u8]) -> Self {
        let said = String::from_utf8_lossy(stderr);
        if said.contains("dubious ownership") || said.contains("safe.directory") {
            return Self::OtherOwner(top.display().to_string());
        }
        // What Git says may quote names of the repository.
        let said = said.trim().replace(|c: char| c.is_control(), " ");
        Self::Failed { top: top.to_owned(), what, said }
    }
}

fn unknown(rev: &str, shallow: bool) -> String {
    let rev = rev.escape_debug();
    if shallow {
        format!(
            "Git knows no revision `{rev}`; the clone is shallow, so fetch it first: \
             `git fetch --depth=1 origin {rev}` (actions/checkout: `fetch-depth: 0`)"
        )
    } else {
        format!(
            "Git knows no revision `{rev}`; check its spelling, or fetch it first \
             (a branch of the server is `origin/NAME`)"
        )
    }
}
