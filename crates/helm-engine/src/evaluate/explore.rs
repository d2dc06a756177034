//! The branches that the values do not choose.
//!
//! Each file is evaluated again with the decisions turned that leave out what may
//! hold an image: as many of them at once as there are, so that the cost is a few
//! evaluations of a file and not one for each branch. Only when that shows something
//! new, the decisions are turned one by one, to tell which of them it needs. What a
//! turned decision opens is explored in the same way, under it.

use super::error::{Error, ErrorKind};
use super::item::Item;
use super::relevance::{self, Relevance};
use super::state::State;
use super::trace::Call;
use super::unit::Named;
use super::{Evaluator, Outcome};
use crate::source::{FileId, Span};
use crate::value::{Text, Value, trail};
use go_template::ast::Branch;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::rc::Rc;

/// A decision that has to be other than the values make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The pipeline that decides, as it is written.
    pub text: String,
    /// Its bytes, when they are bytes of one file.
    pub span: Option<Span>,
    /// It has to hold; else it has to fail.
    pub holds: bool,
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", if self.holds { "when" } else { "unless" }, self.text)
    }
}

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
    /// It ended in an error.
    pub(crate) failed: bool,
}

impl Explored<'_> {
    fn print<'p>(&'p self, text: &'p Text, calls: &'p [Call]) -> Print<'p> {
        Print { path: self.path, file: self.file, text, calls }
    }
}

/// A branch in a tree that stays where it is while it is explored.
type Decision = *const Branch;

/// A decision that can be turned.
#[derive(Debug, Clone)]
struct Turn {
    decision: Decision,
    condition: Condition,
    /// It sets variables, so that it would hide what others set.
    sets: bool,
    /// The decisions that have to be turned to reach it, the outermost first.
    under: Vec<Decision>,
}

/// Decisions and how they come out.
#[derive(Debug, Default)]
pub(super) struct Explorer {
    /// Decisions are noted, and may be turned.
    active: bool,
    /// Errors leave out what they are in, and nothing more.
    lenient: bool,
    turned: HashSet<Decision>,
    /// Those of them that were reached.
    reached: HashSet<Decision>,
    /// Turned decisions that the evaluation is inside of, the outermost first.
    inside: Vec<Decision>,
    /// Decisions that could be turned, in the order in which they were met.
    met: Vec<Turn>,
    known: HashSet<Decision>,
    relevance: Relevance,
}

impl Explorer {
    /// True when an evaluation goes on after an error.
    pub(super) fn passes_over(&self, error: &Error) -> bool {
        // Past an inclusion that goes too deep there are only more of them.
        let too_deep = || error.message.contains("nested reference name");
        self.lenient && error.kind != ErrorKind::Limit && !too_deep()
    }

    /// True when errors are passed over, so that nobody asks where they are.
    pub(super) fn is_lenient(&self) -> bool {
        self.lenient
    }

    /// True while parsed texts have to stay where they are.
    pub(super) fn keeps_trees(&self) -> bool {
        self.active
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
        let mut turns: HashMap<Decision, Turn> = HashMap::new();
        if explored.failed
            && let Some(text) = self.turned(explored, &[], &mut left)
        {
            visitor.take(&explored.print(&text, &self.take_calls()), &[]);
        }
        let mut pending = noted.0;
        pending.append(&mut self.explorer.met);
        while !pending.is_empty() && left > 0 {
            turns.extend(pending.iter().map(|turn| (turn.decision, turn.clone())));
            let apart = pending.iter().position(|turn| turn.sets);
            let together = pending.iter().any(|turn| !turn.sets);
            let batch: Vec<Turn> = match apart {
                Some(index) if !together => vec![pending.remove(index)],
                _ => pending.extract_if(.., |turn| !turn.sets).collect(),
            };
            let all = with_ancestors(&batch, &turns);
            let text = self.turned(explored, &all, &mut left);
            let reached = std::mem::take(&mut self.explorer.reached);
            let opened = std::mem::take(&mut self.explorer.met);
            match text {
                Some(text) => {
                    dropped += self.attribute(explored, &batch, &turns, &text, &mut left, visitor);
                }
                // A limit was reached.
                None => dropped += batch.len(),
            }
            // Some are out of reach when others are turned: they come next.
            let (met, missed): (Vec<Turn>, Vec<Turn>) =
                batch.into_iter().partition(|turn| reached.contains(&turn.decision));
            if !met.is_empty() {
                pending.extend(missed);
            }
            pending.extend(opened);
        }
        self.explorer.known.clear();
        dropped + pending.len()
    }

    /// Turns decisions one by one until what is new in a text, for which they were all
    /// turned, is told. Gives how many could not be tried.
    fn attribute(
        &mut self,
        explored: &Explored<'_>,
        batch: &[Turn],
        turns: &HashMap<Decision, Turn>,
        together: &Text,
        left: &mut usize,
        visitor: &mut dyn Visitor,
    ) -> usize {
        let mut news = visitor.news(&explored.print(together, &[]));
        let mut tried = 0;
        for turn in batch {
            if news == 0 || *left == 0 {
                break;
            }
            tried += 1;
            let all = with_ancestors(std::slice::from_ref(turn), turns);
            let Some(text) = self.turned(explored, &all, left) else { continue };
            let conditions: Vec<Condition> = all
                .iter()
                .filter_map(|decision| turns.get(decision))
                .map(|turn| turn.condition.clone())
                .collect();
            let calls = self.take_calls();
            if visitor.take(&explored.print(&text, &calls), &conditions) > 0 {
                news = visitor.news(&explored.print(together, &[]));
            }
        }
        self.explorer.met.clear();
        self.explorer.reached.clear();
        if news == 0 { 0 } else { batch.len() - tried }
    }

    /// What a file prints, past its errors, when decisions are turned.
    fn turned(
        &mut self,
        explored: &Explored<'_>,
        turned: &[Decision],
        left: &mut usize,
    ) -> Option<Text> {
        *left = left.checked_sub(1)?;
        self.take_calls();
        self.explorer.turned = turned.iter().copied().collect();
        self.explorer.lenient = true;
        let dot = explored.dot.clone();
        let result = trail::taken_back(|| self.render_noting(explored.named, dot));
        self.explorer.lenient = false;
        self.explorer.turned.clear();
        self.explorer.inside.clear();
        result.ok()
    }

    /// The value that decides a branch; nothing where it cannot be told.
    pub(super) fn deciding<'u>(
        &mut self,
        state: &mut State<'u>,
        dot: &Item,
        branch: &'u Branch,
    ) -> Outcome<Item> {
        let mark = state.mark();
        match self.pipeline(state, dot, &branch.pipeline) {
            Err(error) if self.explorer.passes_over(&error) => {
                state.pop(mark);
                for variable in &branch.pipeline.variables {
                    if !branch.pipeline.assigns {
                        state.push(&variable.name, Item::default());
                    }
                }
                Ok(Item::default())
            }
            result => result,
        }
    }

    /// Runs what a decision leads to; tells what is met there that it was turned.
    pub(super) fn inside<T>(
        &mut self,
        branch: &Branch,
        run: impl FnOnce(&mut Self) -> Outcome<T>,
    ) -> Outcome<T> {
        let decision: Decision = branch;
        if !self.explorer.turned.contains(&decision) {
            return run(self);
        }
        self.explorer.inside.push(decision);
        let result = run(self);
        self.explorer.inside.pop();
        result
    }

    /// How a branch comes out whose value is true or not.
    pub(super) fn decides(&mut self, state: &State<'_>, branch: &Branch, is_true: bool) -> bool {
        if !self.explorer.active {
            return is_true;
        }
        let decision: Decision = branch;
        if self.explorer.turned.contains(&decision) {
            self.explorer.reached.insert(decision);
            return !is_true;
        }
        let left_out = if is_true { branch.otherwise.as_ref() } else { Some(&branch.body) };
        if let Some(left_out) = left_out
            && !self.explorer.known.contains(&decision)
        {
            let templates = Rc::clone(&self.templates);
            let unit = state.unit;
            if relevance::sets_variables(left_out)
                || relevance::follows_a_sign(&unit.text, branch.span.start)
                || self.explorer.relevance.of(left_out, &unit.text, &templates)
            {
                self.explorer.known.insert(decision);
                let pipeline = &branch.pipeline;
                let span = match unit.text.spans(pipeline.span.clone()).as_slice() {
                    [span] => Some(*span),
                    _ => None,
                };
                let text = unit.context(pipeline.span.clone());
                let condition = Condition { text, span, holds: !is_true };
                let under = self.explorer.inside.clone();
                let sets = relevance::sets_variables(left_out);
                self.explorer.met.push(Turn { decision, condition, sets, under });
            }
        }
        is_true
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

/// Decisions with those that have to be turned to reach them, the outermost first.
fn with_ancestors(batch: &[Turn], turns: &HashMap<Decision, Turn>) -> Vec<Decision> {
    let mut all: Vec<Decision> = Vec::new();
    let mut seen: HashSet<Decision> = HashSet::new();
    for turn in batch {
        let known = turn.under.iter().filter(|decision| turns.contains_key(*decision));
        all.extend(known.chain([&turn.decision]).filter(|decision| seen.insert(**decision)));
    }
    all
}
