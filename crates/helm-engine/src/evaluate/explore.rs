//! The branches that the values do not choose.
//!
//! Each file is evaluated again with the decisions turned that leave out what may
//! hold an image: as many of them at once as there are, so that the cost is a few
//! evaluations of a file and not one for each branch. Only when that shows something
//! new, it is told which of them it needs. What a turned decision opens is turned in the
//! same evaluation where that hides nothing, else in the next one, under it.

use super::address::AddressSet;
use super::attribute::with_ancestors;
use super::condition::Condition;
use super::decision::{Decision, Kind, Slot, Turn, Turns};
use super::led::Led;
use super::trace::Call;
use super::unit::Named;
use super::{Evaluator, Outcome};
use crate::source::{FileId, Span};
use crate::value::{Text, Value, trail};
use std::collections::HashMap;
use std::rc::Rc;

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
    /// The things in a text that are not known yet.
    fn news(&mut self, print: &Print<'_>) -> Vec<Source>;
    /// Takes what is new in a text, each under the conditions that `under` gives for it,
    /// the outermost first; not what it gives none for. Says how many things that were.
    fn take(&mut self, print: &Print<'_>, under: Under<'_>) -> usize;
}

/// Where something that is printed comes from.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// The source bytes that it is made of.
    pub copied: Vec<Span>,
    /// The source bytes that print it; more than one where it is printed more than once.
    pub printed: Vec<Span>,
}

/// The conditions under which something is printed, by where it comes from.
pub type Under<'c> = &'c dyn Fn(&Source) -> Option<Vec<Condition>>;

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
    pub(super) fn print<'p>(&'p self, text: &'p Text, calls: &'p [Call]) -> Print<'p> {
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

    /// True when a file may print an image on any branch.
    pub(crate) fn may_print_an_image(&mut self, file: &Named) -> bool {
        let templates = Rc::clone(&self.templates);
        self.explorer.relevance.of(file.body(), &file.unit.source, &templates)
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
        let text = self.turned(explored, &[], &Turns::default(), &mut 1);
        let noted = Noted(std::mem::take(&mut self.explorer.met));
        let under = |_: &Source| Some(explored.conditions.to_vec());
        visitor.take(&explored.print(&text?, &self.take_calls()), &under);
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
        let mut turns = Turns::default();
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
            let mut batch = next_batch(&mut pending);
            let all = with_ancestors(&batch, &turns);
            self.explorer.opens = true;
            let text = self.turned(explored, &all, &turns, &mut left);
            self.explorer.opens = false;
            let opened = std::mem::take(&mut self.explorer.opened);
            let opened = self.explorer.met.extract_if(.., |turn| opened.contains(&turn.decision));
            for turn in opened {
                turns.insert(turn.decision, turn.clone());
                batch.push(turn);
            }
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
            && !visitor.news(&explored.print(&text, &[])).is_empty()
            && self.attribute_to_several(explored, &all, turns, left, visitor) > 0
        {}
    }

    /// What a file prints, past its errors, when decisions are turned.
    pub(super) fn turned(
        &mut self,
        explored: &Explored<'_>,
        turned: &[Decision],
        turns: &Turns,
        left: &mut usize,
    ) -> Option<Text> {
        *left = left.checked_sub(1)?;
        self.take_calls();
        self.explorer.led = Led::default();
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

/// Takes out the decisions that are turned together next, one way of each node, and none
/// that hides another one.
fn next_batch(pending: &mut Vec<Turn>) -> Vec<Turn> {
    let is_there = |kind: &Kind| pending.iter().any(|turn| turn.kind == *kind);
    let kinds = [Kind::Branch, Kind::Value, Kind::Setting];
    let kind = kinds.into_iter().find(is_there);
    let mut nodes = AddressSet::default();
    let mut slots: HashMap<Slot, Turn> = HashMap::new();
    let takes = |turn: &mut Turn| {
        let is_free = |slot: &Slot| slots.get(slot).is_none_or(|other| other.goes_with(turn));
        let takes = Some(turn.kind) == kind
            && turn.slots.iter().all(is_free)
            && nodes.insert(turn.decision.node);
        if takes {
            let taken = turn.slots.iter().map(|slot| (slot.clone(), turn.clone()));
            slots.extend(taken);
        }
        takes
    };
    pending.extract_if(.., takes).collect()
}
