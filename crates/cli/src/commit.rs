//! Commits of what was migrated, as the user's own Git makes them.

use crate::error::Failure;
use crate::terminal::harmless;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Refuses what could not be committed once it is written: these files, of which some may
/// not be there yet.
pub(crate) fn check(top: &Path, files: &[&Path]) -> Result<(), Failure> {
    let failed = |said: String| {
        Failure::new(said).help("nothing was written: mend what Git says, or leave --commit out")
    };
    git(top, &["var", "GIT_COMMITTER_IDENT"], &[], "").map_err(failed)?;
    // It takes paths as they are, and has a status of its own when it found none.
    let ignored = run(top, &[], &["check-ignore", "--"], files, "").map_err(failed)?;
    if !matches!(ignored.status.code(), Some(0 | 1)) {
        return Err(failed(complaint("check-ignore", &ignored)));
    }
    if let Some(file) = String::from_utf8_lossy(&ignored.stdout).lines().next() {
        return Err(Failure::new(format!("Git ignores {}", shown(top, file))).help(
            "what --commit commits has to be in Git: change what .gitignore says of it, or \
             leave --commit out",
        ));
    }
    let status = ["status", "--porcelain", "--untracked-files=no", "--"];
    let status = git(top, &status, files, "").map_err(failed)?;
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
    let failed = |said: String| {
        Failure::new(said)
            .help("what was written stays; commit it by hand, or take it back with `rollback`")
    };
    let known = known(top, files).map_err(failed)?;
    // A file that is new has to be known before it can be named.
    let committed = git(top, &["add", "--intent-to-add", "--"], files, "")
        .and_then(|_| git(top, &["commit", "--quiet", "--file=-", "--only", "--"], files, message));
    committed.map(drop).map_err(|said| {
        forget(top, files, &known);
        failed(said)
    })
}

/// Those of the files that the index has, as Git names them.
fn known(top: &Path, files: &[&Path]) -> Result<BTreeSet<String>, String> {
    let listed = git(top, &["ls-files", "-z", "--full-name", "--"], files, "")?;
    Ok(listed.split_terminator('\0').map(str::to_owned).collect())
}

/// Takes files out of the index that it did not have.
fn forget(top: &Path, files: &[&Path], before: &BTreeSet<String>) {
    let now = known(top, files).unwrap_or_default();
    let new: Vec<&Path> = now.difference(before).map(Path::new).collect();
    if !new.is_empty() {
        // What made the commit fail is told, and more than that is not to be mended here.
        drop(git(top, &["rm", "--cached", "--quiet", "--force", "--"], &new, ""));
    }
}

/// A file as `git check-ignore` names it.
fn shown(top: &Path, file: &str) -> String {
    let below = Path::new(file).strip_prefix(top).ok();
    harmless(&below.map_or_else(|| file.to_owned(), |below| below.display().to_string()))
}

/// What Git printed, when it did what it was asked to.
fn git(top: &Path, arguments: &[&str], files: &[&Path], input: &str) -> Result<String, String> {
    let output = run(top, &["--literal-pathspecs"], arguments, files, input)?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(complaint(arguments[0], &output)),
    }
}

fn complaint(verb: &str, output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    format!("`git {verb}` failed: {}", harmless(said.trim()))
}

fn run(
    top: &Path,
    options: &[&str],
    arguments: &[&str],
    files: &[&Path],
    input: &str,
) -> Result<Output, String> {
    let failed = |error: std::io::Error| format!("`git {}` failed: {error}", arguments[0]);
    let mut child = Command::new("git")
        .arg("-C")
        .arg(top)
        .args(["-c", "core.quotePath=false"])
        .args(options)
        .args(arguments)
        .args(files)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    if let Some(mut pipe) = child.stdin.take() {
        // What does not want it closes it.
        drop(pipe.write_all(input.as_bytes()));
    }
    child.wait_with_output().map_err(failed)
}
