//! What Git knows: which files it tracks, and what a revision holds.
//!
//! A repository under review is hostile, and Git runs commands for many
//! reasons: hooks, `core.fsmonitor`, filters and text conversions of
//! attributes, helpers that fetch missing objects, the configuration of a bare
//! repository that someone committed as plain files. So only commands that
//! read are run, by the repository's own top folder, with all of that turned
//! off: `rev-parse`, `rev-list`, `ls-files`, `ls-tree` and `cat-file --batch`, which
//! apply no attribute. Git's own refusal of a repository that belongs to another
//! user (`safe.directory`) is passed on, not overruled.

mod checkout;
mod error;
mod history;
mod tree;

pub use checkout::{Checkout, Left};
pub use error::GitError;
pub use history::Commit;
pub use tree::{Entry, Kind, Tree};

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// Variables by which a surrounding Git (a hook, an alias) points at its
/// repository; ours is found by its folder. These are what
/// `git rev-parse --local-env-vars` lists, but for settings: a person who sets
/// `safe.directory` in the environment means it.
const LOCAL_VARIABLES: [&str; 15] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_OBJECT_DIRECTORY",
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_GRAFT_FILE",
    "GIT_INDEX_FILE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_REPLACE_REF_BASE",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_COMMON_DIR",
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
];

/// A Git repository with a work tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    top: PathBuf,
}

impl Repository {
    /// The repository whose work tree holds `path`, found by the nearest
    /// `.git` at or above it. Git is not asked, so a folder that only looks
    /// like a repository inside of another one is not mistaken for it.
    pub fn holding(path: &Path) -> Option<Self> {
        let top = path.ancestors().find(|folder| folder.join(".git").exists())?;
        Some(Self { top: top.to_owned() })
    }

    /// The top folder of the work tree.
    pub fn top(&self) -> &Path {
        &self.top
    }

    /// Starts to list the tracked files named `Chart.yaml`; see [`Listing::finish`].
    pub fn tracked_charts(&self) -> Result<Listing, GitError> {
        let arguments = ["ls-files", "-z", "--cached", "--", ":(top,glob)**/Chart.yaml"];
        let child = self.command(&arguments).spawn().map_err(GitError::spawn)?;
        Ok(Listing { child, top: self.top.clone() })
    }

    /// The tree of a revision: a branch, a tag, a commit, `HEAD~3`…
    pub fn tree(&self, rev: &str) -> Result<Tree, GitError> {
        let unknown = |shallow| GitError::UnknownRevision { rev: rev.to_owned(), shallow };
        if rev.is_empty() || rev.contains(['\0', '\n']) {
            return Err(unknown(false));
        }
        let spec = format!("{rev}^{{tree}}");
        let output =
            self.output(&["rev-parse", "--verify", "--quiet", "--end-of-options", &spec])?;
        let id = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if output.status.success() && !id.is_empty() && id.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Ok(Tree { id });
        }
        self.check_usable()?;
        Err(unknown(self.shallow()?))
    }

    /// All files of a tree, in Git's order.
    pub fn entries(&self, tree: &Tree) -> Result<Vec<Entry>, GitError> {
        let output = self.output(&["ls-tree", "-r", "-z", "--full-tree", &tree.id])?;
        if !output.status.success() {
            return Err(GitError::failed(&self.top, "list a revision's files", &output.stderr));
        }
        Ok(tree::parse(&output.stdout))
    }

    fn shallow(&self) -> Result<bool, GitError> {
        let output = self.output(&["rev-parse", "--is-shallow-repository"])?;
        Ok(output.stdout.starts_with(b"true"))
    }

    /// Tells a repository that Git refuses to read from a revision it does not know.
    fn check_usable(&self) -> Result<(), GitError> {
        let output = self.output(&["rev-parse", "--git-dir"])?;
        if output.status.success() {
            return Ok(());
        }
        Err(GitError::failed(&self.top, "read the repository", &output.stderr))
    }

    fn output(&self, arguments: &[&str]) -> Result<Output, GitError> {
        self.command(arguments).output().map_err(GitError::spawn)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut git = Command::new("git");
        for name in LOCAL_VARIABLES {
            git.env_remove(name);
        }
        git.current_dir(&self.top)
            .args(["--no-pager", "--no-optional-locks"])
            .args(["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"])
            .args(["-c", "safe.bareRepository=explicit"])
            .args(arguments)
            // A partial clone must not reach for the network, nor for the
            // programs that its configuration names for that.
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_ALLOW_PROTOCOL", "")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        git
    }
}

/// A listing that Git is still writing, so that the caller can walk meanwhile.
#[derive(Debug)]
pub struct Listing {
    child: Child,
    top: PathBuf,
}

impl Listing {
    /// The files as absolute paths below the repository's top folder.
    pub fn finish(self) -> Result<Vec<PathBuf>, GitError> {
        let output = self.child.wait_with_output().map_err(GitError::spawn)?;
        if !output.status.success() {
            return Err(GitError::failed(&self.top, "list the tracked files", &output.stderr));
        }
        let names = output.stdout.split(|&byte| byte == 0).filter(|name| !name.is_empty());
        Ok(names.filter_map(tree::relative).map(|path| self.top.join(path)).collect())
    }
}
