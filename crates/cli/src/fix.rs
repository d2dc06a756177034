//! `lint --fix` and `lint --diff`: a migration of what the findings are about.

use crate::args::LintArgs;
use crate::error::Failure;
use crate::judge::{self, Case, Terms};
use crate::migrate::{apply_to, refused, verified};
use crate::output;
use crate::terminal::say;
use chart_lint::check::Unwritten;
use chart_lint::discover::Discovery;
use chart_lint::model::{Image, Report};
use migrate::migration::{self, Migration, Request};
use migrate::permitted::Permitted;
use migrate::propose::Refusal;
use migrate::{diff, vouch};
use std::collections::HashSet;
use std::sync::Arc;

/// Prints what would change, or changes it.
pub(crate) fn fix(
    case: &Case,
    terms: &Terms,
    report: &Report,
    arguments: &LintArgs,
) -> Result<(), Failure> {
    let verified = verified(arguments.verified.as_deref(), &case.root)?;
    if arguments.fix && !arguments.unverified && verified.is_none() {
        return Err(Failure::new("nobody has verified that the replacements exist").help(
            "verify them, or pull them as `plan` shows and give --unverified; --diff shows what \
             would change",
        ));
    }
    let found: HashSet<(Option<&str>, &str)> = report
        .findings
        .iter()
        .filter_map(|finding| Some((finding.chart.as_deref(), finding.reference.as_deref()?)))
        .collect();
    let strict = arguments.fix && !arguments.unverified;
    let migration = prepare(
        case,
        terms,
        report,
        &|image| found.contains(&(Some(&*image.chart), &*image.reference)),
        &|image| vouch::vouch(image, verified.as_ref(), strict),
    )?;
    if arguments.diff {
        output::diff(&diffs(&migration))?;
    } else if let Some(journal) = apply_to(case, &migration)? {
        let shown = journal.strip_prefix(&case.root).unwrap_or(&journal).display();
        say(&format!("fixed; `rollback` takes it back by {shown}\n"));
    }
    say(&refused(&migration));
    Ok(())
}

/// Works out how images move, as they were judged. What a comment in a chart permits stays.
pub(crate) fn prepare(
    case: &Case,
    terms: &Terms,
    report: &Report,
    is_chosen: &(dyn Fn(&Image) -> bool + Sync),
    vouch: &(dyn Fn(&Image) -> Result<(), Refusal> + Sync),
) -> Result<Migration, Failure> {
    let judge = |unwritten: &Arc<Unwritten>, charts| {
        let found = Discovery { charts, ..Discovery::default() };
        judge::judge(&case.root, &found, terms, case.today, unwritten)
    };
    let permitted = Permitted::of(report);
    let is_chosen = |image: &Image| is_chosen(image) && permitted.by(image).is_none();
    let request = Request {
        root: &case.root,
        charts: &case.found.charts,
        is_whole: case.paths == [&*case.root],
        report,
        is_chosen: &is_chosen,
        vouch,
        judge: &judge,
    };
    migration::prepare(&request)
        .map_err(|error| Failure::new(format!("the changes cannot be worked out: {error}")))
}

/// What a migration would change, as `git apply` reads it.
pub(crate) fn diffs(migration: &Migration) -> String {
    let files = migration.charts.iter().flat_map(|chart| &chart.files);
    files.map(|file| diff::unified(&file.path, file.before.as_deref(), Some(&file.after))).collect()
}
