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
        let counts = Arc::new(Counts::default());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        if dumb || !std::io::stderr().is_terminal() {
            return Self { counts, end: None, thread: None };
        }
        let (end, ended) = channel::<()>();
        let seen = Arc::clone(&counts);
        let thread = thread::spawn(move || {
            let mut shown = false;
            let mut wait = PATIENCE;
            while ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                let done = seen.done.load(Ordering::Relaxed);
                let total = seen.total.load(Ordering::Relaxed);
                if total > 0 {
                    say(&format!("\r\x1b[K{done} of {total} charts"));
                    shown = true;
                }
                wait = REFRESH;
            }
            if shown {
                say("\r\x1b[K");
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
