//! Where turned decisions led while a file was evaluated, so that who finds an image
//! there knows which of them it needs, without trying each.

use super::Evaluator;
use super::decision::{Decision, Explorer};
use super::explore::Source;
use super::trace::Called;
use super::unit::{Named, Unit};
use crate::source::Span;
use crate::value::{Text, Value};
use std::ops::Range;

/// How many places are noted in one evaluation; for the rest decisions are tried.
const MOST_PLACES: usize = 4096;
/// How long a text is that is looked at.
const LONGEST_TEXT: usize = 4096;
/// How many pieces of one text, or scalars of one value, are noted.
const MOST_PIECES: usize = 64;

/// Source bytes that were printed or chosen because of turned decisions, with these,
/// the outermost first.
#[derive(Debug, Default)]
pub(super) struct Led(Vec<(Span, Vec<Decision>)>);

impl Led {
    /// Notes that decisions lead to source bytes.
    fn note(&mut self, span: Span, decisions: &[Decision]) {
        if self.0.len() < MOST_PLACES && span.start < span.end {
            self.0.push((span, decisions.to_vec()));
        }
    }

    /// The decisions that led to all that something is made of, and to one place that
    /// prints it; nothing where none is known to, or where several ways lead there.
    pub(super) fn to(&self, source: &Source) -> Option<Vec<Decision>> {
        let mut all: Vec<Decision> = Vec::new();
        let printed = source.printed.iter().map(|place| self.innermost(*place));
        match printed.min_by_key(|ways| ways.iter().map(|way| way.len()).min()).as_deref() {
            None | Some([]) => {}
            Some([way]) => all.extend(*way),
            Some(_) => return None,
        }
        for span in &source.copied {
            let ways = self.innermost(*span);
            let is_among = |way: &&[Decision]| way.iter().all(|decision| all.contains(decision));
            match ways.as_slice() {
                ways if ways.iter().any(is_among) => {}
                [] => {}
                [way] => all.extend(way.iter().filter(|d| !all.contains(d)).collect::<Vec<_>>()),
                _ => return None,
            }
        }
        (!all.is_empty()).then_some(all)
    }

    /// The ways to the smallest bytes around a place, each once; none when no decision
    /// led there.
    fn innermost(&self, place: Span) -> Vec<&[Decision]> {
        let around = |span: &Span| {
            span.file == place.file && span.start <= place.start && place.end <= span.end
        };
        let spans = self.0.iter().map(|(span, _)| span).filter(|span| around(span));
        let Some(least) = spans.min_by_key(|span| span.end - span.start) else { return Vec::new() };
        let mut ways: Vec<&[Decision]> = Vec::new();
        for (_, way) in self.0.iter().filter(|(span, _)| span == least) {
            if !ways.contains(&way.as_slice()) {
                ways.push(way);
            }
        }
        ways
    }
}

impl Explorer {
    /// Notes that a turned decision leads to a range of a text.
    pub(super) fn leads_to_text(&mut self, by: Decision, unit: &Unit, range: Range<usize>) {
        let spans = unit.text.spans(range);
        self.leads_to(by, spans);
    }

    /// Notes that a turned decision leads to a value.
    pub(super) fn leads_to_value(&mut self, by: Decision, value: &Value) {
        let mut spans = Vec::new();
        scalars(value, &mut spans);
        self.leads_to(by, spans);
    }

    /// Notes that the decisions around lead to a value.
    pub(super) fn leads_here(&mut self, value: &Value) {
        if !self.inside.is_empty() {
            let mut spans = Vec::new();
            scalars(value, &mut spans);
            spans.into_iter().for_each(|span| self.led.note(span, &self.inside));
        }
    }

    /// Notes that the decisions around lead to a printed text.
    pub(super) fn leads_here_to_text(&mut self, text: &Text) {
        if !self.inside.is_empty() && text.len() <= LONGEST_TEXT {
            let spans = text.spans(0..text.len());
            spans.into_iter().take(MOST_PIECES).for_each(|span| self.led.note(span, &self.inside));
        }
    }

    fn leads_to(&mut self, by: Decision, spans: Vec<Span>) {
        let mut decisions = self.inside.clone();
        if !decisions.contains(&by) {
            decisions.push(by);
        }
        spans.into_iter().take(MOST_PIECES).for_each(|span| self.led.note(span, &decisions));
    }
}

impl Evaluator {
    /// Notes that what is called is called because of the decisions around.
    pub(super) fn leads_to_call(&mut self, called: &Named) {
        if self.explorer.inside.is_empty() {
            return;
        }
        if let Called::Template(Some(span)) | Called::Text(Some(span)) = called.called() {
            self.explorer.led.note(span, &self.explorer.inside);
        }
    }
}

/// The source bytes of a value and of what is in it.
fn scalars(value: &Value, spans: &mut Vec<Span>) {
    if spans.len() >= MOST_PIECES {
        return;
    }
    match value {
        Value::Map(map) => map.entries().values().for_each(|entry| scalars(&entry.value, spans)),
        Value::List(list) => list.items.iter().for_each(|item| scalars(item, spans)),
        scalar => spans.extend(scalar.spans()),
    }
}
