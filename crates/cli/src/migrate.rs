//! `migrate` and `rollback`.

use crate::Caller;
use crate::args::{MigrateArgs, ROLLBACK, RollbackArgs};
use crate::choice::{ChartPatterns, ImagePatterns};
use crate::commit;
use crate::error::Failure;
use crate::fix;
use crate::judge::Case;
use crate::outcome::Outcome;
use crate::output;
use crate::terminal::{harmless, say};
use crate::verbs::{Answered, answer};
use chart_lint::discover::{default_root, real};
use chart_lint::model::{Image, Report};
use chart_lint::policy::Urgency;
use chart_lint::verified::{self, Verified};
use clap::ValueEnum;
use clap::builder::PossibleValue;
use image_ref::Name;
use migrate::journal::{FOLDER, Journal};
use migrate::migration::{ChartChange, Migration, Refused};
use migrate::propose::Refusal;
use migrate::{
    apply, dependencies_first, diff, files, message, notes, plan, rollback as back, vouch,
};
use report::escape::one_line;
use std::collections::HashSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// A priority, as `--priority` takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Priority(Urgency);

impl ValueEnum for Priority {
    fn value_variants<'a>() -> &'a [Self] {
        const { &[Priority(Urgency::High), Priority(Urgency::Medium), Priority(Urgency::Low)] }
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.as_str()))
    }
}

/// `migrate`.
pub(crate) fn migrate(caller: Caller, arguments: &MigrateArgs) -> Result<Outcome, Failure> {
    if !arguments.dry_run && !arguments.unverified && arguments.verified.is_none() {
        return Err(Failure::new("nobody has verified that the replacements exist").help(
            "verify them and give --verified FILE, or pull them as `plan` shows and give \
             --unverified; --dry-run shows what would change",
        ));
    }
    let images = ImagePatterns::parse(&arguments.images)?;
    let charts = ChartPatterns::parse(&arguments.charts)?;
    if let Some(file) = &arguments.notes {
        notes_so_far(file)?;
    }
    let Answered { case, terms, report, .. } = &Answered::of(&arguments.question)?;
    let outcome = answer(report, "inventory");
    if outcome == Outcome::Wrong {
        return Ok(outcome);
    }
    let charts = charts.judged(report, &case.found.charts)?;
    images.check(report, &case.root)?;
    let only = case.found.only.as_ref();
    let is_chosen = |image: &Image| {
        let declared = image.declarations.first().map(|declaration| &*declaration.location.path);
        let urgency = image.priority.urgency;
        let name = Name::new(&image.registry, &image.repository);
        (arguments.priorities.is_empty() || arguments.priorities.contains(&Priority(urgency)))
            && (arguments.phases.is_empty()
                || arguments.phases.iter().any(|&n| usize::from(n) == plan::phase(urgency)))
            && charts.contains(&*image.chart)
            && only.is_none_or(|only| declared.is_some_and(|path| only.covers(path)))
            && images.choose(&name)
    };
    let verified = verified(arguments.verified.as_deref(), &case.root)?;
    let vouch = |image: &Image| {
        vouch::vouch(
            image,
            verified.as_ref(),
            !arguments.unverified && arguments.verified.is_some(),
        )
    };
    let migration = fix::prepare(case, terms, report, &is_chosen, &vouch)?;
    if arguments.dry_run {
        output::diff(&fix::diffs(&migration))?;
    } else {
        let journals = match arguments.commit {
            true => commit_each(case, &migration, report)?,
            false => apply_to(case, &migration)?.into_iter().collect(),
        };
        if arguments.messages {
            let messages: Vec<String> =
                migration.charts.iter().map(|change| message::of(change, report)).collect();
            output::stdout(&harmless(&messages.join("\n")))?;
        } else {
            output::stdout(&done(caller, &migration, &journals, &case.root))?;
        }
        if let Some(file) = &arguments.notes {
            keep_notes(&case.root, file)?;
        }
    }
    say(&refused(&migration));
    tell(&migration.notes);
    Ok(if migration.refused.is_empty() { outcome } else { Outcome::Incomplete })
}

pub(crate) fn apply_to(case: &Case, migration: &Migration) -> Result<Option<PathBuf>, Failure> {
    apply::apply(&case.root, migration).map_err(|failed| {
        let failure = Failure::new(format!("{}: {}", failed.file.display(), failed.why));
        match failed.is_begun {
            true => failure.help("`rollback` takes back what was changed until then"),
            false => failure,
        }
    })
}

/// Writes and commits the charts one by one, each with a journal of its own, so that each
/// commit can be taken back alone.
fn commit_each(
    case: &Case,
    migration: &Migration,
    report: &Report,
) -> Result<Vec<PathBuf>, Failure> {
    let Some(repository) = &case.repository else {
        return Err(Failure::new(format!("{} is in no Git repository", case.root.display()))
            .help("leave --commit out"));
    };
    let of_chart = |change: &ChartChange| -> Vec<PathBuf> {
        change.files.iter().map(|file| case.root.join(&file.path)).collect()
    };
    let all: Vec<PathBuf> = migration.charts.iter().flat_map(of_chart).collect();
    if all.is_empty() {
        return Ok(Vec::new());
    }
    // Which number the next journal gets is not known yet.
    let journal = case.root.join(FOLDER).join("9999.json");
    let written: Vec<PathBuf> = all.into_iter().chain([journal]).collect();
    commit::check(repository.top(), &paths(&written))?;
    let mut journals = Vec::new();
    for change in dependencies_first(&case.root, &migration.charts) {
        let one = Migration { charts: vec![change.clone()], ..Migration::default() };
        let journal = apply_to(case, &one)?;
        let changed: Vec<PathBuf> = of_chart(change).into_iter().chain(journal.clone()).collect();
        commit::commit(repository.top(), &paths(&changed), &message::of(change, report))?;
        journals.extend(journal);
    }
    Ok(journals)
}

fn paths(files: &[PathBuf]) -> Vec<&Path> {
    files.iter().map(PathBuf::as_path).collect()
}

/// The file of `--notes` as it is; empty where it is not there. That it can be kept is
/// asked before anything is written.
fn notes_so_far(file: &Path) -> Result<String, Failure> {
    let failed = |why: &dyn std::fmt::Display| unkept(file, why);
    let text = files::text(file).map_err(|error| failed(&error))?.unwrap_or_default();
    notes::keep(&text, &[])
        .map_err(|why| failed(&why).help("put both markers there, or neither"))?;
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => {
            Err(failed(&"its folder is not there").help("make the folder first"))
        }
        _ => Ok(text),
    }
}

/// Makes the notes of all migrations anew.
fn keep_notes(root: &Path, file: &Path) -> Result<(), Failure> {
    let text = notes_so_far(file)?;
    let journals = Journal::all(root).map_err(|(path, why)| unkept(&path, &why))?;
    let journals: Vec<Journal> = journals.into_iter().map(|(_, journal)| journal).collect();
    let kept = notes::keep(&text, &journals).map_err(|why| unkept(file, &why))?;
    if kept == text { Ok(()) } else { output::replace(file, &kept) }
}

fn unkept(file: &Path, why: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("the notes cannot be kept: {}: {why}", file.display()))
}

/// What a verification found: in the file of `--verified`, else where `verify` writes it.
pub(crate) fn verified(file: Option<&Path>, root: &Path) -> Result<Option<Verified>, Failure> {
    let default = root.join(verified::PATH);
    let found = verified::read(file.unwrap_or(&default)).map_err(|error| {
        let shown = file.unwrap_or(Path::new(verified::PATH)).display();
        Failure::new(format!("{shown} is wrong: {error}"))
            .help("restore it from Git, or delete it and verify again")
    })?;
    match (file, found) {
        (Some(file), None) => Err(Failure::new(format!("{} does not exist", file.display()))
            .help("`verify` asks the registries and writes it")),
        (_, found) => Ok(found),
    }
}

/// What was written, chart by chart: what a commit's message needs.
fn done(caller: Caller, migration: &Migration, journals: &[PathBuf], root: &Path) -> String {
    let mut text = String::new();
    let mut count = 0;
    for chart in &migration.charts {
        let version = chart.version.as_ref();
        let version = version.map(|(before, after)| format!(" {before} -> {after}"));
        let _ = writeln!(text, "{}{}", one_line(&chart.chart), version.unwrap_or_default());
        let mut moved: Vec<_> = chart.moved.values().collect();
        count += moved.len();
        moved.sort();
        moved.dedup();
        for (before, after) in moved {
            let _ = writeln!(text, "  {before} -> {after}");
        }
    }
    match journals {
        [] => text.push_str("nothing to move\n"),
        [first, rest @ ..] => {
            let shown = |journal: &PathBuf| {
                journal.strip_prefix(root).unwrap_or(journal).display().to_string()
            };
            let shown = match rest.last() {
                None => shown(first),
                Some(last) => format!("{} to {}", shown(first), shown(last)),
            };
            let back = caller.call(ROLLBACK);
            let over: usize = migration.charts.iter().map(|chart| chart.overridden.len()).sum();
            let over = match over {
                0 => String::new(),
                over => format!(" ({over} by values over those of vendored charts)"),
            };
            let _ = writeln!(text, "\nmoved {count}{over}; `{back}` takes it back by {shown}");
        }
    }
    harmless(&text)
}

/// Each note is a line, whatever the names are in it.
fn tell(notes: &[String]) {
    for note in notes {
        say(&format!("note: {}\n", harmless(&one_line(note))));
    }
}

pub(crate) fn refused(migration: &Migration) -> String {
    let line = |refused: &Refused| {
        let Refusal { because, instead } = &refused.refusal;
        let at = one_line(&refused.at);
        format!("not moved: {} at {at}: {because}\n  {instead}\n", refused.reference)
    };
    // What is used in several ways is refused once for each.
    let mut told = HashSet::new();
    let lines = migration.refused.iter().map(line).filter(|line| told.insert(line.clone()));
    let text: String = lines.collect();
    harmless(&text)
}

/// `rollback`.
pub(crate) fn rollback(arguments: &RollbackArgs) -> Result<Outcome, Failure> {
    if let Some(file) = &arguments.notes {
        notes_so_far(file)?;
    }
    let root = match &arguments.root {
        Some(root) => real(root)?,
        None => default_root(&[PathBuf::from(".")], &real(Path::new("."))?)?,
    };
    let charts = ChartPatterns::parse(&arguments.charts)?;
    charts.check_migrated(&root)?;
    let is_chosen = |chart: &str| charts.choose(chart, back::name_of(&root, chart).as_deref());
    let how = back::How { dry_run: arguments.dry_run, bump: arguments.bump };
    let result = back::rollback(&root, is_chosen, how).map_err(|(file, why)| {
        Failure::new(format!("{}: {why}", file.display()))
            .help("what was taken back until then is; run it again when the file is in order")
    })?;
    let mut text = String::new();
    for chart in &result.restored {
        if arguments.dry_run {
            for file in &chart.files {
                text.push_str(&diff::unified(&file.path, Some(&file.now), file.then.as_deref()));
            }
        } else {
            let at = match &chart.version {
                None => String::new(),
                Some(back::Version::At(version)) => format!(", at {}", one_line(version)),
                Some(back::Version::Stays(version)) => format!(
                    "; its version stays {}, since its migration raised none",
                    one_line(version)
                ),
            };
            let _ = writeln!(text, "{} is as it was{at}", one_line(&chart.chart));
        }
    }
    for chart in &result.followed {
        if arguments.dry_run {
            for file in &chart.files {
                text.push_str(&diff::unified(&file.path, Some(&file.now), file.then.as_deref()));
            }
        } else {
            let (before, after) = &chart.version;
            let name = one_line(&chart.chart);
            let _ = writeln!(
                text,
                "{name} {} -> {}, as it depends on what has a new version",
                one_line(before),
                one_line(after)
            );
        }
    }
    if result.restored.is_empty() && result.followed.is_empty() && result.kept.is_empty() {
        let shown = root.display().to_string();
        let _ = writeln!(text, "no migration to take back in {}", harmless(&shown));
    }
    output::diff(&text)?;
    if let Some(file) = &arguments.notes {
        keep_notes(&root, file)?;
    }
    tell(&result.notes);
    for kept in &result.kept {
        say(&format!("not taken back: {}: {}\n", one_line(&kept.chart), harmless(&kept.because)));
    }
    Ok(if result.kept.is_empty() { Outcome::Clean } else { Outcome::Incomplete })
}
