//! The way of what is printed: what was executed to print it, and from where.
//!
//! Nothing is noted unless it is asked for, since that takes time and room.

use super::Evaluator;
use super::state::State;
use super::unit::Named;
use crate::source::Span;
use crate::value::Text;

/// How many calls of one file are noted; the rest has no way to show.
const MOST_CALLS: usize = 1 << 16;

/// What was executed while another template printed.
#[derive(Debug, Clone)]
pub struct Call {
    /// The call that it was made in, by its index; none in the file itself.
    pub within: Option<usize>,
    /// What was executed.
    pub called: Called,
    /// The bytes that call it.
    pub site: Option<Span>,
    /// What it gave.
    pub output: Text,
}

/// What a [`Call`] executes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Called {
    /// A named template: from `{{ define` to its end. None of a file's own body.
    Template(Option<Span>),
    /// The text of a `tpl`, when it is from one file.
    Text(Option<Span>),
}

/// The calls so far, those before that they are in.
#[derive(Debug, Default)]
pub(super) struct Trace {
    calls: Vec<Call>,
    within: Option<usize>,
}

impl Evaluator {
    /// From now on calls are noted.
    pub(crate) fn note_calls(&mut self) {
        self.trace = Some(Trace::default());
    }

    /// The calls that were noted since the last time.
    pub(crate) fn take_calls(&mut self) -> Vec<Call> {
        self.trace.as_mut().map(std::mem::take).unwrap_or_default().calls
    }

    /// Notes that something is executed. What it gives belongs to [`Evaluator::leave`].
    pub(super) fn enter(&mut self, state: &State<'_>, called: &Named) -> Option<usize> {
        self.leads_to_call(called);
        let trace = self.trace.as_mut()?;
        if trace.calls.len() == MOST_CALLS {
            return None;
        }
        let index = trace.calls.len();
        let (within, site) = (trace.within.replace(index), state.site());
        trace.calls.push(Call { within, called: called.called(), site, output: Text::default() });
        Some(index)
    }

    /// Notes what it gave; nothing when it failed.
    pub(super) fn leave(&mut self, call: Option<usize>, output: Option<&Text>) {
        let (Some(trace), Some(index)) = (self.trace.as_mut(), call) else { return };
        if let Some(call) = trace.calls.get_mut(index) {
            trace.within = call.within;
            call.output = output.cloned().unwrap_or_default();
        }
    }
}
