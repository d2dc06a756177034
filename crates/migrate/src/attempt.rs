//! The way of one chart to a change that is proved.

use crate::change;
use crate::elsewhere;
use crate::groups::Group;
use crate::migration::{ChartChange, Migration, Refused, Request, file_of, is_below};
use crate::propose::Refusal;
use crate::prove::{self, Line, Mismatch, Seen};
use crate::remarks;
use chart_lint::model::{Image, Report};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
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
    /// Whether all that is tried is proved but for the last group.
    is_last_open: bool,
    /// Groups that could not be proved, and why: since another one may have been to blame,
    /// they are tried again, on top of what is proved, as long as more of them is.
    failed: Vec<(Group, String)>,
    /// What stays of the images that are proved, and why.
    defaults: Vec<Refused>,
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
            is_last_open: false,
            failed: Vec::new(),
            defaults: Vec::new(),
        }
    }

    /// What is to be tried; `None` when nothing is left.
    pub(crate) fn change(&mut self, request: &Request<'_>) -> io::Result<Option<ChartChange>> {
        loop {
            if self.groups.is_empty() {
                let Some(next) = self.waiting.pop_front() else { return Ok(None) };
                self.groups.push(next);
                self.is_last_open = true;
            }
            match self.edited(request, &self.groups)? {
                Ok(change) => return Ok(Some(change)),
                Err(why) => self.conflict(request, &why)?,
            }
        }
    }

    /// The change that some groups make on top of what is proved.
    fn edited(
        &self,
        request: &Request<'_>,
        groups: &[Group],
    ) -> io::Result<Result<ChartChange, String>> {
        change::of(request, self.chart, self.base.iter().chain(groups))
    }

    /// The edits cannot be made together: those go on that cannot be made even alone.
    fn conflict(&mut self, request: &Request<'_>, why: &str) -> io::Result<()> {
        let mut alone = Vec::new();
        for at in (0..self.groups.len()).rev() {
            if self.edited(request, &self.groups[at..=at])?.is_err() {
                alone.push(at);
            }
        }
        match alone.is_empty() {
            true => self.fail(why),
            false => self.go_on(alone.into_iter().map(|at| (at, why)).collect()),
        }
        Ok(())
    }

    /// What is tried is proved, with these images left as defaults of copies: the next that
    /// waits joins it, or what could not be proved without it is tried again.
    pub(crate) fn keep<'i>(
        &mut self,
        change: ChartChange,
        defaults: impl Iterator<Item = &'i Image>,
    ) {
        self.proved = Some(change);
        self.defaults = defaults.map(|image| default_of_copy(self.chart, image)).collect();
        self.add();
    }

    /// What is tried is proved.
    fn add(&mut self) {
        if let Some(next) = self.waiting.pop_front() {
            self.groups.push(next);
            self.is_last_open = true;
            return;
        }
        self.base.append(&mut self.groups);
        self.groups = self.failed.drain(..).map(|(group, _)| group.restarted()).collect();
        (self.singly, self.is_last_open) = (false, false);
    }

    /// Has groups move in another way, or not at all; they are given by their places, the
    /// last one first, with the reason.
    fn go_on(&mut self, blamed: Vec<(usize, &str)>) {
        let is_last = blamed.first().is_some_and(|(at, _)| at + 1 == self.groups.len());
        self.is_last_open &= blamed.len() == 1 && is_last;
        let failed = self.failed.len();
        for (at, why) in blamed {
            let mut group = self.groups.remove(at);
            match group.next_way() {
                true => self.groups.push(group),
                false => self.failed.push((group, why.to_owned())),
            }
        }
        if self.is_last_open && self.failed.len() > failed && !self.groups.is_empty() {
            self.add();
        }
    }

    /// Takes what was proved into a migration, and says what was not.
    pub(crate) fn end(self, request: &Request<'_>, migration: &mut Migration) {
        if let Some(change) = self.proved {
            migration.notes.extend(remarks::of(request, &change));
            migration.charts.push(change);
        }
        migration.refused.extend(self.defaults);
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
            found |= elsewhere::moves_too(request, change, image, &mut self.groups);
        }
        if found {
            self.is_last_open = false;
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
        let is_to_blame = |group: &Group| {
            group.images().any(|index| {
                let image = request.report.images.get(index);
                mismatch.missing.contains(&index)
                    || image.is_some_and(|image| lines(image).any(|line| declared.contains(&line)))
            })
        };
        let with_words = |places: Vec<usize>| places.into_iter().map(|at| (at, &**why)).collect();
        let blamed: Vec<(usize, &str)> = match &mismatch.seen {
            Seen::Failure(chart) => with_words(self.unwanted(request, change, why, chart)),
            Seen::Lines(lines) => self.spelled(lines),
            Seen::Images => with_words(self.places(is_to_blame)),
        };
        match blamed.is_empty() {
            true => self.fail(why),
            false => self.go_on(blamed),
        }
    }

    /// The groups that some line can be blamed on, and no other one.
    fn spelled<'l>(&self, lines: &'l [Line]) -> Vec<(usize, &'l str)> {
        let mut blamed: BTreeMap<usize, &str> = BTreeMap::new();
        for line in lines {
            if let [one] = self.places(|group| is_spelled(group, line))[..] {
                blamed.entry(one).or_insert(&line.words);
            }
        }
        blamed.into_iter().rev().collect()
    }

    /// The places of some of the groups that are tried, the last one first.
    fn places(&self, is_one: impl Fn(&Group) -> bool) -> Vec<usize> {
        let groups = self.groups.iter().enumerate().rev();
        groups.filter(|(_, group)| is_one(group)).map(|(at, _)| at).collect()
    }

    /// The groups with images that a template which fails names: a chart says which ones it
    /// does not want. Those of that very chart, where it has some of that name.
    fn unwanted(
        &self,
        request: &Request<'_>,
        change: &ChartChange,
        why: &str,
        failed: &str,
    ) -> Vec<usize> {
        let chart =
            if failed.is_empty() { self.chart.to_owned() } else { file_of(self.chart, failed) };
        let named = |group: &Group, anywhere: bool| {
            group.images().any(|index| {
                let moved = change.moved.get(&index).is_some_and(|(_, after)| why.contains(after));
                let image = request.report.images.get(index);
                moved && (anywhere || image.is_some_and(|image| *image.chart == *chart))
            })
        };
        let of_chart = self.places(|group| named(group, false));
        if of_chart.is_empty() { self.places(|group| named(group, true)) } else { of_chart }
    }

    /// Nothing tells which group is to blame: the last one, when the others are proved
    /// without it, else they are tried one after the other.
    fn fail(&mut self, why: &str) {
        if self.groups.len() > 1 && !self.singly {
            (self.singly, self.is_last_open) = (true, true);
            self.waiting.extend(self.groups.drain(1..));
        } else if let Some(last) = self.groups.len().checked_sub(1) {
            self.go_on(vec![(last, why)]);
        }
    }
}

/// True of a group with an edit that a rendered line shows.
fn is_spelled(group: &Group, line: &Line) -> bool {
    let shows = |old: &str, new: &str| {
        !old.is_empty() && line.before.contains(old) && line.after.contains(new)
    };
    group.ways().any(|way| {
        way.edits.values().flatten().any(|edit| shows(&edit.before, &edit.after))
            || way.overrides.iter().any(|one| shows(&one.before, &one.value))
    })
}

/// What a copy says of an image where no value is given.
fn default_of_copy(chart: &str, image: &Image) -> Refused {
    let copies = file_of(chart, "charts");
    let mut places = image.declarations.iter().map(|declaration| &declaration.location);
    let at = places.clone().find(|at| is_template(&at.path) && is_below(&at.path, &copies));
    let at = at.or_else(|| places.next());
    Refused::new(
        image,
        at,
        Refusal::new(
            "it is the own default of a copy of a dependency, which the value over it hides",
            "Update the dependency to a version that has moved, or keep a chart of your own.",
        ),
    )
}

fn is_template(path: &str) -> bool {
    path.contains("/templates/")
}

/// The lines that declare an image.
fn lines(image: &Image) -> impl Iterator<Item = (&str, u32)> {
    let at = image.declarations.iter().map(|declaration| &declaration.location);
    at.map(|at| (&*at.path, at.start.line))
}
