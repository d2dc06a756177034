//! A line on standard error for a person who waits.

use chart_images::sibling::say;
use chart_lint::verified::Entry;
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Nobody needs to be told of what takes less.
const PATIENCE: Duration = Duration::from_secs(1);
const REFRESH: Duration = Duration::from_millis(200);

/// Shows how far a run is, on a terminal, and wipes the line when it goes away.
pub(crate) struct Progress {
    is_shown: bool,
    total: usize,
    began: Instant,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    done: usize,
    found: usize,
    missing: usize,
    written: Option<Instant>,
}

impl Progress {
    pub(crate) fn of(total: usize) -> Self {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self {
            is_shown: !dumb && std::io::stderr().is_terminal(),
            total,
            began: Instant::now(),
            counts: Mutex::default(),
        }
    }

    /// Takes note of an answer.
    pub(crate) fn count(&self, entry: Option<&Entry>) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.done += 1;
        if let Some(entry) = entry {
            counts.missing += usize::from(entry.answer.is_missing());
            counts.found += usize::from(entry.target_digest.is_some());
        }
        let now = Instant::now();
        let is_due = match counts.written {
            None => now - self.began >= PATIENCE,
            Some(written) => now - written >= REFRESH,
        };
        if self.is_shown && is_due {
            counts.written = Some(now);
            say(&format!("\r\x1b[K{}", line(&counts, self.total, now - self.began)));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.written.is_some() {
            say("\r\x1b[K");
        }
    }
}

fn line(counts: &Counts, total: usize, time: Duration) -> String {
    let Counts { done, found, missing, .. } = counts;
    let rate = *done as f64 / time.as_secs_f64().max(0.001);
    let left = (total - done) as f64 / rate;
    format!(
        "{done} of {total} images, {rate:.1}/s, {found} found, {missing} missing, {left:.0} s left"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_tells_rate_and_time_left() {
        let counts = Counts { done: 20, found: 18, missing: 2, written: None };
        let line = line(&counts, 50, Duration::from_secs(10));
        assert_eq!(line, "20 of 50 images, 2.0/s, 18 found, 2 missing, 15 s left");
    }
}
