//! A line on standard error for a person who waits.

use crate::terminal::say;
use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Nobody needs to be told of what takes less.
const PATIENCE: Duration = Duration::from_secs(1);
const REFRESH: Duration = Duration::from_millis(150);

/// Shows how many charts are done, once a terminal has waited for a second,
/// and wipes the line when it goes away.
pub(crate) struct Progress {
    counts: Arc<Counts>,
    /// Dropping it ends the thread.
    end: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Counts {
    done: AtomicUsize,
    total: AtomicUsize,
}

impl Progress {
    /// Starts to wait, when there is a terminal.
    pub(crate) fn start() -> Self {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        if dumb || !std::io::stderr().is_terminal() {
            return Self { counts: Arc::default(), end: None, thread: None };
        }
        Self::show(PATIENCE, say)
    }

    fn show(patience: Duration, write: impl Fn(&str) + Send + 'static) -> Self {
        let counts = Arc::new(Counts::default());
        let (end, ended) = channel::<()>();
        let seen = Arc::clone(&counts);
        let thread = thread::spawn(move || {
            let mut shown = false;
            let mut wait = patience;
            while ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                let done = seen.done.load(Ordering::Relaxed);
                let total = seen.total.load(Ordering::Relaxed);
                if total > 0 {
                    write(&format!("\r\x1b[K{done} of {total} charts"));
                    shown = true;
                }
                wait = REFRESH;
            }
            if shown {
                write("\r\x1b[K");
            }
        });
        Self { counts, end: Some(end), thread: Some(thread) }
    }

    /// Takes note of how many charts are done.
    pub(crate) fn report(&self, done: usize, total: usize) {
        // Threads finish in any order; the line never goes back.
        self.counts.done.fetch_max(done, Ordering::Relaxed);
        self.counts.total.store(total, Ordering::Relaxed);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end.take();
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_shown_and_wiped() {
        let (to, lines) = channel::<String>();
        let progress = Progress::show(Duration::ZERO, move |line| {
            to.send(line.to_owned()).ok();
        });
        progress.report(2, 5);
        progress.report(1, 5);
        let line = lines.iter().find(|line| line.contains('2'));
        assert_eq!(line.as_deref(), Some("\r\x1b[K2 of 5 charts"));
        drop(progress);
        assert_eq!(lines.iter().last().as_deref(), Some("\r\x1b[K"));
    }
}
