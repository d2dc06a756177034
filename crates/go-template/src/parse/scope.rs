//! What is known at a place of a template: its variables, and whether it is in a loop.

use std::collections::HashSet;

/// The variables in sight, and the loops that are open.
#[derive(Default)]
pub(super) struct Scope<'t> {
    /// The names, in the order in which they were first declared.
    names: Vec<&'t str>,
    known: HashSet<&'t str>,
    /// How many `range`s are open.
    pub(super) loops: usize,
}

impl<'t> Scope<'t> {
    /// Declares a variable, with its `$`, up to the end of the block.
    pub(super) fn declare(&mut self, name: &'t str) {
        // An outer variable of the name is in sight for longer than this one.
        if name != "$" && self.known.insert(name) {
            self.names.push(name);
        }
    }

    /// Whether a variable is in sight. `$` always is.
    pub(super) fn knows(&self, name: &str) -> bool {
        name == "$" || self.known.contains(name)
    }

    /// Where the scope is, for [`Scope::back_to`].
    pub(super) fn mark(&self) -> usize {
        self.names.len()
    }

    /// Forgets the variables that were declared since.
    pub(super) fn back_to(&mut self, mark: usize) {
        for name in self.names.drain(mark.min(self.names.len())..) {
            self.known.remove(name);
        }
    }
}
