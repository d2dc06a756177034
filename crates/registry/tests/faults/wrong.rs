//! Answers that are wrong, cut, late or none at all.

use super::*;
use std::io::Write;
use std::net::TcpListener;
use std::time::Instant;

#[test]
fn errors_of_its_own_are_not_missing() {
    for status in [500, 502, 503, 504] {
        let server = Server::start(move |_| Reply::new(status, "oh"));
        fails(&client(&server), Reason::Unreachable, &status.to_string());
        assert_eq!(server.asked().len(), 5, "{status}: asked again, not for ever");
    }
}

#[test]
fn an_error_that_goes_away_is_none() {
    let server = Server::start({
        let count = std::sync::atomic::AtomicUsize::new(0);
        move |_| match count.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
            0 => Reply::new(503, "").with("Retry-After", "0"),
            1 => Reply::new(500, ""),
            _ => content("{}"),
        }
    });
    assert_eq!(client(&server).digest(&image("a/b", "1")), Ok(digest(b"{}")));
}

#[test]
fn a_slow_body_ends_with_the_patience() {
    let server = Server::start(|asked| match &*asked.method {
        "HEAD" => Reply::new(200, ""),
        _ => Reply { slowly: Some(Duration::from_millis(50)), ..content("x".repeat(10_000)) },
    });
    let mut options = options(&server.address);
    options.patience = Duration::from_millis(200);
    let before = Instant::now();
    fails(&Client::new(options, Stop::default()), Reason::Unreachable, "in time");
    assert!(before.elapsed() < Duration::from_secs(30), "{:?}", before.elapsed());
}

#[test]
fn a_registry_that_never_answers_ends_with_the_run() {
    let server = Server::start(|_| Reply { never: true, ..Reply::new(200, "") });
    let mut options = options(&server.address);
    options.deadline = Instant::now() + Duration::from_millis(700);
    options.patience = Duration::from_secs(60);
    let before = Instant::now();
    fails(&Client::new(options, Stop::default()), Reason::Unreachable, "in time");
    assert!(before.elapsed() < Duration::from_secs(30), "{:?}", before.elapsed());
}

#[test]
fn a_body_that_is_cut_is_told() {
    let server = Server::start(|asked| match &*asked.method {
        "HEAD" => Reply::new(200, ""),
        _ => Reply { claims: Some(500), ..content("{\"schemaVersion\": 2}") },
    });
    let failure = fails(&client(&server), Reason::Unreachable, "127.0.0.1");
    assert!(failure.said.contains("cut") || failure.said.contains("disconnect"), "{failure}");
}

#[test]
fn a_content_length_that_is_too_short_is_found_by_the_digest() {
    let body = br#"{"schemaVersion": 2, "config": {}}"#;
    let server = Server::start(|asked| match &*asked.method {
        "HEAD" => Reply::new(200, ""),
        _ => Reply { claims: Some(10), ..content(*body) },
    });
    fails(&client(&server), Reason::Unreachable, "has the digest");
}

#[test]
fn a_body_with_another_digest_is_not_believed() {
    let other = digest(b"other");
    let said = other.clone();
    let server = Server::start(move |asked| match &*asked.method {
        "HEAD" => Reply::new(200, ""),
        _ => Reply::new(200, "{}").with("Docker-Content-Digest", &said),
    });
    fails(&client(&server), Reason::Unreachable, &format!("gives for {other} has the digest"));

    // Also where only the header is asked for: a reference by digest says what it must be.
    let said = other.clone();
    let server = Server::start(move |_| Reply::new(200, "").with("Docker-Content-Digest", &said));
    let asked = digest(b"asked");
    let failure = client(&server).digest(&image("a/b", &asked)).unwrap_err();
    assert_eq!(failure.reason, Reason::Unreachable);
    assert_eq!(failure.said, format!("the registry gives {other} for {asked}"));
}

#[test]
fn a_digest_that_is_none_is_not_taken_from_a_header() {
    let body = format!(r#"{{"schemaVersion": 2, "config": {{"digest": "{}"}}}}"#, digest(b""));
    let wanted = digest(body.as_bytes());
    let server = Server::start(move |_| {
        Reply::new(200, body.clone()).with("Docker-Content-Digest", "sha256:../../x")
    });
    assert_eq!(client(&server).digest(&image("a/b", "1")), Ok(wanted));
}

#[test]
fn a_huge_manifest_is_not_read() {
    let server = Server::start(|asked| match &*asked.method {
        "HEAD" => Reply::new(200, ""),
        _ => content(vec![b' '; 5 << 20]),
    });
    fails(&client(&server), Reason::Unreachable, "larger than 4194304 bytes");
}

#[test]
fn what_is_no_manifest_is_told() {
    for (body, words) in [("{\"schemaVersion\": ", "cannot be read"), ("[]", "cannot be read")] {
        let server = Server::start(move |asked| match &*asked.method {
            "HEAD" => Reply::new(200, ""),
            _ => content(body),
        });
        fails(&client(&server), Reason::Unreachable, words);
    }
}

/// The address of something that says the same to everybody.
fn says(words: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            stream.write_all(words).ok();
        }
    });
    address
}

#[test]
fn what_is_no_http_is_told() {
    let address = says(b"SSH-2.0-OpenSSH\r\n");
    fails(&Client::new(options(&address), Stop::default()), Reason::Unreachable, "127.0.0.1");
}

#[test]
fn no_connection_no_name_no_encryption() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let closed = Client::new(options(&free.to_string()), Stop::default());
    fails(&closed, Reason::Unreachable, "127.0.0.1");

    let nowhere = Client::new(options("https://registry.invalid"), Stop::default());
    fails(&nowhere, Reason::Unreachable, "registry.invalid");

    let plain = says(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    let encrypted = Client::new(options(&format!("https://{plain}")), Stop::default());
    fails(&encrypted, Reason::Unreachable, "TLS");
}

#[test]
fn a_registry_without_encryption_is_not_asked() {
    let client = Client::new(options("http://registry.example"), Stop::default());
    fails(&client, Reason::Unreachable, "without encryption, which the policy does not permit");
}
