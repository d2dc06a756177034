//! How much of the thread's stack an evaluation may use.
//!
//! Helm's recursion ends at 1000 inclusions, which need more stack than a thread
//! usually has. [`with_stack`] runs a closure on a thread with enough; elsewhere
//! an evaluation that goes too deep ends in an error, never in a crash.

use std::cell::Cell;
use std::num::NonZeroUsize;

/// The stack of the threads that [`with_stack`] makes. Only what is used takes memory.
const LARGE: usize = 128 << 20;
/// How much of it may be in use for a closure to run on the same thread again.
const NESTED: usize = 1 << 20;
/// What is left for functions that an evaluation calls.
const RESERVE: usize = 512 << 10;
/// What is taken for granted on other threads, from where the evaluation begins.
const SMALL: usize = 1 << 20;

thread_local! {
    /// The lowest address that evaluations on this thread may reach.
    static LOWEST: Cell<Option<NonZeroUsize>> = const { Cell::new(None) };
}

/// Runs a closure on a thread whose stack is deep enough for every evaluation
/// that Helm would finish. On the same thread where that is such a one already, and where
/// no other can be had.
pub fn with_stack<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    let deepest = LARGE - RESERVE - NESTED;
    if LOWEST.get().is_some_and(|lowest| here().saturating_sub(lowest.get()) >= deepest) {
        return run();
    }
    let mut result = None;
    let mut run = Some(run);
    std::thread::scope(|scope| {
        let body = || {
            LOWEST.set(NonZeroUsize::new(here().saturating_sub(LARGE - RESERVE)));
            result = run.take().map(|run| run());
        };
        let thread = std::thread::Builder::new().stack_size(LARGE).spawn_scoped(scope, body);
        if let Ok(thread) = thread
            && let Err(panic) = thread.join()
        {
            std::panic::resume_unwind(panic);
        }
    });
    match (result, run) {
        (Some(result), _) => result,
        (None, Some(run)) => run(),
        (None, None) => unreachable!("the closure ran or panicked"),
    }
}

/// How deep an evaluation may go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stack {
    lowest: usize,
}

impl Stack {
    /// The stack of this thread.
    pub(super) fn of_this_thread() -> Self {
        let lowest = LOWEST.get().map(NonZeroUsize::get);
        Self { lowest: lowest.unwrap_or_else(|| here().saturating_sub(SMALL)) }
    }

    /// True where it ends.
    pub(super) fn is_used_up(self) -> bool {
        here() < self.lowest
    }
}

/// About where the stack is now.
#[inline(never)]
fn here() -> usize {
    let local = 0_u8;
    std::ptr::from_ref(&local).addr()
}
