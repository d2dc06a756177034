//! `chart-images verify`: asks registries whether the images of charts, and what is to
//! replace them, exist and are the same.
//!
//! It is a program of its own, because it brings TLS, which the gate does without.
#![deny(missing_docs)]

mod answer;
mod args;
mod asking;
mod file;
mod mirror;
mod pin;
mod progress;
mod run;
mod show;
mod subject;

use chart_images::sibling::{Failure, Outcome};
use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the command line of this process and says how the process ends.
pub fn main() -> ExitCode {
    ExitCode::from(run_line(std::env::args_os().skip(1)) as u8)
}

fn run_line(arguments: impl IntoIterator<Item = OsString>) -> Outcome {
    match args::parse(arguments) {
        Ok(arguments) => run::verify(arguments).unwrap_or_else(|failure: Failure| failure.print()),
        Err(outcome) => outcome,
    }
}
