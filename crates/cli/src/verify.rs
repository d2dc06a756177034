//! `verify`: hands over to a program of its own, so that who builds the gate need not build
//! what asks registries.

use crate::Caller;
use crate::error::Failure;
use crate::outcome::Outcome;
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::Command;

const PROGRAM: &str = "chart-images-verify";

/// Runs the program in the place of this one.
pub(crate) fn hand_over(caller: Caller, arguments: &[OsString]) -> Result<Outcome, Failure> {
    let mut command = match caller {
        Caller::Binary => Command::new(program()?),
        Caller::Xtask => cargo(),
    };
    command.args(arguments);
    let shown = command.get_program().to_string_lossy().into_owned();
    let error = match replace(command) {
        Ok(outcome) => return Ok(outcome),
        Err(error) => error,
    };
    Err(Failure::new(format!("{shown} cannot be run: {error}")))
}

/// In its repository it is built when it is needed, which takes a while the first time: what
/// Cargo says of it is not hidden.
fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["run", "--release", "--package", PROGRAM]);
    command.args(["--manifest-path", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"), "--"]);
    command
}

/// The program beside this one, else the first that `PATH` has.
fn program() -> Result<PathBuf, Failure> {
    let beside = env::current_exe().ok().and_then(|file| file.parent().map(PathBuf::from));
    let path = env::var_os("PATH").unwrap_or_default();
    find(beside, &path).ok_or_else(|| {
        Failure::new(format!("{PROGRAM}, which asks registries, is not installed")).help(format!(
            "cargo install --locked --git {} {PROGRAM}",
            env!("CARGO_PKG_REPOSITORY")
        ))
    })
}

fn find(beside: Option<PathBuf>, path: &OsStr) -> Option<PathBuf> {
    let name = format!("{PROGRAM}{}", env::consts::EXE_SUFFIX);
    // An empty or relative entry would run what lies in the folder that is judged.
    let folders = beside.into_iter().chain(env::split_paths(path).filter(|dir| dir.is_absolute()));
    folders.map(|folder| folder.join(&name)).find(|file| file.is_file())
}

#[cfg(unix)]
fn replace(mut command: Command) -> std::io::Result<Outcome> {
    use std::os::unix::process::CommandExt;
    Err(command.exec())
}

#[cfg(not(unix))]
fn replace(mut command: Command) -> std::io::Result<Outcome> {
    Ok(match command.status()?.code() {
        Some(0) => Outcome::Clean,
        Some(1) => Outcome::Findings,
        Some(2) => Outcome::Wrong,
        _ => Outcome::Incomplete,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn the_program_is_beside_this_one_or_on_the_path() {
        let dir = tempfile::tempdir().unwrap();
        let (beside, there) = (dir.path().join("beside"), dir.path().join("there"));
        let name = format!("{PROGRAM}{}", env::consts::EXE_SUFFIX);
        fs::create_dir(&beside).unwrap();
        fs::create_dir(&there).unwrap();
        let path = env::join_paths([PathBuf::from("."), there.clone()]).unwrap();
        assert_eq!(find(Some(beside.clone()), &path), None);
        fs::write(there.join(&name), "").unwrap();
        assert_eq!(find(Some(beside.clone()), &path), Some(there.join(&name)));
        fs::write(beside.join(&name), "").unwrap();
        assert_eq!(find(Some(beside.clone()), &path), Some(beside.join(&name)));
        assert_eq!(find(None, OsStr::new("")), None);
    }
}
