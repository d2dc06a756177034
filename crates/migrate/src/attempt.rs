//! The way of one chart to a change that is proved.

use crate::change;
use crate::edit;
use crate::groups::{Group, moves};
use crate::migration::{ChartChange, Migration, Request, file_of};
use crate::propose::{self, Refusal};
use crate::prove::{self, Mismatch};
use chart_lint::model::{Image, Report};
use std::collections::{BTreeSet, VecDeque};
use std::io;

/// A chart whose change is not proved yet, or not all of it.
pub(crate) struct Attempt<'a> {
    chart: &'a str,
    /// Groups that are proved and stay so.
    base: Vec<Group>,
    /// The change that they make.
    proved: Option<ChartChange>,
    /// Groups that are tried together, on top of those.
    groups: Vec<Group>,
    /// Groups that wait until those are proved, where nothing told which one is to blame:
    /// then one is added after the other.
    waiting: VecDeque<Group>,
    /// Whether they are added so.
    singly: bool,
    /// Groups that could not be proved, and why: since another one may have been to blame,
    /// they are tried again, on top of what is proved, as long as more of them is.
    failed: Vec<(Group, String)>,
}

impl<'a> Attempt<'a> {
    pub(crate) fn new(chart: &'a str, groups: Vec<Group>) -> Self {
        Self {
            chart,
            base: Vec::new(),
            proved: None,
            groups,
            waiting: VecDeque::new(),
            singly: false,
            failed: Vec::new(),
        }
    }

    /// What is to be tried; `None` when nothing is left.
    pub(crate) fn change(&mut self, request: &Request<'_>) -> io::Result<Option<ChartChange>> {
        loop {
            if self.groups.is_empty() {
                let Some(next) = self.waiting.pop_front() else { return Ok(None) };
                self.groups.push(next);
            }
            match change::of(request, self.chart, self.base.iter().chain(&self.groups))? {
                Ok(change) => return Ok(Some(change)),
                Err(why) => self.fail(&why),
            }
        }
    }

    /// What is tried is proved: the next that waits joins it, or what could not be proved
    /// without it is tried again.
    pub(crate) fn keep(&mut self, change: ChartChange) {
        self.proved = Some(change);
        if let Some(next) = self.waiting.pop_front() {
            self.groups.push(next);
            return;
        }
        self.base.append(&mut self.groups);
        self.groups = self.failed.drain(..).map(|(group, _)| group.restarted()).collect();
        self.singly = false;
    }

    /// Takes what was proved into a migration, and says what was not.
    pub(crate) fn end(self, request: &Request<'_>, migration: &mut Migration) {
        migration.charts.extend(self.proved);
        for (group, why) in &self.failed {
            let refusal = Refusal::new(
                format!("the change could not be proved: {why}"),
                "Change it by hand, and compare what `helm template` prints before and after.",
            );
            group.images().for_each(|index| migration.refuse(request, index, &refusal));
        }
    }

    /// Finds out which groups a mismatch is about, and has them move in another way, or
    /// elsewhere too, or not at all.
    pub(crate) fn blame(
        &mut self,
        request: &Request<'_>,
        change: &ChartChange,
        (after, mismatch): (&Report, &Mismatch),
    ) {
        let why = &mismatch.words;
        let unexpected = || mismatch.unexpected.iter().filter_map(|&index| after.images.get(index));
        let mut found = false;
        for image in unexpected() {
            found |= self.is_spelled_elsewhere_too(request, change, image);
        }
        if found {
            return;
        }
        // As they were numbered before the change.
        let declared: BTreeSet<(&str, u32)> = unexpected()
            .flat_map(lines)
            .filter_map(|(path, line)| {
                let file = change.files.iter().find(|file| file.path == path);
                Some((path, file.map_or(Some(line), |file| prove::line_before(file, line))?))
            })
            .collect();
        let is_to_blame = |group: &mut Group| {
            group.images().any(|index| {
                let image = request.report.images.get(index);
                mismatch.missing.contains(&index)
                    || image.is_some_and(|image| lines(image).any(|line| declared.contains(&line)))
            })
        };
        let mut blamed: Vec<Group> = self.groups.extract_if(.., is_to_blame).collect();
        if let Some(failed) = &mismatch.failed {
            blamed = self.unwanted(request, change, why, failed);
        }
        if blamed.is_empty() {
            return self.fail(why);
        }
        for mut group in blamed {
            match group.next_way() {
                true => self.groups.push(group),
                false => self.failed.push((group, why.clone())),
            }
        }
    }

    /// The groups with images that a template which fails names: a chart says which ones it
    /// does not want. Those of that very chart, where it has some of that name.
    fn unwanted(
        &mut self,
        request: &Request<'_>,
        change: &ChartChange,
        why: &str,
        failed: &str,
    ) -> Vec<Group> {
        let chart =
            if failed.is_empty() { self.chart.to_owned() } else { file_of(self.chart, failed) };
        let named = |group: &Group, anywhere: bool| {
            group.images().any(|index| {
                let moved = change.moved.get(&index).is_some_and(|(_, after)| why.contains(after));
                let image = request.report.images.get(index);
                moved && (anywhere || image.is_some_and(|image| *image.chart == *chart))
            })
        };
        let of_chart: Vec<Group> =
            self.groups.extract_if(.., |group| named(group, false)).collect();
        match of_chart.is_empty() {
            true => self.groups.extract_if(.., |group| named(group, true)).collect(),
            false => of_chart,
        }
    }

    /// True when an image that came to light is one that moves, spelled at another place:
    /// for instance by a values file that a test gives, which was hidden as long as both
    /// named the same image. Then it is to move there too.
    fn is_spelled_elsewhere_too(
        &mut self,
        request: &Request<'_>,
        change: &ChartChange,
        image: &Image,
    ) -> bool {
        let Ok(ways) = propose::ways(image) else { return false };
        let is_same = |index: usize| {
            request.report.images.get(index).is_some_and(|moving| {
                moving.reference == image.reference && moving.chart == image.chart
            })
        };
        if !moves(request, image) {
            return false;
        }
        let Some(group) = self.groups.iter_mut().find(|group| group.images().any(is_same)) else {
            return false;
        };
        let Some(edits) = ways.into_iter().next() else { return false };
        let mut added = false;
        for (path, edits) in edits {
            let file = change.files.iter().find(|file| file.path == path);
            let places = file.map(|file| file.edits.as_slice()).unwrap_or_default();
            for mut edit in edits {
                let Some(start) = edit::before(places, edit.start) else { return false };
                edit.start = start;
                let is_spelled = request.report.images.iter().any(|other| {
                    other.declarations.iter().any(|declaration| {
                        let at = &declaration.location;
                        at.bytes.start == start && *at.path == *path && !moves(request, other)
                    })
                });
                let there = group.also.entry(path.clone()).or_default();
                if is_spelled || there.contains(&edit) {
                    return false;
                }
                there.push(edit);
                added = true;
            }
        }
        added
    }

    /// Nothing tells which group is to blame: the last one, when the others are proved
    /// without it, else they are tried one after the other.
    fn fail(&mut self, why: &str) {
        if self.groups.len() > 1 && !self.singly {
            self.singly = true;
            self.waiting.extend(self.groups.drain(1..));
            return;
        }
        let Some(mut last) = self.groups.pop() else { return };
        match last.next_way() {
            true => self.groups.push(last),
            false => self.failed.push((last, why.to_owned())),
        }
    }
}

/// The lines that declare an image.
fn lines(image: &Image) -> impl Iterator<Item = (&str, u32)> {
    let at = image.declarations.iter().map(|declaration| &declaration.location);
    at.map(|at| (&*at.path, at.start.line))
}
