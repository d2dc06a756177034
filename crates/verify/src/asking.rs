//! Asks about many subjects at once, and ends in time.

use crate::answer;
use crate::progress::Progress;
use crate::subject::Subject;
use chart_lint::verified::Entry;
use registry::{Client, Stop};
use std::collections::BTreeMap;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Threads for each registry; most wait for their turn.
const THREADS: usize = 16;
/// How long after the end a request that is under way may still bring its answer.
const GRACE: Duration = Duration::from_millis(500);
const GLANCE: Duration = Duration::from_millis(100);

/// Asks about subjects until `deadline` or until it is stopped. Each has its entry at its
/// place, or none where its turn did not come.
pub(crate) fn ask_all(
    subjects: Vec<Subject>,
    client: Client,
    stop: &Stop,
    deadline: Instant,
    progress: &Progress,
) -> Vec<Option<Entry>> {
    let mut entries: Vec<Option<Entry>> = vec![None; subjects.len()];
    // A queue for each registry, so that a slow one holds up no other.
    let mut queues: BTreeMap<String, Vec<(usize, Subject)>> = BTreeMap::new();
    for (index, subject) in subjects.into_iter().enumerate() {
        let registry = subject.target_image.registry.clone();
        queues.entry(registry).or_default().push((index, subject));
    }
    let client = Arc::new(client);
    let (sender, receiver) = channel();
    for queue in queues.into_values() {
        let threads = THREADS.min(queue.len());
        let queue = Arc::new(Mutex::new(queue.into_iter()));
        for _ in 0..threads {
            let (queue, client) = (Arc::clone(&queue), Arc::clone(&client));
            let (sender, stop) = (sender.clone(), stop.clone());
            // Not waited for: whatever a registry does, the run ends in time.
            thread::spawn(move || {
                while !stop.is_stopped() {
                    let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some((index, subject)) = next else { break };
                    if sender.send((index, answer::ask(&client, &subject))).is_err() {
                        break;
                    }
                }
            });
        }
    }
    drop(sender);
    let mut end = None;
    loop {
        match receiver.recv_timeout(GLANCE) {
            Ok((index, entry)) => {
                progress.count(entry.as_ref());
                entries[index] = entry;
            }
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {}
        }
        let now = Instant::now();
        if end.is_none() && (stop.is_stopped() || now >= deadline) {
            stop.stop();
            end = Some(now + GRACE);
        }
        if end.is_some_and(|end| now >= end) {
            break;
        }
    }
    entries
}
