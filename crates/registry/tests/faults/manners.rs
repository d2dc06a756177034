//! A registry is asked as often as it wants to be.

use super::*;
use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

fn too_many() -> Reply {
    Reply::error(429, "TOOMANYREQUESTS")
}

#[test]
fn throttled_is_not_missing() {
    let server = Server::start(|_| too_many());
    fails(&client(&server), Reason::Throttled, "429");
    // ECR says it with another status.
    let server = Server::start(|_| Reply::error(400, "TOOMANYREQUESTS"));
    let client = client(&server);
    let failure = client.digest(&image("a/b", "1")).unwrap_err();
    assert_eq!(failure.reason, Reason::Throttled, "{failure}");
}

#[test]
fn a_wait_that_is_asked_for_is_waited() {
    let server = Server::start({
        let count = AtomicUsize::new(0);
        move |_| match count.fetch_add(1, Ordering::Relaxed) {
            0 => too_many().with("Retry-After", "1"),
            _ => content("{}"),
        }
    });
    assert!(client(&server).digest(&image("a/b", "1")).is_ok());
    let asked = server.asked();
    assert!(asked[1].at - asked[0].at >= Duration::from_secs(1));
}

#[test]
fn a_wait_that_outlasts_the_run_is_told_at_once() {
    let server = Server::start(|_| too_many().with("Retry-After", "3600"));
    let client = client(&server);
    let before = Instant::now();
    fails(&client, Reason::Throttled, "429");
    let failure = client.digest(&image("a/b", "2")).unwrap_err();
    assert_eq!(failure.reason, Reason::Throttled);
    assert!(failure.said.contains("left alone"), "{failure}");
    assert_eq!(server.asked().len(), 1);
    assert!(before.elapsed() < Duration::from_secs(60));
}

#[test]
fn nothing_left_is_waited_for() {
    let server = Server::start({
        let count = AtomicUsize::new(0);
        move |_| match count.fetch_add(1, Ordering::Relaxed) {
            0 => content("{}").with("RateLimit-Remaining", "0").with("RateLimit-Reset", "1"),
            _ => content("{}"),
        }
    });
    let client = client(&server);
    assert!(client.digest(&image("a/b", "1")).is_ok());
    assert!(client.digest(&image("a/b", "2")).is_ok());
    let asked = server.asked();
    assert!(asked[1].at - asked[0].at >= Duration::from_secs(1));
}

#[test]
fn a_dead_registry_is_not_asked_for_every_image() {
    let server = Server::start(|_| Reply::new(503, ""));
    let client = client(&server);
    for tag in 0..50 {
        assert!(client.digest(&image("a/b", &tag.to_string())).is_err());
    }
    assert_eq!(server.asked().len(), 15, "three images with five attempts each");
}

#[test]
fn no_more_run_at_once_than_is_permitted() {
    static RUNNING: AtomicUsize = AtomicUsize::new(0);
    static MOST: AtomicUsize = AtomicUsize::new(0);
    let server = Server::start(|_| {
        let running = RUNNING.fetch_add(1, Ordering::SeqCst) + 1;
        MOST.fetch_max(running, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(5));
        RUNNING.fetch_sub(1, Ordering::SeqCst);
        content("{}")
    });
    let mut options = options(&server.address);
    options.settings.get_mut(NAME).unwrap().at_once = Some(3);
    let client = Client::new(options, Stop::default());
    std::thread::scope(|scope| {
        for thread in 0..12 {
            let client = &client;
            scope.spawn(move || client.digest(&image("a/b", &thread.to_string())).unwrap());
        }
    });
    assert_eq!(MOST.load(Ordering::SeqCst), 3);
}

/// A registry that counts what arrives in any window of a second and refuses the rest.
fn limited(per_second: usize) -> Server {
    let window: Mutex<VecDeque<Instant>> = Mutex::default();
    Server::start(move |asked| {
        let mut window = window.lock().unwrap();
        while window.front().is_some_and(|at| asked.at - *at >= Duration::from_secs(1)) {
            window.pop_front();
        }
        if window.len() >= per_second {
            return too_many();
        }
        window.push_back(asked.at);
        content("{}")
    })
}

/// Asks for so many images and says how long it took; none is missing, none was refused.
fn run_limited(images: usize, per_second: usize) -> Duration {
    let server = limited(per_second);
    let mut options = options(&server.address);
    options.deadline = Instant::now() + Duration::from_secs(600);
    options.settings.get_mut(NAME).unwrap().per_second = Some(per_second as f64);
    let client = Client::new(options, Stop::default());
    let next = AtomicUsize::new(0);
    let before = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= images {
                        break;
                    }
                    let found = client.digest(&image("a/b", &number.to_string()));
                    assert_eq!(found, Ok(digest(b"{}")));
                }
            });
        }
    });
    let took = before.elapsed();
    // Each was asked once, so none was refused.
    assert_eq!(server.asked().len(), images);
    took
}

#[test]
fn a_limit_is_kept_and_used() {
    let took = run_limited(60, 20);
    // Three seconds where nothing else runs; far from one at a time.
    assert!(took < Duration::from_secs(20), "{took:?}");
}

/// The same at the pace of a public registry; a minute long, so only when it is asked for:
/// `cargo test -p registry --test faults -- --ignored`.
#[test]
#[ignore = "takes a minute"]
fn five_hundred_images_at_ten_a_second() {
    let took = run_limited(500, 10);
    assert!(took < Duration::from_secs(55), "{took:?}");
}

#[test]
fn a_stopped_run_asks_nothing_more() {
    let server = Server::start(|_| content("{}"));
    let stop = Stop::default();
    let client = Client::new(options(&server.address), stop.clone());
    assert!(client.digest(&image("a/b", "1")).is_ok());
    stop.stop();
    fails_not_asked(&client);
    assert_eq!(server.asked().len(), 1);
}

fn fails_not_asked(client: &Client) {
    let failure = client.digest(&image("a/b", "2")).unwrap_err();
    assert_eq!(failure.reason, Reason::NotAsked, "{failure}");
}
