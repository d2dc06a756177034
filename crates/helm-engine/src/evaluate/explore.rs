//! The branches that the values do not choose.
//!
//! Each file is evaluated again with the decisions turned that leave out what may
//! hold an image: as many of them at once as there are, so that the cost is a few
//! evaluations of a file and not one for each branch. Only when that shows something
//! new, the decisions are turned one by one, to tell which of them it needs. What a
//! turned decision opens is explored in the same way, under it.

use super::condition::Condition;
use super::decision::{Decision, Kind, Turn, Turns};
use super::trace::Call;
use super::unit::Named;
use super::{Evaluator, Outcome};
use crate::source::FileId;
use crate::value::{Text, Value, trail};
use std::collections::HashSet;

/// What a file prints when some decisions are turned.
#[derive(Debug, Clone, Copy)]
pub struct Print<'p> {
    /// The template's path as Helm names it. A file has several when its chart is there
    /// under several aliases.
    pub path: &'p str,
    /// The template's file.
    pub file: FileId,
    /// The text.
    pub text: &'p Text,
    /// What was executed to print it, when that is noted.
    pub calls: &'p [Call],
}

/// Who looks at what is explored.
pub trait Visitor {
    /// How many things a text holds that are not known yet.
    fn news(&mut self, print: &Print<'_>) -> usize;
    /// Takes what is new in a text under these conditions, the outermost first, and
    /// says how many things that were.
    fn take(&mut self, print: &Print<'_>, conditions: &[Condition]) -> usize;
}

/// A file to be explored.
pub(crate) struct Explored<'f> {
    /// Its path as Helm names it.
    pub(crate) path: &'f str,
    /// The file.
    pub(crate) file: FileId,
    /// Its template.
    pub(crate) named: &'f Named,
    /// What it sees.
    pub(crate) dot: &'f Value,
    /// What it prints past its errors is not known yet.
    pub(crate) anew: bool,
    /// What has to hold for it to be rendered at all.
    pub(crate) conditions: &'f [Condition],
    /// The way from the values of the whole chart to those that it sees: `sub.`, empty
    /// in the chart itself.
    pub(crate) below: &'f str,
}

impl Explored<'_> {
    fn print<'p>(&'p self, text: &'p Text, calls: &'p [Call]) -> Print<'p> {
        Print { path: self.path, file: self.file, text, calls }
    }
}

impl Evaluator {
    /// Renders a file as [`Evaluator::render`] does, and notes what it leaves out.
    pub(crate) fn render_noting(&mut self, file: &Named, dot: Value) -> Outcome<Text> {
        self.explorer.active = true;
        let result = self.render(file, dot);
        self.explorer.active = false;
        result
    }

    /// What was noted since the last call.
    pub(crate) fn take_noted(&mut self) -> Noted {
        self.explorer.known.clear();
        Noted(std::mem::take(&mut self.explorer.met))
    }

    /// Takes what a file prints past its errors, and notes what it leaves out. Nothing
    /// when a limit is reached.
    pub(crate) fn look(
        &mut self,
        explored: &Explored<'_>,
        visitor: &mut dyn Visitor,
    ) -> Option<Noted> {
        self.explorer.known.clear();
        self.seen(explored, visitor)
    }

    fn seen(&mut self, explored: &Explored<'_>, visitor: &mut dyn Visitor) -> Option<Noted> {
        let text = self.turned(explored, &[], &Turns::new(), &mut 1);
        let noted = Noted(std::mem::take(&mut self.explorer.met));
        visitor.take(&explored.print(&text?, &self.take_calls()), explored.conditions);
        Some(noted)
    }

    /// Explores what a file left out, with at most `most` evaluations. Gives how many
    /// decisions were not turned because there were too many.
    pub(crate) fn explore(
        &mut self,
        explored: &Explored<'_>,
        noted: Noted,
        most: usize,
        visitor: &mut dyn Visitor,
    ) -> usize {
        self.explorer.known = noted.0.iter().map(|turn| turn.decision).collect();
        let mut left = most;
        let mut dropped = 0;
        let mut turns = Turns::new();
        let mut pending = noted.0;
        if explored.anew {
            match self.seen(explored, visitor) {
                Some(noted) => pending.extend(noted.0),
                // A limit was reached.
                None => dropped += 1,
            }
        }
        while !pending.is_empty() && left > 0 {
            turns.extend(pending.iter().map(|turn| (turn.decision, turn.clone())));
            let batch = next_batch(&mut pending);
            let all = with_ancestors(&batch, &turns);
            let text = self.turned(explored, &all, &turns, &mut left);
            let reached = std::mem::take(&mut self.explorer.reached);
            match text {
                Some(text) => {
                    dropped += self.attribute(explored, &batch, &turns, &text, &mut left, visitor);
                }
                None => dropped += batch.len(),
            }
            pending.append(&mut self.explorer.met);
            // Some are out of reach when others are turned: they come next.
            let (met, missed): (Vec<Turn>, Vec<Turn>) =
                batch.into_iter().partition(|turn| reached.contains(&turn.decision));
            if met.is_empty() {
                dropped += missed.len();
            } else {
                pending.extend(missed);
            }
        }
        dropped += pending.len();
        self.all_at_once(explored, &turns, &mut left, visitor);
        self.explorer.met.clear();
        self.explorer.reached.clear();
        self.explorer.known.clear();
        dropped
    }

    /// What one decision sets may be printed only under another one: turns all of them.
    fn all_at_once(
        &mut self,
        explored: &Explored<'_>,
        turns: &Turns,
        left: &mut usize,
        visitor: &mut dyn Visitor,
    ) {
        let mut all: Vec<Turn> =
            turns.values().filter(|turn| turn.kind != Kind::Value).cloned().collect();
        let settings = all.iter().filter(|turn| turn.kind == Kind::Setting).count();
        if settings == 0 || settings == all.len() {
            return;
        }
        all.sort_by_key(|turn| turn.order);
        while let Some(text) = self.turned(explored, &with_ancestors(&all, turns), turns, left)
            && visitor.news(&explored.print(&text, &[])) > 0
            && self.attribute_to_several(explored, &all, turns, left, visitor) > 0
        {}
    }

    /// Turns decisions one by one until what is new in a text, for which they were all
    /// turned, is told. Gives how many could not be tried.
    fn attribute(
        &mut self,
        explored: &Explored<'_>,
        batch: &[Turn],
        turns: &Turns,
        together: &Text,
        left: &mut usize,
        visitor: &mut dyn Visitor,
    ) -> usize {
        if let [one] = batch {
            let all = with_ancestors(std::slice::from_ref(one), turns);
            visitor.take(
                &explored.print(together, &self.take_calls()),
                &conditions(explored, &all, turns),
            );
            return 0;
        }
        let mut news = visitor.news(&explored.print(together, &[]));
        let mut tried = 0;
        for turn in batch {
            if news == 0 || *left == 0 {
                break;
            }
            tried += 1;
            let all = with_ancestors(std::slice::from_ref(turn), turns);
            let Some(text) = self.turned(explored, &all, turns, left) else { continue };
            if visitor.take(
                &explored.print(&text, &self.take_calls()),
                &conditions(explored, &all, turns),
            ) > 0
            {
                news = visitor.news(&explored.print(together, &[]));
            }
        }
        if news > 0 && tried == batch.len() {
            self.attribute_to_several(explored, batch, turns, left, visitor);
        }
        if news == 0 { 0 } else { batch.len() - tried }
    }

    /// Tells what is new only when several decisions are turned at once: those without
    /// which it is not there. Gives how many things that were.
    fn attribute_to_several(
        &mut self,
        explored: &Explored<'_>,
        batch: &[Turn],
        turns: &Turns,
        left: &mut usize,
        visitor: &mut dyn Visitor,
    ) -> usize {
        let mut needed = batch.to_vec();
        for turn in batch {
            let fewer: Vec<Turn> =
                needed.iter().filter(|other| other.decision != turn.decision).cloned().collect();
            let all = with_ancestors(&fewer, turns);
            let Some(text) = self.turned(explored, &all, turns, left) else { break };
            if visitor.news(&explored.print(&text, &[])) > 0 {
                needed = fewer;
            }
        }
        let all = with_ancestors(&needed, turns);
        match self.turned(explored, &all, turns, left) {
            Some(text) => visitor.take(
                &explored.print(&text, &self.take_calls()),
                &conditions(explored, &all, turns),
            ),
            None => 0,
        }
    }

    /// What a file prints, past its errors, when decisions are turned.
    fn turned(
        &mut self,
        explored: &Explored<'_>,
        turned: &[Decision],
        turns: &Turns,
        left: &mut usize,
    ) -> Option<Text> {
        *left = left.checked_sub(1)?;
        self.take_calls();
        self.explorer.turned = turned.iter().copied().collect();
        let assumptions = turned.iter().filter_map(|decision| {
            let (text, holds) = turns.get(decision)?.assumption()?;
            Some((text.to_owned(), holds, *decision))
        });
        self.explorer.assumed = assumptions.collect();
        self.explorer.lenient = true;
        let dot = explored.dot.clone();
        let result = trail::taken_back(|| self.render_noting(explored.named, dot));
        self.explorer.lenient = false;
        self.explorer.turned.clear();
        self.explorer.assumed.clear();
        self.explorer.inside.clear();
        result.ok()
    }
}

/// Decisions of a file that left out what may matter.
#[derive(Debug, Default)]
pub(crate) struct Noted(Vec<Turn>);

impl Noted {
    /// True when nothing was left out.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Takes out the decisions that are turned together next, one way of each node.
fn next_batch(pending: &mut Vec<Turn>) -> Vec<Turn> {
    let is_there = |kind| pending.iter().any(|turn| turn.kind == kind);
    let Some(kind) = [Kind::Branch, Kind::Value].into_iter().find(|kind| is_there(*kind)) else {
        return vec![pending.remove(0)];
    };
    let mut nodes = HashSet::new();
    let mut takes = |turn: &Turn| turn.kind == kind && nodes.insert(turn.decision.node);
    pending.extract_if(.., |turn| takes(turn)).collect()
}

/// What has to be so for a file to print what it does with these decisions turned.
fn conditions(explored: &Explored<'_>, all: &[Decision], turns: &Turns) -> Vec<Condition> {
    let mut conditions = explored.conditions.to_vec();
    for condition in all.iter().filter_map(|d| turns.get(d)).flat_map(|turn| &turn.conditions) {
        let condition = condition.seen_from_above(explored.below);
        if !conditions.contains(&condition) {
            conditions.push(condition);
        }
    }
    conditions
}

/// Decisions with those that have to be turned to reach them, the outermost first.
fn with_ancestors(batch: &[Turn], turns: &Turns) -> Vec<Decision> {
    let mut all: Vec<Decision> = Vec::new();
    let mut seen: HashSet<Decision> = HashSet::new();
    for turn in batch {
        let known = turn.under.iter().filter(|decision| turns.contains_key(*decision));
        all.extend(known.chain([&turn.decision]).filter(|decision| seen.insert(**decision)));
    }
    all
}
