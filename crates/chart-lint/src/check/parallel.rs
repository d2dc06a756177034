//! One piece of work for each of many charts, on as many threads as there are
//! processors: all that the gate needs of a thread pool, which a cold build would have
//! to pay for.

use helm_engine::evaluate::with_stack;
use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// What `work` makes of each item, in the order of the items. Threads take the next item
/// when they are done with one, so a large chart holds up no other. A panic of `work` is
/// one of the caller.
pub fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    on(threads, items, work, true)
}

/// [`map`], on at most so many threads, for work that waits and evaluates nothing.
pub fn map_waiting<T: Sync, R: Send>(
    threads: usize,
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    on(threads, items, work, false)
}

fn on<T: Sync, R: Send>(
    threads: usize,
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
    deep: bool,
) -> Vec<R> {
    let threads = threads.min(items.len());
    if threads <= 1 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    thread::scope(|scope| {
        for _ in 0..threads {
            let work = || {
                while let Some((index, item)) = take(items, &next) {
                    let result = work(item);
                    done.lock().unwrap_or_else(|broken| broken.into_inner()).push((index, result));
                }
            };
            // Charts are evaluated on a deep stack, which is made once.
            scope.spawn(move || if deep { with_stack(work) } else { work() });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(|broken| broken.into_inner());
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// [`map`], of items that are given away.
pub fn map_owned<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let items: Vec<Mutex<Option<T>>> =
        items.into_iter().map(|item| Mutex::new(Some(item))).collect();
    let results = map(&items, |item| {
        item.lock().unwrap_or_else(|broken| broken.into_inner()).take().map(&work)
    });
    results.into_iter().flatten().collect()
}

fn take<'t, T>(items: &'t [T], next: &AtomicUsize) -> Option<(usize, &'t T)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    items.get(index).map(|item| (index, item))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order_of_the_items() {
        let items: Vec<usize> = (0..1000).collect();
        assert_eq!(map(&items, |item| item * 2), (0..2000).step_by(2).collect::<Vec<_>>());
        assert_eq!(map(&[], |item: &usize| *item), [0_usize; 0]);
        assert_eq!(map(&[7], |item| *item), [7]);
        assert_eq!(map_owned(items, |item| item), (0..1000).collect::<Vec<_>>());
    }

    #[test]
    #[should_panic]
    fn a_panic_is_not_lost() {
        map(&[1, 2, 3, 4], |item| assert_ne!(*item, 3));
    }
}
