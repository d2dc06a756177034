//! `cargo xtask <verb>-images` hands over to the command line of
//! `chart-images`; the rest are the repository's own chores.

mod conformance;
mod docs;
mod functions;
mod picture;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    match arguments.next() {
        Some(chore) if chore == "conformance" => conformance::run(arguments),
        Some(chore) if chore == "docs" => docs::run(arguments),
        _ => chart_images::main(chart_images::Caller::Xtask),
    }
}
