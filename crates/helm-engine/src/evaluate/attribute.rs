//! Which of the decisions that were turned together something new needs.

use super::Evaluator;
use super::address::AddressSet;
use super::condition::Condition;
use super::decision::{Decision, Turn, Turns};
use super::explore::{Explored, Source, Visitor};
use crate::value::Text;

impl Evaluator {
    /// Tells which decisions the new things in a text need, for which a batch was turned,
    /// and gives them to the visitor. Gives how many decisions could not be tried.
    ///
    /// Most things stand where some of the decisions led. One more evaluation with these
    /// turned, and no others, shows them as they are: what else was turned may have
    /// changed their text.
    pub(super) fn attribute(
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
            let under = |_: &Source| Some(conditions(explored, &all, turns));
            visitor.take(&explored.print(together, &self.take_calls()), &under);
            return 0;
        }
        let news = visitor.news(&explored.print(together, &[]));
        self.take_where_led(explored, &news, turns, left, visitor);
        while !visitor.news(&explored.print(together, &[])).is_empty() {
            if self.attribute_to_several(explored, batch, turns, left, visitor) == 0 {
                return if *left == 0 { batch.len() } else { 0 };
            }
        }
        0
    }

    /// Turns the decisions that led to what is new, and takes what each shows.
    fn take_where_led(
        &mut self,
        explored: &Explored<'_>,
        news: &[Source],
        turns: &Turns,
        left: &mut usize,
        visitor: &mut dyn Visitor,
    ) {
        let ways = news.iter().filter_map(|source| self.explorer.led.to(source));
        let wanted: Vec<Decision> = ways.flatten().collect();
        if wanted.is_empty() {
            return;
        }
        let all = with_ancestors(&with_companions(of(&wanted, turns), turns), turns);
        let Some(text) = self.turned(explored, &all, turns, left) else { return };
        let led = std::mem::take(&mut self.explorer.led);
        let under = |source: &Source| {
            let all = with_ancestors(&of(&led.to(source)?, turns), turns);
            Some(conditions(explored, &all, turns))
        };
        visitor.take(&explored.print(&text, &self.take_calls()), &under);
    }

    /// Finds decisions of a batch without any of which something new is not there, and
    /// takes it. Gives how many things that were.
    pub(super) fn attribute_to_several(
        &mut self,
        explored: &Explored<'_>,
        batch: &[Turn],
        turns: &Turns,
        left: &mut usize,
        visitor: &mut dyn Visitor,
    ) -> usize {
        let mut needed = batch.to_vec();
        let mut size = batch.len().div_ceil(2);
        // Parts are left out, then parts of what remains, half as large.
        while size > 0 {
            let mut start = 0;
            while start < needed.len() {
                let end = needed.len().min(start + size);
                let fewer = [&needed[..start], &needed[end..]].concat();
                let all = with_ancestors(&fewer, turns);
                let Some(text) = self.turned(explored, &all, turns, left) else { break };
                if visitor.news(&explored.print(&text, &[])).is_empty() {
                    start = end;
                } else {
                    needed = fewer;
                }
            }
            size = if size == 1 { 0 } else { size.div_ceil(2) };
        }
        let all = with_ancestors(&needed, turns);
        let under = |_: &Source| Some(conditions(explored, &all, turns));
        match self.turned(explored, &all, turns, left) {
            Some(text) => visitor.take(&explored.print(&text, &self.take_calls()), &under),
            None => 0,
        }
    }
}

/// The turns of decisions.
fn of(decisions: &[Decision], turns: &Turns) -> Vec<Turn> {
    decisions.iter().filter_map(|decision| turns.get(decision)).cloned().collect()
}

/// Turns with the values that are chosen under the same conditions: a registry beside its
/// repository.
fn with_companions(mut batch: Vec<Turn>, turns: &Turns) -> Vec<Turn> {
    let is_one = |turn: &&Turn| batch.iter().any(|chosen| chosen.goes_with(turn));
    let mut companions: Vec<Turn> = turns.values().filter(is_one).cloned().collect();
    companions.sort_by_key(|turn| turn.order);
    batch.extend(companions);
    batch
}

/// What has to be so for a file to print what it does with these decisions turned.
fn conditions(explored: &Explored<'_>, all: &[Decision], turns: &Turns) -> Vec<Condition> {
    let mut conditions = explored.conditions.to_vec();
    for condition in all.iter().filter_map(|d| turns.get(d)).flat_map(|turn| &turn.conditions) {
        let condition = condition.seen_from_above(explored.below);
        let reads_alike = |c: &Condition| c.text == condition.text && c.wanted == condition.wanted;
        if !conditions.iter().any(reads_alike) {
            conditions.push(condition);
        }
    }
    conditions
}

/// Decisions with those that have to be turned to reach them, the outermost first.
pub(super) fn with_ancestors(batch: &[Turn], turns: &Turns) -> Vec<Decision> {
    let mut all: Vec<Decision> = Vec::new();
    let mut seen: AddressSet<Decision> = AddressSet::default();
    for turn in batch {
        let known = turn.under.iter().filter(|decision| turns.contains_key(*decision));
        all.extend(known.chain([&turn.decision]).filter(|decision| seen.insert(**decision)));
    }
    all
}
