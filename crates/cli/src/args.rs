//! The arguments, read.

mod commands;

use crate::Caller;
use crate::migrate::Priority;
use crate::outcome::Outcome;
use crate::output::{Format, Target};
use crate::plan::PlanFormat;
use crate::status::StatusFormat;
use crate::terminal::{self, Color};
use chart_lint::date::Date;
use clap::ArgMatches;
pub(crate) use commands::ROLLBACK;
use commands::{EXPLAIN, LINT, LIST, MIGRATE, PLAN, SCHEMA, STATUS, VERIFY, command};
pub(crate) use commands::{judged, with_values};
use std::any::Any;
use std::ffi::OsString;
use std::path::PathBuf;

/// What is asked for.
#[derive(Debug)]
pub(crate) enum Verb {
    /// Judge images.
    Lint(Box<LintArgs>),
    /// List images.
    List(Box<ListArgs>),
    /// Plan a migration.
    Plan(Box<PlanArgs>),
    /// Tell how far a migration is.
    Status(Box<StatusArgs>),
    /// Migrate images.
    Migrate(Box<MigrateArgs>),
    /// Take migrations back.
    Rollback(RollbackArgs),
    /// Ask registries, with these arguments.
    Verify(Vec<OsString>),
    /// Explain rules.
    Explain(ExplainArgs),
    /// Print the policy's JSON schema.
    Schema,
}

/// What `lint` takes.
#[derive(Debug)]
pub(crate) struct LintArgs {
    pub(crate) question: Question,
    pub(crate) format: Option<Format>,
    pub(crate) output: Vec<Target>,
    pub(crate) baseline: Option<PathBuf>,
    pub(crate) write_baseline: bool,
    pub(crate) since: Option<String>,
    pub(crate) unused_exceptions: bool,
    pub(crate) fix: bool,
    pub(crate) diff: bool,
    pub(crate) unverified: bool,
    pub(crate) verified: Option<PathBuf>,
}

/// What `list` takes.
#[derive(Debug)]
pub(crate) struct ListArgs {
    pub(crate) question: Question,
    pub(crate) format: Option<Format>,
    pub(crate) output: Vec<Target>,
}

/// What `plan` takes.
#[derive(Debug)]
pub(crate) struct PlanArgs {
    pub(crate) question: Question,
    pub(crate) format: Option<PlanFormat>,
    pub(crate) history: bool,
    pub(crate) excepted: bool,
}

/// What `status` takes.
#[derive(Debug)]
pub(crate) struct StatusArgs {
    pub(crate) question: Question,
    pub(crate) format: Option<StatusFormat>,
}

/// What `migrate` takes.
#[derive(Debug)]
pub(crate) struct MigrateArgs {
    pub(crate) question: Question,
    pub(crate) dry_run: bool,
    pub(crate) unverified: bool,
    pub(crate) verified: Option<PathBuf>,
    pub(crate) messages: bool,
    pub(crate) commit: bool,
    pub(crate) notes: Option<PathBuf>,
    pub(crate) priorities: Vec<Priority>,
    pub(crate) phases: Vec<u8>,
    pub(crate) charts: Vec<String>,
    pub(crate) images: Vec<String>,
}

/// What `rollback` takes.
#[derive(Debug)]
pub(crate) struct RollbackArgs {
    pub(crate) root: Option<PathBuf>,
    pub(crate) dry_run: bool,
    pub(crate) bump: bool,
    pub(crate) notes: Option<PathBuf>,
    pub(crate) charts: Vec<String>,
}

/// What `explain` takes.
#[derive(Debug)]
pub(crate) struct ExplainArgs {
    pub(crate) rules: Vec<String>,
}

/// What every verb takes that judges.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) paths: Vec<PathBuf>,
    pub(crate) policy: Option<PathBuf>,
    pub(crate) policy_from: Option<String>,
    pub(crate) root: Option<PathBuf>,
    pub(crate) list_files: bool,
    pub(crate) evaluate: bool,
    pub(crate) require_dependencies: bool,
    pub(crate) why: bool,
    /// Whether what the charts render is needed, to prove changes.
    pub(crate) renderings: bool,
    pub(crate) values: Vec<PathBuf>,
    pub(crate) set: Vec<String>,
    pub(crate) set_string: Vec<String>,
    pub(crate) color: Color,
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
    Ok(verb(matches))
}

fn verb(mut matches: ArgMatches) -> Verb {
    // A verb is required, so there is one; the last is what no other is.
    let (name, matches) = matches.remove_subcommand().unwrap_or_default();
    let mut given = Given(matches);
    match &*name {
        name if LINT.contains(&name) => Verb::Lint(Box::new(LintArgs {
            question: Question {
                why: given.flag("why"),
                renderings: given.flag("fix") || given.flag("diff"),
                ..question(&mut given)
            },
            format: given.one("format"),
            output: given.all("output"),
            baseline: given.one("baseline"),
            write_baseline: given.flag("write-baseline"),
            since: given.one("since"),
            unused_exceptions: given.flag("unused-exceptions"),
            fix: given.flag("fix"),
            diff: given.flag("diff"),
            unverified: given.flag("unverified"),
            verified: given.one("verified"),
        })),
        name if LIST.contains(&name) => Verb::List(Box::new(ListArgs {
            question: Question { why: given.flag("why"), ..question(&mut given) },
            format: given.one("format"),
            output: given.all("output"),
        })),
        name if PLAN.contains(&name) => Verb::Plan(Box::new(PlanArgs {
            question: question(&mut given),
            format: given.one("format"),
            history: given.flag("history"),
            excepted: given.flag("excepted"),
        })),
        name if STATUS.contains(&name) => Verb::Status(Box::new(StatusArgs {
            question: valued(&mut given),
            format: given.one("format"),
        })),
        name if MIGRATE.contains(&name) => Verb::Migrate(Box::new(MigrateArgs {
            question: Question { renderings: true, ..charts(&mut given) },
            dry_run: given.flag("dry-run"),
            unverified: given.flag("unverified"),
            verified: given.one("verified"),
            messages: given.flag("messages"),
            commit: given.flag("commit"),
            notes: given.one("notes"),
            priorities: given.all("priority"),
            phases: given.all("phase"),
            charts: given.all("chart"),
            images: given.all("image"),
        })),
        name if ROLLBACK.contains(&name) => Verb::Rollback(RollbackArgs {
            root: given.one("root"),
            dry_run: given.flag("dry-run"),
            bump: given.flag("bump"),
            notes: given.one("notes"),
            charts: given.all("chart"),
        }),
        name if VERIFY.contains(&name) => Verb::Verify(given.all("arguments")),
        name if EXPLAIN.contains(&name) => Verb::Explain(ExplainArgs { rules: given.all("rules") }),
        _ => Verb::Schema,
    }
}

fn question(given: &mut Given) -> Question {
    Question { list_files: given.flag("list-files"), ..valued(given) }
}

/// What [`crate::sibling::arguments`] declares.
pub(crate) fn sibling(matches: ArgMatches) -> Question {
    valued(&mut Given(matches))
}

fn valued(given: &mut Given) -> Question {
    Question {
        values: given.all("values"),
        set: given.all("set"),
        set_string: given.all("set-string"),
        evaluate: !given.flag("no-evaluate"),
        ..charts(given)
    }
}

fn charts(given: &mut Given) -> Question {
    Question {
        paths: given.all("paths"),
        policy: given.one("policy"),
        policy_from: given.one("policy-from"),
        root: given.one("root"),
        list_files: false,
        evaluate: true,
        require_dependencies: given.flag("require-dependencies"),
        why: false,
        renderings: false,
        values: Vec::new(),
        set: Vec::new(),
        set_string: Vec::new(),
        color: given.one("color").unwrap_or_default(),
        today: given.one("today"),
    }
}

/// The arguments of a verb. Each is read whatever was given, so that a name which
/// [`commands`] does not declare fails the first test that parses anything.
struct Given(ArgMatches);

impl Given {
    fn one<T: Any + Clone + Send + Sync>(&mut self, name: &str) -> Option<T> {
        self.0.remove_one(name)
    }

    fn all<T: Any + Clone + Send + Sync>(&mut self, name: &str) -> Vec<T> {
        self.0.remove_many(name).into_iter().flatten().collect()
    }

    fn flag(&self, name: &str) -> bool {
        self.0.get_flag(name)
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
        let verbs = [LINT, LIST, PLAN, STATUS, VERIFY, MIGRATE, ROLLBACK, EXPLAIN, SCHEMA]
            .map(|verb| caller.verb(verb));
        text.push_str(&format!("\nThe verbs are: {}\n", verbs.join(", ")));
    }
    Said { text, outcome }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(caller: Caller, line: &str) -> Result<Verb, Said> {
        parse(caller, line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn both_callers_name_the_same_verbs() {
        assert!(matches!(read(Caller::Binary, "lint a"), Ok(Verb::Lint(_))));
        assert!(matches!(read(Caller::Xtask, "lint-images a"), Ok(Verb::Lint(_))));
        assert!(matches!(read(Caller::Xtask, "list-images"), Ok(Verb::List(_))));
        assert!(matches!(read(Caller::Xtask, "status-images"), Ok(Verb::Status(_))));
        assert!(matches!(read(Caller::Xtask, "explain-images"), Ok(Verb::Explain(_))));
        assert!(matches!(read(Caller::Xtask, "schema-images"), Ok(Verb::Schema)));
        let line = "verify-images a --offline --help";
        let Ok(Verb::Verify(passed)) = read(Caller::Xtask, line) else { panic!("{line}") };
        assert_eq!(passed, ["a", "--offline", "--help"], "the other program reads them");
        let said = read(Caller::Xtask, "lint").unwrap_err();
        assert_eq!(said.outcome, Outcome::Wrong);
        assert!(said.text.contains("The verbs are: lint-images, list-images"), "{}", said.text);
    }

    #[test]
    fn flags_that_contradict_each_other_are_mistakes() {
        for line in [
            "lint --write-baseline",
            "lint --baseline b --write-baseline --since main",
            "lint --fix --diff",
            "lint --diff --format json",
            "lint --unverified",
            "lint --baseline b --write-baseline --policy-from main",
            "lint --format xml",
            "list --list-files --format json",
            "plan --list-files --history",
            "lint --output json",
            "lint --output xml=a",
            "lint --today tomorrow",
            "list --format sarif",
            "list --output github=a",
            "list --since main",
            "lint --no-evaluate --fix",
            "lint --no-evaluate --diff",
            "list --no-evaluate --why",
            "plan --no-evaluate -f prod.yaml",
            "migrate --no-evaluate --unverified",
            "",
        ] {
            let said = read(Caller::Binary, line).unwrap_err();
            assert_eq!(said.outcome, Outcome::Wrong, "{line}");
        }
    }
}
