//! How often one registry is asked.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How far apart requests are at least, once a registry has complained.
const FIRST_SLOW: Duration = Duration::from_millis(50);
/// No complaint makes them further apart.
const SLOWEST: Duration = Duration::from_secs(5);
/// How soon a request that waits sees that the run was stopped.
const GLANCE: Duration = Duration::from_millis(200);
/// No limit makes requests further apart.
const LONGEST: Duration = Duration::from_secs(3600);
/// A faster limit is counted in parts of a second.
const MOST_IN_WINDOW: f64 = 1000.0;

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
    /// So many in such a time, where there is a limit.
    window: Option<(usize, Duration)>,
    /// When the last of them ended.
    ended: VecDeque<Instant>,
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
            window: None,
            ended: VecDeque::new(),
            next: Instant::now(),
            slowed: None,
            answered: false,
        };
        if let Some(per_second) = per_second {
            state.limit(per_second);
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
            let next = state.next.max(state.room_at(now));
            if state.running < most && next <= now {
                state.running += 1;
                state.next = now + state.apart;
                return Ok(Turn { pace: self, began: now });
            }
            let until = if state.running < most { next - now } else { GLANCE };
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
        self.lock().limit(per_second);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// No more than so many in a second; a limit that is known already stays where it is
    /// stricter.
    fn limit(&mut self, per_second: f64) {
        let apart = Duration::try_from_secs_f64(1.0 / per_second).unwrap_or(LONGEST);
        if apart <= self.apart && self.window.is_some() {
            return;
        }
        self.apart = self.apart.max(apart);
        // Less than one in a second is one in a longer time.
        let most = per_second.clamp(1.0, MOST_IN_WINDOW) as usize;
        let time = Duration::try_from_secs_f64(most as f64 / per_second).unwrap_or(LONGEST);
        self.window = Some((most, time));
    }

    /// When another request may begin within the limit. A registry counts when requests
    /// arrive, which is between their beginning and their end: so each that begins is held
    /// against the ends of those before it, and however late one arrives, the limit holds.
    fn room_at(&mut self, now: Instant) -> Instant {
        let Some((most, time)) = self.window else { return now };
        while self.ended.front().is_some_and(|&ended| ended + time <= now) {
            self.ended.pop_front();
        }
        match (self.running + self.ended.len()).checked_sub(most) {
            None => now,
            // Room comes when this one is old enough, or when one that runs has ended.
            Some(over) => self.ended.get(over).map_or(now + GLANCE, |&ended| ended + time),
        }
    }
}

impl Turn<'_> {
    /// An answer came, of whatever kind.
    pub(crate) fn answered(&self) {
        self.pace.lock().answered = true;
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = self.pace.lock();
        state.running -= 1;
        if state.window.is_some() {
            state.ended.push_back(Instant::now());
        }
        drop(state);
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
    fn what_ends_late_counts_from_its_end() {
        let pace = Pace::new(8, Some(50.0));
        {
            // A limit of two in a time, to be seen at once.
            let mut state = pace.lock();
            state.answered = true;
            state.window = Some((2, Duration::from_millis(40)));
            state.apart = Duration::ZERO;
        }
        let first = turn(&pace, soon()).unwrap();
        let second = turn(&pace, soon()).unwrap();
        std::thread::sleep(Duration::from_millis(60));
        let brief = Instant::now() + Duration::from_millis(10);
        assert!(turn(&pace, brief).is_err(), "both may be arriving only now");
        drop(first);
        let ended = Instant::now();
        let third = turn(&pace, soon()).unwrap();
        assert!(third.began - ended >= Duration::from_millis(39));
        drop((second, third));
    }

    #[test]
    fn the_stricter_limit_stays() {
        let pace = Pace::new(1, Some(0.5));
        assert_eq!(pace.lock().window, Some((1, Duration::from_secs(2))));
        pace.at_most(10.0);
        assert_eq!(pace.lock().window, Some((1, Duration::from_secs(2))));
        pace.at_most(0.25);
        assert_eq!(pace.lock().window, Some((1, Duration::from_secs(4))));
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
