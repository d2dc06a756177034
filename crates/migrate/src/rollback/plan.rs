//! What a rollback is to do, before it does anything.

use super::texts::Texts;
use super::undo::undo;
use super::{Followed, How, Kept, Restored, RestoredFile, Rollback, Version};
use crate::dependants::{self, Follower, Versions};
use crate::journal::{Change, ChartEntry, Journal};
use crate::migration::file_of;
use crate::version;
use chart_lint::discover::CHART_FILE;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A migration of a chart to take back.
pub(super) struct Step {
    /// The journal that has it, by its place among them.
    pub(super) journal: usize,
    pub(super) entry: ChartEntry,
    pub(super) files: Vec<RestoredFile>,
}

/// What is to be done, in this order.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) steps: Vec<Step>,
    /// What follows when all of these are done; a chart of the steps may, too.
    pub(super) followers: Vec<Follower>,
    /// The versions before and after of all charts that get new ones.
    pub(super) versions: Versions,
    /// The versions that charts have when they are taken back and get none.
    stay: BTreeMap<String, String>,
    kept: Vec<Kept>,
    notes: Vec<String>,
}

impl Plan {
    pub(super) fn of(
        (root, how): (&Path, How),
        journals: &[(PathBuf, Journal)],
        begun: &Versions,
        is_chosen: impl Fn(&str) -> bool,
    ) -> Self {
        let mut plan = Self::default();
        let mut texts = Texts::new(root);
        let believed = believed(&texts, begun);
        // Those that a migration did not come to.
        let mut stayed = Versions::new();
        let entries = journals.iter().enumerate();
        let entries =
            entries.flat_map(|(at, (_, journal))| journal.charts.iter().map(move |e| (at, e)));
        for (journal, entry) in entries {
            let chart = &entry.chart;
            // What was begun is gone on with, or the charts that follow are half done.
            let is_begun = begun.contains_key(chart);
            // A later migration of the chart that stays blocks the earlier ones.
            let is_blocked = plan.kept.iter().any(|kept| kept.chart == *chart);
            if is_blocked || !(is_chosen(chart) || is_begun && how.bump) {
                continue;
            }
            let version = how.bump.then(|| {
                let text = texts.existing(&file_of(chart, CHART_FILE)).unwrap_or_default();
                // A journal, too, may say what is not so.
                let is = version::of(&text);
                let stays = version::stayed(&text, entry);
                if let Some(version) = stays.filter(|(_, said)| is.as_ref() == Some(said)) {
                    stayed.insert(chart.clone(), version);
                    return None;
                }
                // Of several migrations of a chart the first that is taken back raises it.
                let raised = plan.versions.get(chart).cloned();
                raised.or_else(|| version::raised(&text, entry, believed.get(chart)))
            });
            let undone = match is_begun && !how.bump {
                true => Err(interrupted()),
                false => undo(&texts, entry, version.as_ref()),
            };
            match undone {
                Ok(files) => {
                    for file in &files {
                        texts.set(&file.path, file.then.clone());
                    }
                    let raised = version.flatten().map(|version| (chart.clone(), version));
                    plan.versions.extend(raised);
                    plan.steps.push(Step { journal, entry: entry.clone(), files });
                }
                Err(because) => plan.kept.push(Kept { chart: chart.clone(), because }),
            }
        }
        match how.bump {
            true => plan.follow(root, &texts, &believed, stayed),
            false => {
                plan.refuse_begun(begun, is_chosen);
                plan.notes = dependants::gone::left(root, &texts, &plan.gone());
            }
        }
        plan
    }

    /// Lets what depends on the raised charts follow.
    fn follow(&mut self, root: &Path, texts: &Texts<'_>, begun: &Versions, stayed: Versions) {
        for (chart, version) in begun {
            // Where it is there that chart is done, and others may not be yet.
            let text = texts.existing(&file_of(chart, CHART_FILE)).unwrap_or_default();
            if version::of(&text).as_ref() == Some(&version.1) {
                self.versions.entry(chart.clone()).or_insert_with(|| version.clone());
            }
        }
        for (chart, version) in stayed {
            self.versions.entry(chart).or_insert(version);
        }
        for Step { entry: ChartEntry { chart, .. }, .. } in &self.steps {
            let text = texts.existing(&file_of(chart, CHART_FILE)).unwrap_or_default();
            self.stay.extend(version::of(&text).map(|version| (chart.clone(), version)));
        }
        let back = dependants::back::follow(root, texts, begun, &self.versions);
        (self.followers, self.versions, self.notes) = (back.followers, back.versions, back.notes);
    }

    /// The versions that are no more, of charts that have the ones of before again.
    fn gone(&self) -> Versions {
        let mut gone = Versions::new();
        for Step { entry, .. } in &self.steps {
            let Some(Change { before, after }) = &entry.version else { continue };
            // The newest comes first, and the oldest tells what is there.
            let newest =
                gone.entry(entry.chart.clone()).or_insert_with(|| (after.clone(), String::new()));
            newest.1.clone_from(before);
        }
        gone
    }

    /// What was begun with new versions and has only its followers left.
    fn refuse_begun(&mut self, begun: &Versions, is_chosen: impl Fn(&str) -> bool) {
        let known: BTreeSet<String> = self.kept.iter().map(|kept| kept.chart.clone()).collect();
        let left = begun.keys().filter(|chart| !known.contains(*chart) && is_chosen(chart));
        self.kept.extend(left.map(|chart| Kept { chart: chart.clone(), because: interrupted() }));
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.steps.is_empty() && self.followers.is_empty()
    }

    /// What is told of it: each chart once.
    pub(super) fn told(mut self) -> Rollback {
        let mut restored: Vec<Restored> = Vec::new();
        for step in self.steps {
            let chart = step.entry.chart;
            let at = restored.iter().position(|one| one.chart == chart).unwrap_or_else(|| {
                let new = self.versions.get(&chart).map(|(_, after)| after.clone());
                let stays = || self.stay.remove(&chart).map(Version::Stays);
                let version = new.map(Version::At).or_else(stays);
                restored.push(Restored { chart, files: Vec::new(), version });
                restored.len() - 1
            });
            join(&mut restored[at].files, step.files);
        }
        let mut followed = Vec::new();
        for Follower { chart, version, files } in self.followers {
            match restored.iter_mut().find(|one| one.chart == chart) {
                Some(one) => join(&mut one.files, files),
                None => followed.push(Followed { chart, version, files }),
            }
        }
        Rollback { restored, followed, kept: self.kept, notes: self.notes }
    }
}

/// Those of an interrupted rollback's versions that it can have begun with: a chart has the one
/// of before and the next is that of after, or it is done. Others are asked for by nobody.
fn believed(texts: &Texts<'_>, begun: &Versions) -> Versions {
    let is_so = |(chart, (before, after)): &(&String, &(String, String))| {
        let text = texts.existing(&file_of(chart, CHART_FILE)).unwrap_or_default();
        version::again(&text, None)
            .is_some_and(|(now, next)| now == *after || (&now, &next) == (before, after))
    };
    let believed = begun.iter().filter(is_so);
    believed.map(|(chart, version)| (chart.clone(), version.clone())).collect()
}

/// Adds later changes of files to earlier ones.
fn join(files: &mut Vec<RestoredFile>, later: Vec<RestoredFile>) {
    for file in later {
        match files.iter_mut().find(|one| one.path == file.path) {
            Some(one) => one.then = file.then,
            None => files.push(file),
        }
    }
}

fn interrupted() -> String {
    "it was begun to take it back in a new version, and that was interrupted; run it again with \
     --bump"
        .to_owned()
}
