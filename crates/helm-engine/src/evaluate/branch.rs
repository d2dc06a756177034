//! How branches come out, and what they leave out.

use super::assigned::{assigned, only_versions};
use super::condition::{Condition, Wanted};
use super::decision::{Decision, Explorer, Kind};
use super::defined::with_definitions;
use super::item::Item;
use super::relevance;
use super::state::State;
use super::{Evaluator, Outcome};
use go_template::ast::{Branch, Invocation, List, Pipeline};
use std::ops::Range;
use std::rc::Rc;

/// How a branch comes out.
pub(super) struct Decided {
    /// It is taken.
    pub(super) holds: bool,
    /// What was turned for it to come out so.
    turned: Option<Decision>,
}

impl Explorer {
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
                        state.push(variable.name(&state.unit.source), Item::default());
                    }
                }
                Ok(Item::default())
            }
            result => result,
        }
    }

    /// Notes whether an action prints a part of an image. Gives what was so before.
    pub(super) fn begin_action(&mut self, state: &State<'_>, pipeline: &Pipeline) -> bool {
        let outer = self.explorer.in_an_image;
        if self.explorer.active {
            self.explorer.action = Some(std::ptr::from_ref(pipeline).cast());
        }
        if self.explorer.active && !outer {
            self.explorer.in_an_image = if pipeline.variables.is_empty() {
                relevance::is_in_an_image(&state.unit.text, pipeline.span.start())
            } else {
                let templates = Rc::clone(&self.templates);
                self.explorer.relevance.of_variables(pipeline, state.template, &templates)
            };
        }
        outer
    }

    /// Notes whether a template prints a part of an image. Gives what was so before.
    pub(super) fn begin_template(&mut self, state: &State<'_>, invocation: &Invocation) -> bool {
        let outer = self.explorer.in_an_image;
        if self.explorer.active && !outer {
            let at = invocation.span.start();
            self.explorer.in_an_image = relevance::is_in_an_image(&state.unit.text, at);
        }
        outer
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
                self.explorer.leads_to_text(decision, state.unit, inner(branch));
                return Decided { holds: !is_true, turned: Some(decision) };
            }
            Some(Turned::Assumed(holds, by)) => {
                self.explorer.reached.insert(by);
                self.explorer.leads_to_text(by, state.unit, inner(branch));
                return Decided { holds, turned: Some(by) };
            }
            None => {}
        }
        if self.notes(state, branch, is_true) && self.opens(state, branch, is_true) {
            self.explorer.open(decision);
            self.explorer.leads_to_text(decision, state.unit, inner(branch));
            return Decided { holds: !is_true, turned: Some(decision) };
        }
        as_it_is
    }

    /// Notes a branch that leaves out what may matter; true when it is noted now.
    fn notes(&mut self, state: &State<'_>, branch: &Branch, is_true: bool) -> bool {
        let decision = Decision::new(std::ptr::from_ref(branch), 0);
        let left_out = if is_true { branch.otherwise.as_ref() } else { Some(&branch.body) };
        let Some(left_out) = left_out.filter(|_| !self.explorer.knows(decision)) else {
            return false;
        };
        let mut sets = Vec::new();
        assigned(left_out, &state.unit.source, &mut sets);
        let matters = !sets.is_empty() && self.assigns_what_matters(state, left_out)
            || relevance::follows_a_sign(&state.unit.text, branch.span.start())
            || self.may_print(state, left_out);
        if matters {
            let wanted = Wanted::truth(!is_true);
            let condition = condition(state, deciding_bytes(branch), wanted);
            let kind = if sets.is_empty() { Kind::Branch } else { Kind::Setting };
            let body: *const List = state.template.body();
            let slots = sets.into_iter().map(|name| (body.cast(), name.to_owned())).collect();
            self.explorer.note(decision, vec![condition], kind, slots);
        }
        matters
    }

    /// True of a branch in what was opened that can be opened, too, since what it does as
    /// it is prints no image.
    fn opens(&mut self, state: &State<'_>, branch: &Branch, is_true: bool) -> bool {
        let (taken, other) = match (is_true, &branch.otherwise) {
            (true, otherwise) => (Some(&branch.body), otherwise.as_ref()),
            (false, otherwise) => (otherwise.as_ref(), Some(&branch.body)),
        };
        let sets = |list: &List| {
            let mut sets = Vec::new();
            assigned(list, &state.unit.source, &mut sets);
            !sets.is_empty()
        };
        self.explorer.may_open()
            && !relevance::follows_a_sign(&state.unit.text, branch.span.start())
            && !other.is_some_and(sets)
            && taken.is_none_or(|taken| {
                !state.template.is_definition() && !sets(taken) && !self.may_print(state, taken)
            })
    }

    fn may_print(&mut self, state: &State<'_>, list: &List) -> bool {
        let templates = Rc::clone(&self.templates);
        self.explorer.relevance.of(list, &state.unit.source, &templates)
    }

    fn assigns_what_matters(&mut self, state: &State<'_>, list: &List) -> bool {
        let templates = Rc::clone(&self.templates);
        !only_versions(list, &state.unit.source)
            && (self.explorer.in_an_image
                || self.explorer.relevance.of_assigned(list, state.template, &templates))
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
        text = with_definitions(&text, &state.unit.source, start);
    }
    Condition { text, span, wanted }.without_not()
}

/// What stands between a branch and its end.
fn inner(branch: &Branch) -> Range<usize> {
    branch.head.end()..branch.span.end()
}

/// The bytes of the value that decides a branch, without the variables that take it.
fn deciding_bytes(branch: &Branch) -> Range<usize> {
    let span = branch.pipeline.span;
    let first = branch.pipeline.commands.first().map_or(span, |command| command.span);
    first.start()..span.end()
}
