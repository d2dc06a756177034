//! A line on standard error for a person who waits.

use crate::terminal::say;
use std::io::IsTerminal;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Nobody needs to be told of what takes less.
const PATIENCE: Duration = Duration::from_secs(1);
const REFRESH: Duration = Duration::from_millis(150);

/// To the start of the line, which is emptied.
const WIPE: &str = "\r\x1b[K";

/// Shows how much is done, once a terminal has waited for a second, and wipes the line
/// when it goes away.
pub(crate) struct Progress {
    counts: Arc<Counts>,
    /// Dropping it ends the thread.
    end: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Counts {
    /// What the charts are judged for, where it is more than once.
    stage: Mutex<String>,
    done: AtomicUsize,
    total: AtomicUsize,
}

impl Counts {
    fn stage(&self) -> MutexGuard<'_, String> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The line; nothing as long as nothing is known.
    fn line(&self) -> String {
        let stage = self.stage();
        let (done, total) = (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed));
        match (stage.as_str(), total) {
            (stage, 0) => stage.to_owned(),
            ("", total) => format!("{done} of {total} charts"),
            (stage, total) => format!("{stage}: {done} of {total} charts"),
        }
    }
}

impl Progress {
    /// Starts to wait, when there is a terminal with a person before it.
    pub(crate) fn start() -> Self {
        let is = |name, test: fn(&std::ffi::OsStr) -> bool| {
            std::env::var_os(name).is_some_and(|value| test(&value))
        };
        let unseen = is("TERM", |term| term == "dumb") || is("CI", |ci| !ci.is_empty());
        if unseen || !std::io::stderr().is_terminal() {
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
                let line = seen.line();
                if !line.is_empty() {
                    write(&format!("{WIPE}{line}"));
                    shown = true;
                }
                wait = REFRESH;
            }
            if shown {
                write(WIPE);
            }
        });
        Self { counts, end: Some(end), thread: Some(thread) }
    }

    /// Begins to judge for another reason.
    pub(crate) fn stage(&self, name: String) {
        let mut stage = self.counts.stage();
        *stage = name;
        self.counts.done.store(0, Ordering::Relaxed);
        self.counts.total.store(0, Ordering::Relaxed);
    }

    /// Says something that stays, above the line.
    pub(crate) fn say(&self, text: &str) {
        match self.thread {
            Some(_) => say(&format!("{WIPE}{text}")),
            None => say(text),
        }
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
        // What is counted is counted anew.
        progress.stage("day 1 of 2".to_owned());
        let line = lines.iter().find(|line| line.contains("day"));
        assert_eq!(line.as_deref(), Some("\r\x1b[Kday 1 of 2"));
        progress.report(1, 3);
        let line = lines.iter().find(|line| line.contains("charts"));
        assert_eq!(line.as_deref(), Some("\r\x1b[Kday 1 of 2: 1 of 3 charts"));
        drop(progress);
        assert_eq!(lines.iter().last().as_deref(), Some("\r\x1b[K"));
    }
}
