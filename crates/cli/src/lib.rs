//! The command line of `chart-images`.
//!
//! It asks the libraries and shows their answers: arguments, exit statuses,
//! where output goes, and what Git's revisions have to do with it.
#![deny(missing_docs)]

mod args;
mod changed;
mod choice;
mod commit;
mod deployment;
pub mod docs;
mod error;
mod explain;
mod fix;
mod history;
mod judge;
mod layout;
mod migrate;
mod outcome;
mod output;
mod plan;
mod progress;
mod render;
mod revision;
pub mod sibling;
mod status;
mod terminal;
mod verbs;
mod verify;

use args::Verb;
use error::Failure;
use outcome::Outcome;
use std::ffi::OsString;
use std::process::ExitCode;

/// Who calls, which decides how the verbs are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// The binary: `chart-images lint`.
    Binary,
    /// Cargo's alias in a repository: `cargo xtask lint-images`.
    Xtask,
}

/// Runs the command line of this process and says how the process ends.
pub fn main(caller: Caller) -> ExitCode {
    ExitCode::from(run(caller, std::env::args_os().skip(1)) as u8)
}

/// Runs `arguments`, the program's name not among them.
fn run(caller: Caller, arguments: impl IntoIterator<Item = OsString>) -> Outcome {
    let verb = match args::parse(caller, arguments) {
        Ok(verb) => verb,
        Err(said) => return said.print(),
    };
    let result = match &verb {
        Verb::Lint(arguments) => verbs::lint(arguments),
        Verb::List(arguments) => verbs::list(arguments),
        Verb::Plan(arguments) => plan::plan(arguments),
        Verb::Status(arguments) => status::status(arguments),
        Verb::Migrate(arguments) => migrate::migrate(caller, arguments),
        Verb::Rollback(arguments) => migrate::rollback(arguments),
        Verb::Verify(arguments) => verify::hand_over(caller, arguments),
        Verb::Explain(arguments) => explain::explain(arguments),
        Verb::Schema => explain::schema(),
    };
    result.unwrap_or_else(|failure: Failure| failure.print())
}
