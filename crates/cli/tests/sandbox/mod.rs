//! A folder of its own in which the real binary runs, with nothing of the
//! machine's settings around it.
#![allow(dead_code, reason = "each test binary uses its part")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "it serves tests only")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// An image that the built-in policy disallows, in a values.yaml.
pub(crate) const BAD: &str = "image: ghcr.io/acme/web:1\n";

/// A policy that says what the built-in one says of [`BAD`].
pub(crate) const STRICT: &str =
    "version: 1\nregistries:\n  allowed: [public.ecr.aws]\n  disallowed: [docker.io, ghcr.io]\n";

/// A policy that permits [`BAD`].
pub(crate) const LOOSE: &str = "version: 1\nregistries:\n  allowed: [public.ecr.aws]\n  disallowed: [ghcr.io]\nexceptions:\n  - images: [\"ghcr.io/acme/**\"]\n    reason: a test\n";

pub(crate) struct Sandbox {
    _dir: TempDir,
    root: PathBuf,
}

/// What a run said.
pub(crate) struct Said {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Sandbox {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let root = dir.path().canonicalize().unwrap();
        // Windows' long form of paths is not taken by Git.
        let plain = root.to_str().and_then(|root| root.strip_prefix(r"\\?\"));
        let root = plain.map(PathBuf::from).unwrap_or(root);
        Self { _dir: dir, root }
    }

    /// A folder with the files of one of charts-fixtures.
    pub(crate) fn of_fixture(name: &str) -> Self {
        let sandbox = Self::new();
        copy(&fixture(name), sandbox.root());
        sandbox
    }

    /// A folder that is a Git repository. Without Git the test fails: one that did nothing
    /// would pass unseen.
    pub(crate) fn with_git() -> Self {
        let sandbox = Self::new();
        sandbox.git(&["init", "--quiet", "--initial-branch=main"]);
        sandbox
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Writes a chart with this values.yaml.
    pub(crate) fn chart(&self, folder: &str, values: &str) {
        self.write(
            &format!("{folder}/Chart.yaml"),
            "apiVersion: v2\nname: a\nversion: 0.1.0\ndescription: a chart\n",
        );
        self.write(&format!("{folder}/values.yaml"), values);
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap()
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.root.join(path)).unwrap();
    }

    /// Runs the binary in the folder; words are parted at blanks.
    pub(crate) fn run(&self, line: &str) -> Said {
        self.run_in(".", line, &[])
    }

    /// Runs the binary in a folder of the folder, with variables.
    pub(crate) fn run_in(&self, folder: &str, line: &str, variables: &[(&str, &str)]) -> Said {
        let output = self
            .command(folder)
            .args(line.split_whitespace())
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        Said::from(output)
    }

    /// The binary with a scrubbed environment, to be given arguments.
    pub(crate) fn command(&self, folder: &str) -> Command {
        self.command_of(env!("CARGO_BIN_EXE_chart-images"), folder)
    }

    /// Another program, in the same surroundings.
    pub(crate) fn command_of(&self, program: &str, folder: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.root.join(folder)).stdin(Stdio::null());
        self.scrub(&mut command);
        command
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let mut git = Command::new("git");
        self.scrub(&mut git);
        git.current_dir(&self.root)
            .args(["-c", "user.name=t", "-c", "user.email=t@example.com"])
            .args(["-c", "commit.gpgsign=false", "-c", "core.autocrlf=false"])
            .args(arguments);
        let said = Said::from(git.output().expect("the tests need Git on the PATH"));
        assert_eq!(said.status, 0, "git {arguments:?}: {}", said.err);
        said.out
    }

    /// Clones the folder into `clone` below it, with only its last commit.
    pub(crate) fn clone_shallow(&self) {
        let path = self.root.display().to_string().replace('\\', "/");
        let from = format!("file:///{}", path.trim_start_matches('/'));
        self.git(&["clone", "--quiet", "--depth=1", &from, "clone"]);
    }

    /// Commits everything, ignored or not.
    pub(crate) fn commit(&self) {
        self.git(&["add", "--all", "--force"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message=x"]);
    }

    /// Nothing of a machine's or a CI's settings reaches the run.
    fn scrub(&self, command: &mut Command) {
        // Windows programs do not start without its own variables.
        let kept = ["PATH", "SystemRoot", "TEMP", "TMP", "TMPDIR", "LLVM_PROFILE_FILE"];
        command.env_clear();
        for name in kept {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
            .env("HOME", &self.root)
            .env("GIT_CONFIG_GLOBAL", self.root.join("no-such-file"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("CHART_IMAGES_TODAY", "2026-11-01");
    }
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self {
            status: output.status.code().unwrap_or(-1),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }
}

impl Said {
    /// Fails with all that was said, unless the status is this one.
    #[track_caller]
    pub(crate) fn exits(self, status: i32) -> Self {
        assert_eq!(self.status, status, "out:\n{}\nerr:\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub(crate) fn errs(self, words: &str) -> Self {
        assert!(self.err.contains(words), "no {words:?} in:\n{}", self.err);
        self
    }

    #[track_caller]
    pub(crate) fn shows(self, words: &str) -> Self {
        assert!(self.out.contains(words), "no {words:?} in:\n{}", self.out);
        self
    }

    #[track_caller]
    pub(crate) fn hides(self, words: &str) -> Self {
        assert!(!self.out.contains(words), "{words:?} in:\n{}", self.out);
        self
    }
}

/// A folder of charts-fixtures.
pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("charts-fixtures").join(name)
}

/// Copies a folder into another.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
