//! The commands, their flags and the help for them, as either caller names them.

use crate::Caller;
use crate::migrate::Priority;
use crate::output::{Format, Target};
use crate::plan::PlanFormat;
use crate::status::StatusFormat;
use crate::terminal::Color;
use chart_lint::date::Date;
use clap::builder::EnumValueParser;
use clap::{Arg, ArgAction, Command, value_parser};
use std::ffi::OsString;
use std::path::PathBuf;

/// Each verb as the binary and as xtask call it.
pub(super) const LINT: [&str; 2] = ["lint", "lint-images"];
pub(super) const LIST: [&str; 2] = ["list", "list-images"];
pub(super) const PLAN: [&str; 2] = ["plan", "plan-images"];
pub(super) const STATUS: [&str; 2] = ["status", "status-images"];
pub(super) const VERIFY: [&str; 2] = ["verify", "verify-images"];
pub(super) const MIGRATE: [&str; 2] = ["migrate", "migrate-images"];
pub(crate) const ROLLBACK: [&str; 2] = ["rollback", "rollback-images"];
pub(super) const EXPLAIN: [&str; 2] = ["explain", "explain-images"];
pub(super) const SCHEMA: [&str; 2] = ["schema", "schema-images"];

const EXIT_STATUSES: &str = "\
Exit status:
  0  nothing at level error
  1  findings at level error
  2  the question was wrong: a bad flag, no chart found, an invalid policy
  3  incomplete: something could not be read or analysed, and nothing worse";

/// The whole command line.
pub(super) fn command(caller: Caller) -> Command {
    let chores = match caller {
        Caller::Binary => "",
        Caller::Xtask => {
            "The repository's own chores:\n  docs [--check]  Write what is generated, or fail where it is stale"
        }
    };
    Command::new(caller.name())
        .after_help(chores)
        .bin_name(caller.name())
        .version(env!("CARGO_PKG_VERSION"))
        .about("Finds every container image in Helm charts and judges its registry")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommand(lint(caller.verb(LINT)))
        .subcommand(list(caller.verb(LIST)))
        .subcommand(plan(caller.verb(PLAN)))
        .subcommand(status(caller.verb(STATUS)))
        .subcommand(verify(caller.verb(VERIFY)))
        .subcommand(migrate(caller.verb(MIGRATE)))
        .subcommand(rollback(caller.verb(ROLLBACK)))
        .subcommand(explain(caller.verb(EXPLAIN)))
        .subcommand(
            Command::new(caller.verb(SCHEMA)).about("Print the JSON schema of image-policy.yaml"),
        )
}

fn lint(verb: &'static str) -> Command {
    question(Command::new(verb))
        .about("Judge every container image of Helm charts by a policy")
        .arg(why())
        .after_help(EXIT_STATUSES)
        .arg(option("format", "FORMAT").value_parser(EnumValueParser::<Format>::new()).help(
            "How to show the report on standard output; `github` also appends the whole report \
             to $GITHUB_STEP_SUMMARY [default: human]",
        ))
        .arg(several("output", "FORMAT=FILE").value_parser(value_parser!(Target)).help(
            "Write the report to FILE in a format, in addition; `-` is standard output; may be \
             repeated",
        ))
        .arg(file("baseline").help("Findings that this file knows do not fail"))
        .arg(
            flag("write-baseline")
                .requires("baseline")
                .conflicts_with_all(["since", "policy-from"])
                .help("Write what is found now to the file of --baseline"),
        )
        .arg(option("since", "REV").help(
            "Report only findings that this Git revision does not have; to compare with where a \
             branch began, give `$(git merge-base origin/main HEAD)`",
        ))
        .arg(flag("unused-exceptions").help("Report exceptions of the policy that permit nothing"))
        .arg(
            flag("diff")
                .conflicts_with_all(["format", "output", "list-files", "no-evaluate"])
                .help("Print what --fix would change as a unified diff instead of the report"),
        )
        .arg(flag("fix").conflicts_with_all(["diff", "write-baseline", "no-evaluate"]).help(
            "Write the policy's replacements for what is found, as `migrate` does: proved, and \
             revocable with `rollback`; then report what is left",
        ))
        .arg(
            file("verified").requires("fix").help(
                "With --fix: what a verification found [default: .chart-images/verified.json]",
            ),
        )
        .arg(
            flag("unverified")
                .requires("fix")
                .help("With --fix: move to replacements that nobody has verified, too"),
        )
}

fn list(verb: &'static str) -> Command {
    question(Command::new(verb))
        .about("List every container image of Helm charts, whatever the policy says of it")
        .arg(why())
        .after_help(
            "Exit status: 0, or 2 and 3 as for lint; a disallowed image is an answer, not a \
             failure.",
        )
        .arg(
            option("format", "FORMAT")
                .value_parser(Format::of_lists())
                .help("How to show the list on standard output [default: human]"),
        )
        .arg(several("output", "FORMAT=FILE").value_parser(Target::of_lists).help(
            "Write the list to FILE in a format, in addition; `-` is standard output; may be \
             repeated",
        ))
}

fn plan(verb: &'static str) -> Command {
    question(Command::new(verb))
        .about("Plan the move of every image that the policy does not allow")
        .after_help(
            "Exit status: 0, or 2 and 3 as for lint; an image that is left to move is an answer, \
             not a failure.",
        )
        .arg(
            option("format", "FORMAT")
                .value_parser(EnumValueParser::<PlanFormat>::new())
                .help("How to write the plan [default: markdown]"),
        )
        .arg(flag("history").conflicts_with("list-files").help(
            "Tell how far the migration was at earlier commits, too: the last one of each day, \
             and of many days 30; takes as long as so many plans",
        ))
        .arg(flag("excepted").help(
            "With --format skopeo or regsync: copy what an exception or a comment permits to \
             stay, too",
        ))
}

fn status(verb: &'static str) -> Command {
    with_values(judged(Command::new(verb)))
        .about("Tell how far the migration is: what has moved, what is left, what is available")
        .after_help(
            "Exit status: 0 when no image is left to move, 1 when some are, 2 and 3 as for lint. \
             What is available is what the last verification found.",
        )
        .arg(
            option("format", "FORMAT")
                .value_parser(EnumValueParser::<StatusFormat>::new())
                .help("How to write the figures [default: human]"),
        )
}

fn verify(verb: &'static str) -> Command {
    Command::new(verb)
        .about("Ask the registries whether images and their replacements exist and are the same")
        // The program that it hands over to has its own help.
        .disable_help_flag(true)
        .arg(
            Arg::new("arguments")
                .num_args(0..)
                .trailing_var_arg(true)
                .allow_hyphen_values(true)
                .value_parser(value_parser!(OsString)),
        )
}

fn migrate(verb: &'static str) -> Command {
    judged(Command::new(verb))
        .about("Write the policy's replacements into the charts, proved and revocable")
        .after_help(
            "Without a choice every image that the policy disallows moves. Each change is proved \
             before it is written.\n\n\
             Exit status: 0 when all that was chosen moved; 3 when some of it was refused, with \
             the reason; 2 when the question was wrong.",
        )
        .arg(flag("dry-run").help("Print what would change as a unified diff, and change nothing"))
        .arg(flag("messages").conflicts_with("dry-run").help(
            "Print a message for a commit of each chart, with a table of what moved, instead of \
             the short list",
        ))
        .arg(
            flag("commit")
                .conflicts_with("dry-run")
                .help("Commit each chart with such a message; each has a journal of its own then"),
        )
        .arg(notes())
        .arg(file("verified").conflicts_with("unverified").help(
            "Move only to replacements that the verification in this file found to be the same \
             images; `verify` writes .chart-images/verified.json",
        ))
        .arg(flag("unverified").help(
            "Move to replacements that nobody has verified, but for those that a verification \
             found to be gone",
        ))
        .arg(
            several("priority", "PRIORITY")
                .value_parser(EnumValueParser::<Priority>::new())
                .help("Only images of this priority; may be repeated"),
        )
        .arg(
            several("phase", "N")
                .value_parser(value_parser!(u8).range(1..=3))
                .help("Only images of this phase of the plan; may be repeated"),
        )
        .arg(chart())
        .arg(several("image", "PATTERN").help(
            "Only images that this pattern of the policy matches, for instance `ghcr.io/acme/**`; \
             may be repeated",
        ))
}

fn rollback(verb: &'static str) -> Command {
    Command::new(verb)
        .about("Take migrations back: exactly what they changed, and nothing else")
        .after_help(
            "Exit status: 0; 3 when a chart was changed since in the same lines, and stays; 2 when \
             the question was wrong.",
        )
        .arg(
            option("root", "DIR").value_parser(value_parser!(PathBuf)).help(
                "The folder that was the root of the migration [default: the Git repository]",
            ),
        )
        .arg(flag("dry-run").help("Print what would change as a unified diff, and change nothing"))
        .arg(notes())
        .arg(flag("bump").help(
            "Give each chart a new version instead of the one that it had, and let what depends on \
             it in the repository follow: for charts that were published since",
        ))
        .arg(chart())
}

fn notes() -> Arg {
    file("notes").conflicts_with("dry-run").help(
        "Keep a table of all migrations up to date in this Markdown file, between \
         `<!-- chart-images: migrations -->` and `<!-- /chart-images: migrations -->`",
    )
}

fn chart() -> Arg {
    several("chart", "CHART").help(
        "Only this chart with those that it holds, by its name or its folder; `*` stands for any \
         text; may be repeated",
    )
}

fn explain(verb: &'static str) -> Command {
    Command::new(verb)
        .about("Explain what a rule finds, why, and what to do; without RULE, name them all")
        .arg(
            Arg::new("rules")
                .value_name("RULE")
                .action(ArgAction::Append)
                .num_args(0..)
                .help("Rules, for instance disallowed-registry; `all` explains every one"),
        )
}

/// What every verb takes that answers a question about charts.
fn question(command: Command) -> Command {
    with_values(judged(command)).arg(
        flag("list-files").conflicts_with("format").help(
            "List every file of every chart and what was done with it, instead of the report",
        ),
    )
}

/// A deployment's own values, and whether anything is evaluated.
pub(crate) fn with_values(command: Command) -> Command {
    command
        .arg(several("values", "FILE").short('f').value_parser(value_parser!(PathBuf)).help(
            "Evaluate every chart given with the values of this file over its own, as `helm -f` \
             does, and report what it names too; may be repeated",
        ))
        .arg(several("set", "KEY=VALUE").help(
            "Evaluate every chart given with this value, as `helm --set` does; may be repeated",
        ))
        .arg(
            several("set-string", "KEY=VALUE")
                .help("The same with a value that is always a string; may be repeated"),
        )
        .arg(flag("no-evaluate").conflicts_with_all(["values", "set", "set-string"]).help(
            "Only read the files, and evaluate no template: faster, but what a helper computes \
             or a condition leaves off is found only where its values have a known shape",
        ))
}

/// What every verb takes that judges charts.
pub(crate) fn judged(command: Command) -> Command {
    command
        .arg(
            Arg::new("paths")
                .value_name("PATHS")
                .action(ArgAction::Append)
                .num_args(0..)
                .value_parser(value_parser!(PathBuf))
                .help(
                    "Charts, folders that hold charts, or files, which are judged inside their \
                     chart [default: .]",
                ),
        )
        .arg(file("policy").help(
            "Judge by this policy file, instead of the image-policy.yaml nearest to each chart",
        ))
        .arg(option("policy-from", "REV").help(
            "Take policies and the baseline from this Git revision, and heed only inline \
             suppressions that it has: a pull request cannot loosen its gate",
        ))
        .arg(option("root", "DIR").value_parser(value_parser!(PathBuf)).help(
            "The folder that paths are shown relative to [default: the Git repository, else the \
             current folder]",
        ))
        .arg(flag("require-dependencies").help(
            "A dependency that is not vendored under charts/ makes the run incomplete (exit \
             status 3): its images are not known",
        ))
        .arg(
            option("color", "WHEN")
                .value_parser(EnumValueParser::<Color>::new())
                .default_value("auto")
                .help("When to use colours"),
        )
        .arg(option("today", "YYYY-MM-DD").value_parser(value_parser!(Date)).hide(true).help(
            "The day on which exceptions and suppressions are judged; also $CHART_IMAGES_TODAY",
        ))
}

fn why() -> Arg {
    flag("why").conflicts_with("no-evaluate").help(
        "Show the whole way of each image, from its declaration through helpers and templates \
         to the container",
    )
}

/// A flag without a value.
fn flag(name: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue)
}

/// A flag with a value.
fn option(name: &'static str, value: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).action(ArgAction::Set)
}

/// A flag with a value that may be given again.
fn several(name: &'static str, value: &'static str) -> Arg {
    option(name, value).action(ArgAction::Append)
}

/// A flag that names a file.
fn file(name: &'static str) -> Arg {
    option(name, "FILE").value_parser(value_parser!(PathBuf))
}

impl Caller {
    /// How the program is called.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Binary => "chart-images",
            Self::Xtask => "cargo xtask",
        }
    }

    /// How a verb is called in a shell.
    pub(crate) fn call(self, verb: [&'static str; 2]) -> String {
        format!("{} {}", self.name(), self.verb(verb))
    }

    /// How a verb is called.
    pub(super) fn verb(self, [plain, for_xtask]: [&'static str; 2]) -> &'static str {
        match self {
            Self::Binary => plain,
            Self::Xtask => for_xtask,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_are_sound() {
        command(Caller::Binary).debug_assert();
        command(Caller::Xtask).debug_assert();
    }
}
