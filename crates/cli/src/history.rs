//! `plan --history`: how far the migration was at earlier commits.

use crate::args::Question;
use crate::deployment;
use crate::error::Failure;
use crate::layout::wanted;
use crate::progress::Progress;
use crate::revision::{Revision, named, repository};
use crate::verbs::Answered;
use chart_lint::check::Judged;
use chart_lint::date::Date;
use chart_lint::git::Commit;
use migrate::plan::{History, Plan, Point};
use std::collections::BTreeMap;
use std::path::Path;

/// A reader sees no more, and what is drawn has no room for more.
const MOST_DAYS: usize = 30;

/// How far the migration was: the last commit of each day that changed what is asked
/// about, judged by what judges the present tree.
pub(crate) fn history(answered: &Answered, question: &Question) -> Result<History, Failure> {
    let Answered { case, terms, .. } = answered;
    let repository = repository(case, "--history needs")?;
    let files: Vec<&Path> = question.values.iter().map(|file| file.as_path()).collect();
    let (asked, files) = named(case, repository, &files);
    let mut days: BTreeMap<Date, Commit> = BTreeMap::new();
    for commit in repository.history(&asked)? {
        // The newest comes first. A wrong clock misplaces its own commit only.
        days.entry(commit.day).or_insert(commit);
    }
    let mut history = History { days: days.len(), ..History::default() };
    let days: Vec<Commit> = days.into_values().collect();
    let chosen = evenly(days.len(), MOST_DAYS);
    let mut revision = Revision::empty(case, repository)?;
    let mut judged = Judged::default();
    let progress = Progress::start();
    for (step, &index) in chosen.iter().enumerate() {
        let commit = &days[index];
        progress.stage(format!("day {} of {}", step + 1, chosen.len()));
        history.looked_at += 1;
        let all = repository.entries(&repository.tree(&commit.id)?)?;
        let wanted = wanted(&all, &asked, &files);
        let Some(changed) = revision.turn(repository, &commit.id, &all, wanted)? else {
            continue;
        };
        let mut terms = terms.clone();
        (terms.ways, terms.renderings) = (false, false);
        terms.deployment = deployment::of_revision(case, question, &revision, |note| {
            progress.say(note);
        })?;
        let report = revision.report_again(case, &terms, &mut judged, &changed, &progress)?;
        let mut figures = Plan::of(&report, None).figures;
        figures.incomplete += revision.left();
        history.points.push(Point { day: commit.day, commit: commit.id.clone(), figures });
    }
    Ok(history)
}

/// At most so many of the indices below `count`, the first and the last among them.
fn evenly(count: usize, most: usize) -> Vec<usize> {
    if count <= most {
        return (0..count).collect();
    }
    (0..most).map(|step| step * (count - 1) / (most - 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_chosen_evenly_with_the_first_and_the_last() {
        assert_eq!(evenly(0, 3), [0; 0]);
        assert_eq!(evenly(3, 3), [0, 1, 2]);
        assert_eq!(evenly(7, 3), [0, 3, 6]);
        for count in 31..200 {
            let chosen = evenly(count, MOST_DAYS);
            assert_eq!((chosen.len(), chosen[0], chosen[29]), (MOST_DAYS, 0, count - 1));
            assert!(chosen.is_sorted_by(|a, b| a < b), "{chosen:?}");
        }
    }
}
