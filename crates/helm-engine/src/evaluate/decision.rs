//! Decisions that are noted while a template is evaluated, and how they come out when
//! they are turned.

use super::condition::{Condition, Wanted, is_value};
use super::defined::with_definitions;
use super::error::{Error, ErrorKind};
use super::item::Item;
use super::relevance::{self, Relevance};
use super::state::State;
use super::{Evaluator, Outcome};
use go_template::ast::Branch;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

/// What decides, in a tree that stays where it is while it is explored, and which of
/// the other ways it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Decision {
    pub(super) node: *const (),
    pub(super) way: usize,
}

impl Decision {
    /// One of the other ways of a node.
    pub(super) fn new<T>(node: *const T, way: usize) -> Self {
        Self { node: node.cast(), way }
    }
}

/// What a decision is turned together with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A branch: with all others, since what it leads to stands where it may.
    Branch,
    /// A value of an expression: with others of the kind, since in another one's place
    /// it may make a document that is no YAML.
    Value,
    /// A branch that sets variables: alone, since it would hide what others set.
    Setting,
}

/// A decision that can be turned.
#[derive(Debug, Clone)]
pub(super) struct Turn {
    pub(super) decision: Decision,
    pub(super) conditions: Vec<Condition>,
    /// What it is turned together with.
    pub(super) kind: Kind,
    /// The decisions that have to be turned to reach it, the outermost first.
    pub(super) under: Vec<Decision>,
    /// How many were noted before it.
    pub(super) order: usize,
}

impl Turn {
    /// The value that is assumed where this is turned, and whether it holds.
    pub(super) fn assumption(&self) -> Option<(&str, bool)> {
        let [Condition { text, wanted, .. }] = self.conditions.as_slice() else { return None };
        let text = text.strip_prefix('$').unwrap_or(text);
        (is_value(text) && !matches!(wanted, Wanted::Equal(_)))
            .then_some((text, *wanted == Wanted::True))
    }
}

/// Decisions by what is turned.
pub(super) type Turns = HashMap<Decision, Turn>;

/// How a branch comes out.
pub(super) struct Decided {
    /// It is taken.
    pub(super) holds: bool,
    /// What was turned for it to come out so.
    turned: Option<Decision>,
}

/// Decisions and how they come out.
#[derive(Debug, Default)]
pub(super) struct Explorer {
    /// Decisions are noted, and may be turned.
    pub(super) active: bool,
    /// Errors leave out what they are in, and nothing more.
    pub(super) lenient: bool,
    /// The value that is being told matters for its truth alone.
    only_truth: bool,
    pub(super) turned: HashSet<Decision>,
    /// Values that come out alike wherever they decide, and what is turned for it.
    pub(super) assumed: Vec<(String, bool, Decision)>,
    /// The turned decisions that were reached.
    pub(super) reached: HashSet<Decision>,
    /// Turned decisions that the evaluation is inside of, the outermost first.
    pub(super) inside: Vec<Decision>,
    /// Decisions that could be turned, in the order in which they were met.
    pub(super) met: Vec<Turn>,
    pub(super) known: HashSet<Decision>,
    pub(super) relevance: Relevance,
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

    /// True where it matters which value an expression chooses.
    pub(super) fn asks_for_values(&self) -> bool {
        self.active && !self.only_truth
    }

    /// True when a decision is turned, which is thereby reached.
    pub(super) fn turns(&mut self, decision: Decision) -> bool {
        let turned = self.turned.contains(&decision);
        if turned {
            self.reached.insert(decision);
        }
        turned
    }

    /// True of a decision that was noted before.
    pub(super) fn knows(&self, decision: Decision) -> bool {
        self.known.contains(&decision)
    }

    /// Notes a decision that could be turned.
    pub(super) fn note(&mut self, decision: Decision, conditions: Vec<Condition>, kind: Kind) {
        self.known.insert(decision);
        let order = self.known.len();
        let turn = Turn { decision, conditions, kind, under: self.inside.clone(), order };
        self.met.push(turn);
    }

    /// What is turned of a branch: itself, or the value that decides it.
    fn turned_of(&self, decision: Decision, state: &State<'_>, branch: &Branch) -> Option<Turned> {
        if self.turned.contains(&decision) {
            return Some(Turned::Itself);
        }
        let bytes = state.unit.text.bytes().get(deciding_bytes(branch))?;
        let bytes = bytes.strip_prefix(b"$").unwrap_or(bytes);
        // Only where it leads: elsewhere other expressions read the value, too.
        let mut assumed = self.assumed.iter().filter(|(_, _, by)| self.inside.contains(by));
        let (_, holds, by) = assumed.find(|(text, ..)| text.as_bytes() == bytes)?;
        Some(Turned::Assumed(*holds, *by))
    }
}

/// Why a branch comes out otherwise than the values make it.
enum Turned {
    Itself,
    Assumed(bool, Decision),
}

impl Evaluator {
    /// The value that decides a branch; nothing where it cannot be told.
    pub(super) fn deciding<'u>(
        &mut self,
        state: &mut State<'u>,
        dot: &Item,
        branch: &'u Branch,
        only_truth: bool,
    ) -> Outcome<Item> {
        let mark = state.mark();
        let outer = std::mem::replace(&mut self.explorer.only_truth, only_truth);
        let result = self.pipeline(state, dot, &branch.pipeline);
        self.explorer.only_truth = outer;
        match result {
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
        decided: &Decided,
        run: impl FnOnce(&mut Self) -> Outcome<T>,
    ) -> Outcome<T> {
        let Some(turned) = decided.turned else { return run(self) };
        self.explorer.inside.push(turned);
        let result = run(self);
        self.explorer.inside.pop();
        result
    }

    /// How a branch comes out whose value is true or not.
    pub(super) fn decides(&mut self, state: &State<'_>, branch: &Branch, is_true: bool) -> Decided {
        let as_it_is = Decided { holds: is_true, turned: None };
        if !self.explorer.active {
            return as_it_is;
        }
        let decision = Decision::new(std::ptr::from_ref(branch), 0);
        match self.explorer.turned_of(decision, state, branch) {
            Some(Turned::Itself) => {
                self.explorer.reached.insert(decision);
                return Decided { holds: !is_true, turned: Some(decision) };
            }
            Some(Turned::Assumed(holds, by)) => {
                self.explorer.reached.insert(by);
                return Decided { holds, turned: Some(by) };
            }
            None => {}
        }
        let left_out = if is_true { branch.otherwise.as_ref() } else { Some(&branch.body) };
        if let Some(left_out) = left_out
            && !self.explorer.knows(decision)
        {
            let templates = Rc::clone(&self.templates);
            let unit = state.unit;
            let sets = relevance::sets_variables(left_out);
            if sets
                || relevance::follows_a_sign(&unit.text, branch.span.start)
                || self.explorer.relevance.of(left_out, &unit.text, &templates)
            {
                let wanted = Wanted::truth(!is_true);
                let condition = condition(state, deciding_bytes(branch), wanted);
                let kind = if sets { Kind::Setting } else { Kind::Branch };
                self.explorer.note(decision, vec![condition], kind);
            }
        }
        as_it_is
    }
}

/// A condition on what stands at a range.
pub(super) fn condition(state: &State<'_>, range: Range<usize>, wanted: Wanted) -> Condition {
    let span = match state.unit.text.spans(range.clone()).as_slice() {
        [span] => Some(*span),
        _ => None,
    };
    let start = range.start;
    let mut text = state.unit.context(range);
    if text.contains('$') {
        text = with_definitions(&text, &state.unit.text.as_str(), start);
    }
    Condition { text, span, wanted }.without_not()
}

/// The bytes of the value that decides a branch, without the variables that take it.
fn deciding_bytes(branch: &Branch) -> Range<usize> {
    let span = branch.pipeline.span.clone();
    branch.pipeline.commands.first().map_or(span.start, |command| command.span.start)..span.end
}
