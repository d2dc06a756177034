//! The one place that every encoder writes through.

use crate::functions::{Budget, Failure};
use crate::value::{Origin, RUN_COST, Text, TextBuilder};
use std::ops::Range;

/// Gathers output, asking the budget first.
pub(super) struct Writer<'b> {
    out: TextBuilder,
    budget: &'b mut Budget,
}

impl<'b> Writer<'b> {
    pub(super) fn new(budget: &'b mut Budget) -> Self {
        Self { out: TextBuilder::default(), budget }
    }

    /// Writes a part of a text.
    pub(super) fn copy(&mut self, text: &Text, range: Range<usize>) -> Result<(), Failure> {
        if range.is_empty() {
            return Ok(());
        }
        self.budget.bytes(text.cost(range.clone()))?;
        self.out.push_slice(text, range);
        Ok(())
    }

    /// Writes what spells a part of a text otherwise.
    pub(super) fn respell(
        &mut self,
        written: &str,
        text: &Text,
        range: Range<usize>,
    ) -> Result<(), Failure> {
        self.from(written, text.computed(range))
    }

    /// Writes text with an origin.
    pub(super) fn from(&mut self, written: &str, origin: Origin) -> Result<(), Failure> {
        if written.is_empty() {
            return Ok(());
        }
        let least = if origin == Origin::None { 0 } else { RUN_COST };
        self.budget.bytes(written.len().max(least))?;
        self.out.push_bytes(written.as_bytes(), origin);
        Ok(())
    }

    /// Writes text of the encoder's own.
    pub(super) fn own(&mut self, written: &str) -> Result<(), Failure> {
        self.from(written, Origin::None)
    }

    /// Writes blanks.
    pub(super) fn blanks(&mut self, count: usize) -> Result<(), Failure> {
        const BLANKS: &str = "                                                                ";
        let mut left = count;
        while left > 0 {
            let now = left.min(BLANKS.len());
            self.own(&BLANKS[..now])?;
            left -= now;
        }
        Ok(())
    }

    /// True before the first byte.
    pub(super) fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// The text without its last line feed.
    pub(super) fn finish_trimmed(self) -> Text {
        let text = self.out.finish();
        match text.bytes().last() {
            Some(b'\n') => text.slice(0..text.len() - 1),
            _ => text,
        }
    }

    pub(super) fn finish(self) -> Text {
        self.out.finish()
    }
}
