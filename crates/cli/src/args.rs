//! The arguments, and what they are called by either caller.

use crate::Caller;
use crate::outcome::Outcome;
use crate::output::{Format, Target};
use crate::terminal::{self, Color};
use chart_lint::date::Date;
use clap::{ArgMatches, Args, Command, FromArgMatches};
use std::ffi::OsString;
use std::path::PathBuf;

/// What is asked for.
#[derive(Debug)]
pub(crate) enum Verb {
    /// Judge images.
    Lint(Box<LintArgs>),
    /// List images.
    List(Box<ListArgs>),
    /// Explain rules.
    Explain(ExplainArgs),
    /// Print the policy's JSON schema.
    Schema,
}

/// Each verb as the binary and as xtask call it.
const LINT: [&str; 2] = ["lint", "lint-images"];
const LIST: [&str; 2] = ["list", "list-images"];
const EXPLAIN: [&str; 2] = ["explain", "explain-images"];
const SCHEMA: [&str; 2] = ["schema", "schema-images"];

const EXIT_STATUSES: &str = "\
Exit status:
  0  nothing at level error
  1  findings at level error
  2  the question was wrong: a bad flag, no chart found, an invalid policy
  3  incomplete: something could not be read or analysed, and nothing worse";

/// Judge every container image of Helm charts by a policy
#[derive(Debug, Args)]
pub(crate) struct LintArgs {
    #[command(flatten)]
    pub(crate) question: Question,
    /// How to show the report on standard output; `github` also appends the
    /// whole report to $GITHUB_STEP_SUMMARY [default: human]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// Write the report to FILE in a format, in addition; `-` is standard
    /// output; may be repeated
    #[arg(long, value_name = "FORMAT=FILE")]
    pub(crate) output: Vec<Target>,
    /// Findings that this file knows do not fail
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write what is found now to the file of --baseline
    #[arg(long, requires = "baseline", conflicts_with_all = ["since", "policy_from"])]
    pub(crate) write_baseline: bool,
    /// Report only findings that this Git revision does not have; to compare
    /// with where a branch began, give `$(git merge-base origin/main HEAD)`
    #[arg(long, value_name = "REV")]
    pub(crate) since: Option<String>,
    /// Report exceptions of the policy that permit nothing
    #[arg(long)]
    pub(crate) unused_exceptions: bool,
}

/// List every container image of Helm charts, whatever the policy says of it
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) question: Question,
    /// How to show the list on standard output [default: human]
    #[arg(long, value_name = "FORMAT", value_parser = Format::of_lists())]
    pub(crate) format: Option<Format>,
    /// Write the list to FILE in a format, in addition; `-` is standard output;
    /// may be repeated
    #[arg(long, value_name = "FORMAT=FILE", value_parser = Target::of_lists)]
    pub(crate) output: Vec<Target>,
}

/// Explain what a rule finds, why, and what to do; without RULE, name them all
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Rules, for instance disallowed-registry; `all` explains every one
    #[arg(value_name = "RULE")]
    pub(crate) rules: Vec<String>,
}

/// Print the JSON schema of image-policy.yaml
#[derive(Debug, Args)]
struct SchemaArgs {}

/// What both `lint` and `list` take.
#[derive(Debug, Args)]
pub(crate) struct Question {
    /// Charts, folders that hold charts, or files, which are judged inside
    /// their chart [default: .]
    #[arg(value_name = "PATHS")]
    pub(crate) paths: Vec<PathBuf>,
    /// Judge by this policy file, instead of the image-policy.yaml nearest to
    /// each chart
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// Take policies and the baseline from this Git revision, and heed only
    /// inline suppressions that it has: a pull request cannot loosen its gate
    #[arg(long, value_name = "REV")]
    pub(crate) policy_from: Option<String>,
    /// The folder that paths are shown relative to [default: the Git
    /// repository, else the current folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,
    /// List every file of every chart and what was done with it, instead of
    /// the report
    #[arg(long, conflicts_with = "format")]
    pub(crate) list_files: bool,
    /// Evaluate the templates as Helm does, on every branch: finds images that no
    /// reading of the files tells, with the condition they need; takes longer
    #[arg(long)]
    pub(crate) evaluate: bool,
    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    pub(crate) color: Color,
    /// The day on which exceptions and suppressions are judged; also
    /// $CHART_IMAGES_TODAY
    #[arg(long, value_name = "YYYY-MM-DD", hide = true)]
    pub(crate) today: Option<Date>,
}

/// What is printed instead of running a verb: help, or what is wrong.
pub(crate) struct Said {
    text: String,
    outcome: Outcome,
}

impl Said {
    /// Prints help where output goes and mistakes where errors go.
    pub(crate) fn print(&self) -> Outcome {
        match self.outcome {
            Outcome::Clean => match terminal::print(&self.text) {
                Ok(()) => Outcome::Clean,
                Err(_) => Outcome::Wrong,
            },
            mistake => {
                terminal::say(&self.text);
                mistake
            }
        }
    }
}

/// Reads the arguments; the program's name is not among them.
pub(crate) fn parse(
    caller: Caller,
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<Verb, Said> {
    let name = OsString::from(caller.name());
    let matches = command(caller)
        .try_get_matches_from(std::iter::once(name).chain(arguments))
        .map_err(|error| said(caller, &error))?;
    verb(&matches).map_err(|error| said(caller, &error))
}

fn verb(matches: &ArgMatches) -> Result<Verb, clap::Error> {
    let Some((name, matches)) = matches.subcommand() else {
        return Err(clap::Error::new(clap::error::ErrorKind::MissingSubcommand));
    };
    match name {
        _ if LINT.contains(&name) => {
            LintArgs::from_arg_matches(matches).map(|args| Verb::Lint(Box::new(args)))
        }
        _ if LIST.contains(&name) => {
            ListArgs::from_arg_matches(matches).map(|args| Verb::List(Box::new(args)))
        }
        _ if EXPLAIN.contains(&name) => ExplainArgs::from_arg_matches(matches).map(Verb::Explain),
        _ => Ok(Verb::Schema),
    }
}

fn said(caller: Caller, error: &clap::Error) -> Said {
    use clap::error::ErrorKind::{DisplayHelp, DisplayVersion, InvalidSubcommand};
    let mut text = error.to_string();
    let outcome = match error.kind() {
        DisplayHelp | DisplayVersion => Outcome::Clean,
        _ => Outcome::Wrong,
    };
    if error.kind() == InvalidSubcommand {
        let verbs = [LINT, LIST, EXPLAIN, SCHEMA].map(|verb| caller.verb(verb));
        text.push_str(&format!("\nThe verbs are: {}\n", verbs.join(", ")));
    }
    Said { text, outcome }
}

/// The whole command line, also for documentation.
fn command(caller: Caller) -> Command {
    let new = |verb| Command::new(caller.verb(verb));
    let lint = LintArgs::augment_args(new(LINT)).after_help(EXIT_STATUSES);
    let list = ListArgs::augment_args(new(LIST)).after_help(
        "Exit status: 0, or 2 and 3 as for lint; a disallowed image is an answer, not a failure.",
    );
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
        .subcommand(lint)
        .subcommand(list)
        .subcommand(ExplainArgs::augment_args(new(EXPLAIN)))
        .subcommand(SchemaArgs::augment_args(new(SCHEMA)))
}

impl Caller {
    fn name(self) -> &'static str {
        match self {
            Self::Binary => "chart-images",
            Self::Xtask => "cargo xtask",
        }
    }

    /// How a verb is called.
    fn verb(self, [plain, for_xtask]: [&'static str; 2]) -> &'static str {
        match self {
            Self::Binary => plain,
            Self::Xtask => for_xtask,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(caller: Caller, line: &str) -> Result<Verb, Said> {
        parse(caller, line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn the_commands_are_sound() {
        command(Caller::Binary).debug_assert();
        command(Caller::Xtask).debug_assert();
    }

    #[test]
    fn both_callers_name_the_same_verbs() {
        assert!(matches!(read(Caller::Binary, "lint a"), Ok(Verb::Lint(_))));
        assert!(matches!(read(Caller::Xtask, "lint-images a"), Ok(Verb::Lint(_))));
        assert!(matches!(read(Caller::Xtask, "list-images"), Ok(Verb::List(_))));
        assert!(matches!(read(Caller::Xtask, "explain-images"), Ok(Verb::Explain(_))));
        assert!(matches!(read(Caller::Xtask, "schema-images"), Ok(Verb::Schema)));
        let said = read(Caller::Xtask, "lint").unwrap_err();
        assert_eq!(said.outcome, Outcome::Wrong);
        assert!(said.text.contains("The verbs are: lint-images, list-images"), "{}", said.text);
    }

    #[test]
    fn flags_that_contradict_each_other_are_mistakes() {
        for line in [
            "lint --write-baseline",
            "lint --baseline b --write-baseline --since main",
            "lint --baseline b --write-baseline --policy-from main",
            "lint --format xml",
            "list --list-files --format json",
            "lint --output json",
            "lint --output xml=a",
            "lint --today tomorrow",
            "list --format sarif",
            "list --output github=a",
            "list --since main",
            "",
        ] {
            let said = read(Caller::Binary, line).unwrap_err();
            assert_eq!(said.outcome, Outcome::Wrong, "{line}");
        }
    }
}
