//! Commits of what was migrated, as the user's own Git makes them.

use crate::error::Failure;
use crate::terminal::harmless;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Refuses when one of these files has changes that are not committed: they would go
/// into the commit of a migration.
pub(crate) fn check(top: &Path, files: &[&Path]) -> Result<(), Failure> {
    let status = git(top, &["status", "--porcelain", "--untracked-files=no", "--"], files, "")?;
    match status.lines().next() {
        None => Ok(()),
        Some(line) => Err(Failure::new(format!(
            "{} has changes that are not committed",
            harmless(line.get(3..).unwrap_or(line))
        ))
        .help("commit or stash them first: --commit would take them along")),
    }
}

/// Commits these files and nothing else that is staged.
pub(crate) fn commit(top: &Path, files: &[&Path], message: &str) -> Result<(), Failure> {
    // A file that is new has to be known before it can be named.
    git(top, &["add", "--intent-to-add", "--"], files, "")?;
    git(top, &["commit", "--quiet", "--file=-", "--only", "--"], files, message)?;
    Ok(())
}

fn git(top: &Path, arguments: &[&str], files: &[&Path], input: &str) -> Result<String, Failure> {
    let failed = |said: &str| {
        Failure::new(format!("`git {}` failed: {}", arguments[0], harmless(said.trim())))
            .help("what was written stays; commit it by hand, or take it back with `rollback`")
    };
    let mut child = Command::new("git")
        .arg("-C")
        .arg(top)
        .args(["-c", "core.quotePath=false", "--literal-pathspecs"])
        .args(arguments)
        .args(files)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failed(&error.to_string()))?;
    if let Some(mut pipe) = child.stdin.take() {
        // What does not want it closes it.
        drop(pipe.write_all(input.as_bytes()));
    }
    let output = child.wait_with_output().map_err(|error| failed(&error.to_string()))?;
    if !output.status.success() {
        return Err(failed(&String::from_utf8_lossy(&output.stderr)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
