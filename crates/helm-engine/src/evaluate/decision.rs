//! Decisions that are noted while a template is evaluated, and how they come out when
//! they are turned.

use super::address::{AddressMap, AddressSet};
use super::condition::{Condition, Wanted, is_value};
use super::error::{Error, ErrorKind};
use super::led::Led;
use super::relevance::Relevance;
use super::state::State;
use go_template::ast::List;

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
    /// A branch that sets variables: with others that do, but none that sets the same,
    /// since it would hide what others set.
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
    /// What it takes for itself: of two turns with a slot in common one would hide what
    /// the other one does, unless both are values under the same conditions.
    pub(super) slots: Vec<Slot>,
    /// How many were noted before it.
    pub(super) order: usize,
}

/// A variable of a template, or, without a name, what an action or a template chooses.
pub(super) type Slot = (*const (), String);

impl Turn {
    /// True of two values that are chosen under the same conditions.
    pub(super) fn goes_with(&self, other: &Self) -> bool {
        let are_values = self.kind == Kind::Value && other.kind == Kind::Value;
        let mut both = self.conditions.iter().zip(&other.conditions);
        are_values
            && self.conditions.len() == other.conditions.len()
            && both.all(|(a, b)| a.agrees_with(b))
    }

    /// The value that is assumed where this is turned, and whether it holds.
    pub(super) fn assumption(&self) -> Option<(&str, bool)> {
        let [Condition { text, wanted, .. }] = self.conditions.as_slice() else { return None };
        let text = text.strip_prefix('$').unwrap_or(text);
        (is_value(text) && !matches!(wanted, Wanted::Equal(_)))
            .then_some((text, *wanted == Wanted::True))
    }
}

/// Decisions by what is turned.
pub(super) type Turns = AddressMap<Decision, Turn>;

/// Decisions and how they come out.
#[derive(Debug, Default)]
pub(super) struct Explorer {
    /// Decisions are noted, and may be turned.
    pub(super) active: bool,
    /// Errors leave out what they are in, and nothing more.
    pub(super) lenient: bool,
    /// The value that is being told matters for its truth alone.
    pub(super) only_truth: bool,
    pub(super) turned: AddressSet<Decision>,
    /// Values that come out alike wherever they decide, and what is turned for it.
    pub(super) assumed: Vec<(String, bool, Decision)>,
    /// The turned decisions that were reached.
    pub(super) reached: AddressSet<Decision>,
    /// Turned decisions that the evaluation is inside of, the outermost first.
    pub(super) inside: Vec<Decision>,
    /// Decisions that could be turned, in the order in which they were met.
    pub(super) met: Vec<Turn>,
    pub(super) known: AddressSet<Decision>,
    pub(super) relevance: Relevance,
    /// Branches that are met inside of what is turned are turned at once.
    pub(super) opens: bool,
    /// Those that were.
    pub(super) opened: AddressSet<Decision>,
    /// What is evaluated becomes a part of an image other than its tag, or goes into a
    /// variable that may.
    pub(super) in_an_image: bool,
    /// The action that is evaluated.
    pub(super) action: Option<*const ()>,
    /// Where turned decisions led.
    pub(super) led: Led,
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

    /// True inside of what was opened, where what is met can be opened at once.
    pub(super) fn may_open(&self) -> bool {
        self.opens && !self.inside.is_empty() && !self.in_an_image
    }

    /// Turns the decision that was noted last.
    pub(super) fn open(&mut self, decision: Decision) {
        self.turned.insert(decision);
        self.reached.insert(decision);
        self.opened.insert(decision);
        let assumption = self.met.last().and_then(|turn| turn.assumption());
        let assumption = assumption.map(|(text, holds)| (text.to_owned(), holds, decision));
        self.assumed.extend(assumption);
    }

    /// Notes a decision that could be turned.
    pub(super) fn note(
        &mut self,
        decision: Decision,
        conditions: Vec<Condition>,
        kind: Kind,
        slots: Vec<Slot>,
    ) {
        self.known.insert(decision);
        let (order, under) = (self.known.len(), self.inside.clone());
        self.met.push(Turn { decision, conditions, kind, under, slots, order });
    }

    /// What a value is chosen for: in a template that makes a part of something, all of
    /// that; elsewhere what the action prints.
    pub(super) fn slot_of_value(&self, state: &State<'_>) -> Slot {
        let whole: *const List = state.template.body();
        let action = self.action.filter(|_| !state.template.is_definition());
        (action.unwrap_or(whole.cast()), String::new())
    }
}
