//! What is left of a chart's [`Limits`] while it is read.

use super::limits::{Limits, size};
use super::problem::{Problem, ProblemKind};
use std::cell::Cell;

/// Counts down over one chart with all its subcharts, so that an archive in an
/// archive has no more to spend than its outermost chart.
pub(super) struct Budget<'a> {
    pub(super) limits: &'a Limits,
    entries: Cell<usize>,
    bytes: Cell<u64>,
}

impl<'a> Budget<'a> {
    pub(super) fn new(limits: &'a Limits) -> Self {
        Self { limits, entries: Cell::new(limits.entries), bytes: Cell::new(limits.chart_bytes) }
    }

    /// Takes one file, folder or member. False when there are none left.
    pub(super) fn entry(&self) -> bool {
        let left = self.entries.get();
        self.entries.set(left.saturating_sub(1));
        left > 0
    }

    /// Bytes that may still be read or decompressed.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes.get()
    }

    /// Takes bytes that were read.
    pub(super) fn spend(&self, bytes: u64) {
        self.bytes.set(self.bytes.get().saturating_sub(bytes));
    }

    /// What to say when [`Budget::entry`] was false.
    pub(super) fn too_many(&self, path: &str) -> Problem {
        Problem::new(
            ProblemKind::TooMany,
            path,
            format!(
                "the chart has more than {} files and folders; the rest was not read",
                self.limits.entries
            ),
            "Leave out with .helmignore what the chart does not need.",
        )
    }

    /// What to say of a file that is larger than one file may be, or than what is left.
    pub(super) fn too_large(&self, path: &str) -> Problem {
        if self.bytes() < self.limits.file_bytes {
            return Problem::new(
                ProblemKind::TooLarge,
                path,
                format!(
                    "the chart with its subcharts is larger than {}, the limit for one chart; from here it was not read",
                    size(self.limits.chart_bytes)
                ),
                "Leave out with .helmignore what the chart does not need.",
            );
        }
        Problem::new(
            ProblemKind::TooLarge,
            path,
            format!(
                "the file is too large: the limit for one file is {}",
                size(self.limits.file_bytes)
            ),
            "Helm loads no file over 5 MiB: move it out of the chart, or name it in .helmignore.",
        )
    }
}
