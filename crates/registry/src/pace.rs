//! How often one registry is asked.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Requests arrive less evenly than they are sent, and a registry counts what arrives: so
/// much slower than its limit is a pace that stays within it.
const MARGIN: f64 = 1.02;
/// How far apart requests are at least, once a registry has complained.
const FIRST_SLOW: Duration = Duration::from_millis(50);
/// No complaint makes them further apart.
const SLOWEST: Duration = Duration::from_secs(5);
/// How soon a request that waits sees that the run was stopped.
const GLANCE: Duration = Duration::from_millis(200);

/// Lets so many requests run at once, and so many begin in a second.
pub(crate) struct Pace {
    at_once: usize,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    running: usize,
    /// How far apart requests begin.
    apart: Duration,
    next: Instant,
    /// When a complaint last changed it.
    slowed: Option<Instant>,
    /// Until the first answer one request runs alone: it learns what the registry wants.
    answered: bool,
}

/// A request under way.
pub(crate) struct Turn<'a> {
    pace: &'a Pace,
    /// When it began.
    pub(crate) began: Instant,
}

/// Why no turn came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoTurn {
    /// The run was stopped, or ends before the turn would come.
    Over,
    /// The registry asked to be left alone for longer than the run lasts.
    AskedToWait(Duration),
}

impl Pace {
    pub(crate) fn new(at_once: usize, per_second: Option<f64>) -> Self {
        let mut state = State {
            running: 0,
            apart: Duration::ZERO,
            next: Instant::now(),
            slowed: None,
            answered: false,
        };
        if let Some(per_second) = per_second {
            state.apart = apart(per_second);
        }
        Self { at_once: at_once.max(1), state: Mutex::new(state), changed: Condvar::new() }
    }

    /// Waits for a turn, until `deadline` at most.
    pub(crate) fn turn(
        &self,
        deadline: Instant,
        is_stopped: impl Fn() -> bool,
    ) -> Result<Turn<'_>, NoTurn> {
        let mut state = self.lock();
        loop {
            let now = Instant::now();
            if is_stopped() || now >= deadline {
                return Err(NoTurn::Over);
            }
            if state.next > deadline {
                return Err(match state.slowed {
                    Some(_) => NoTurn::AskedToWait(state.next - now),
                    None => NoTurn::Over,
                });
            }
            let most = if state.answered { self.at_once } else { 1 };
            if state.running < most && state.next <= now {
                state.running += 1;
                state.next = now + state.apart;
                return Ok(Turn { pace: self, began: now });
            }
            let until = if state.running < most { state.next - now } else { GLANCE };
            let wait = until.min(GLANCE).min(deadline - now);
            state =
                self.changed.wait_timeout(state, wait).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Nothing more begins for a while.
    pub(crate) fn pause(&self, wait: Duration) {
        let mut state = self.lock();
        let now = Instant::now();
        state.next = state.next.max(now + wait);
        state.slowed = Some(state.slowed.unwrap_or(now));
        self.changed.notify_all();
    }

    /// The registry complained of a request that began then: half as fast from now on.
    pub(crate) fn slow_down(&self, began: Instant) {
        let mut state = self.lock();
        // Those that were under way together complain of the same pace.
        if state.slowed.is_none_or(|slowed| began >= slowed) {
            state.apart = (state.apart * 2).clamp(FIRST_SLOW, SLOWEST);
            state.slowed = Some(Instant::now());
        }
    }

    /// The registry names its pace.
    pub(crate) fn at_most(&self, per_second: f64) {
        let mut state = self.lock();
        state.apart = state.apart.max(apart(per_second));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn apart(per_second: f64) -> Duration {
    Duration::try_from_secs_f64(MARGIN / per_second).unwrap_or(SLOWEST)
}

impl Turn<'_> {
    /// An answer came, of whatever kind.
    pub(crate) fn answered(&self) {
        self.pace.lock().answered = true;
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.pace.lock().running -= 1;
        self.pace.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(5)
    }

    fn turn(pace: &Pace, deadline: Instant) -> Result<Turn<'_>, NoTurn> {
        pace.turn(deadline, || false)
    }

    #[test]
    fn requests_begin_apart() {
        let pace = Pace::new(8, Some(100.0));
        let began: Vec<Instant> =
            (0..5).map(|_| turn(&pace, soon()).map(|turn| turn.began).unwrap()).collect();
        for pair in began.windows(2) {
            assert!(pair[1] - pair[0] >= Duration::from_millis(10));
        }
    }

    #[test]
    fn the_first_request_runs_alone() {
        let pace = Pace::new(2, None);
        let first = turn(&pace, soon()).unwrap();
        let now = Instant::now() + Duration::from_millis(20);
        assert!(turn(&pace, now).is_err());
        first.answered();
        let _second = turn(&pace, soon()).unwrap();
        let now = Instant::now() + Duration::from_millis(20);
        assert!(turn(&pace, now).is_err(), "two at once are the most");
        drop(first);
        assert!(turn(&pace, soon()).is_ok());
    }

    #[test]
    fn a_pause_that_outlasts_the_run_is_told_at_once() {
        let pace = Pace::new(2, None);
        pace.pause(Duration::from_secs(3600));
        let before = Instant::now();
        assert!(
            matches!(turn(&pace, soon()), Err(NoTurn::AskedToWait(wait)) if wait.as_secs() > 3000)
        );
        assert!(before.elapsed() < Duration::from_secs(1));
    }

    #[test]
    fn complaints_of_requests_that_ran_together_count_once() {
        let pace = Pace::new(8, None);
        let began = Instant::now();
        pace.slow_down(began);
        pace.slow_down(began);
        assert_eq!(pace.lock().apart, FIRST_SLOW);
        pace.slow_down(Instant::now());
        assert_eq!(pace.lock().apart, FIRST_SLOW * 2);
    }

    #[test]
    fn a_stopped_run_gives_no_turn() {
        let pace = Pace::new(1, None);
        assert!(matches!(pace.turn(soon(), || true), Err(NoTurn::Over)));
    }
}
