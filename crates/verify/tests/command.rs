//! The program itself: whom it asks, when it ends, what it keeps.
#![allow(clippy::unwrap_used)]

#[path = "../../registry/tests/server/mod.rs"]
mod server;

mod sandbox;

use sandbox::{Said, Sandbox};
use server::{Reply, Server};
use sha2::Digest as _;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const FILE: &str = ".chart-images/verified.json";

fn there() -> Reply {
    Reply::new(200, "").with("Docker-Content-Digest", DIGEST)
}

/// A policy that names `r.test` alone, and asks it at an address.
fn policy(address: &str) -> String {
    format!(
        "version: 1\nregistries: {{allowed: [r.test]}}\n\
         endpoints: [{{registry: r.test, endpoint: '{address}'}}]\n"
    )
}

fn sandbox(server: &Server, images: &[&str]) -> Sandbox {
    Sandbox::of(images, &policy(&format!("http://{}", server.address)))
}

#[test]
fn a_registry_that_no_policy_names_is_not_asked() {
    let named = Server::start(|_| there());
    let stranger = Server::start(|_| there());
    let sandbox = sandbox(&named, &["r.test/a:1"]);
    let image = format!("{}/a:1", stranger.address);
    // The chart allows itself nothing: the policy does, and names it by no more than `*`.
    sandbox.images(&["r.test/a:1", &image]);
    let everything = "  - {images: ['*/**'], reason: a pattern over every host}\n";
    let policy =
        format!("{}exceptions:\n{everything}", policy(&format!("http://{}", named.address)));
    sandbox.write("image-policy.yaml", &policy);
    let said = sandbox.run("--format json");
    assert_eq!(said.answer("r.test/a:1").0, "identical");
    let (answer, because) = said.answer(&image);
    assert_eq!(answer, "not-asked", "{said:?}");
    assert!(because.contains("no entry of image-policy.yaml names"), "{because}");
    assert_eq!(said.status, 3);
    assert!(stranger.asked().is_empty());
}

#[test]
fn an_image_that_may_stay_once_it_is_pinned_is_asked_for_its_digest() {
    let (server, digest) = with_manifest();
    let sandbox = sandbox(&server, &["r.test/a:1"]);
    let policy = format!(
        "version: 1\nregistries: {{disallowed: [r.test]}}\n\
         exceptions: [{{images: ['r.test/*'], requires: digest, reason: a test}}]\n\
         endpoints: [{{registry: r.test, endpoint: 'http://{}'}}]\n",
        server.address
    );
    sandbox.write("image-policy.yaml", &policy);
    let said = sandbox.run("--format json");
    assert_eq!(said.answer("r.test/a:1").0, "identical", "{said:?}");
    assert!(said.out.contains(&format!("\"targetDigest\": \"{digest}\"")), "{}", said.out);
}

#[test]
fn an_image_that_a_comment_permits_is_asked_for_as_it_is() {
    let (server, _) = with_manifest();
    let sandbox = sandbox(&server, &["r.test/a:1"]);
    let policy = format!(
        "version: 1\nregistries: {{disallowed: [r.test], allowed: [new.test]}}\n\
         replacements: [{{from: 'r.test/*', to: 'new.test/*'}}]\n\
         endpoints:\n  - {{registry: r.test, endpoint: 'http://{0}'}}\n  \
         - {{registry: new.test, endpoint: 'http://{0}'}}\n",
        server.address
    );
    sandbox.write("image-policy.yaml", &policy);
    let target = |said: &Said| {
        let file: serde_json::Value = serde_json::from_str(&said.out).unwrap();
        file["images"][0]["target"].as_str().unwrap().to_owned()
    };
    assert_eq!(target(&sandbox.run("--format json")), "new.test/a:1");
    sandbox.write(
        "values.yaml",
        "# chart-images: allow disallowed-registry -- a test\nimage: r.test/a:1\n",
    );
    let said = sandbox.run("--format json");
    assert_eq!(target(&said), "r.test/a:1");
    assert_eq!((said.answer("r.test/a:1").0.as_str(), said.status), ("identical", 0), "{said:?}");
}

/// A registry that has one image under every name.
fn with_manifest() -> (Server, String) {
    let body = format!(r#"{{"schemaVersion":2,"config":{{"digest":"{DIGEST}"}}}}"#);
    let digest: String =
        sha2::Sha256::digest(&body).iter().map(|byte| format!("{byte:02x}")).collect();
    let digest = format!("sha256:{digest}");
    let said = digest.clone();
    let server = Server::start(move |_| {
        Reply::new(200, body.clone()).with("Docker-Content-Digest", said.clone())
    });
    (server, digest)
}

/// A policy that permits the images of a registry once they are pinned.
fn wants_digests(server: &Server) -> String {
    format!(
        "version: 1\nregistries: {{allowed: [ok.test], disallowed: [r.test]}}\n\
         exceptions: [{{images: ['r.test/*'], requires: digest, reason: a test}}]\n\
         endpoints: [{{registry: r.test, endpoint: 'http://{}'}}]\n",
        server.address
    )
}

#[cfg(unix)]
#[test]
fn nothing_is_pinned_through_a_link() {
    let (server, _) = with_manifest();
    let sandbox = sandbox(&server, &["r.test/a:1"]);
    sandbox.write("image-policy.yaml", &wants_digests(&server));
    let values = "image: r.test/a:1\n";
    sandbox.write("common.yaml", values);
    let link = sandbox.root().join("values.yaml");
    std::fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink("common.yaml", &link).unwrap();
    let said = sandbox.run("--pin");
    assert_eq!(sandbox.read("common.yaml"), values, "{said:?}");
    assert!(said.err.contains("values.yaml is a link"), "{said:?}");
    assert_eq!(said.status, 3);
}

#[test]
fn a_digest_is_written_behind_the_tag_and_nothing_else_changes() {
    let (server, digest) = with_manifest();
    let sandbox = sandbox(&server, &["r.test/a:1"]);
    sandbox.write("image-policy.yaml", &wants_digests(&server));
    let values = "# one\na:\n  image: 'r.test/a:1' # kept\nb:\n  image:\n    repository: r.test/b\n    tag: 1.30-x\r\nc:\n  image: {repository: r.test/c}\n";
    sandbox.write("values.yaml", values);
    let before = sandbox.run("--format json");
    assert_eq!(sandbox.read("values.yaml"), values, "only --pin writes");
    assert_eq!(before.answer("r.test/a:1").0, "identical");
    let said = sandbox.run("--pin");
    let pinned = values.replace("a:1'", &format!("a:1@{digest}'"));
    let pinned = pinned.replace("1.30-x", &format!("1.30-x@{digest}"));
    assert_eq!(sandbox.read("values.yaml"), pinned, "{said:?}");
    assert!(
        said.err.contains(&format!("pinned: r.test/a:1@{digest} at values.yaml:3")),
        "{said:?}"
    );
    let refused = "not pinned: r.test/c at values.yaml:9: its tag stands nowhere";
    assert!(said.err.contains(refused), "{said:?}");
    assert_eq!(said.status, 3);
    // What is pinned is permitted, so there is no more to do.
    let again = sandbox.run("--pin");
    assert!(!again.err.lines().any(|line| line.starts_with("pinned")), "{again:?}");
    assert_eq!(sandbox.read("values.yaml"), pinned);
}

#[test]
fn bytes_of_several_images_are_not_pinned() {
    let (server, _) = with_manifest();
    let sandbox = sandbox(&server, &["r.test/a:1"]);
    sandbox.write("image-policy.yaml", &wants_digests(&server));
    let values = "a:\n  image:\n    repository: r.test/a\n    tag: &tag v1\nb:\n  image:\n    repository: ok.test/b\n    tag: *tag\n";
    sandbox.write("values.yaml", values);
    let said = sandbox.run("--pin");
    assert!(said.err.contains("not pinned: r.test/a:v1"), "{said:?}");
    assert!(said.err.contains("would use other images"), "{said:?}");
    assert_eq!(sandbox.read("values.yaml"), values);
}

#[test]
fn offline_asks_nobody_and_says_so() {
    let server = Server::start(|_| there());
    let sandbox = sandbox(&server, &["r.test/a:1"]);
    let said = sandbox.run("--offline");
    assert_eq!(said.status, 3, "{said:?}");
    assert!(said.out.contains("not-asked  r.test/a:1  values.yaml:2"), "{}", said.out);
    assert!(said.out.contains("offline: no registry was asked"), "{}", said.out);
    assert!(server.asked().is_empty());
    assert!(!sandbox.root().join(FILE).exists());
    assert_eq!(sandbox.run("").status, 0);
    assert_eq!(sandbox.run("--offline").status, 0);
}

#[test]
fn what_is_known_is_not_asked_again_until_it_is_old() {
    let server = Server::start(|asked| match asked.path.contains("/busy/") {
        true => Reply::error(429, "TOOMANYREQUESTS").with("Retry-After", "600"),
        false => there(),
    });
    let sandbox = sandbox(&server, &["r.test/a:1"]);
    assert_eq!(sandbox.run("").status, 0);
    let text = sandbox.read(FILE);
    assert!(text.contains(DIGEST), "{text}");
    assert_eq!(sandbox.run("").status, 0);
    assert_eq!(server.asked().len(), 1);
    assert_eq!(sandbox.run("--max-age 0").status, 0);
    assert_eq!(server.asked().len(), 2);
    // What no registry told is always asked again, and is not missing.
    sandbox.images(&["r.test/busy/b:1"]);
    for asked in [3, 4] {
        let said = sandbox.run("--timeout 5s --format json");
        assert_eq!((said.answer("r.test/busy/b:1").0.as_str(), said.status), ("throttled", 3));
        assert_eq!(server.asked().len(), asked);
    }
    // What was known of others is kept.
    assert!(sandbox.read(FILE).contains("r.test/a:1"));
}

/// A registry that answers the first request, whichever comes first, and no other.
fn answers_once() -> Server {
    let first = AtomicBool::new(true);
    Server::start(move |_| match first.swap(false, Ordering::Relaxed) {
        true => there(),
        false => Reply { never: true, ..there() },
    })
}

#[test]
fn a_registry_that_never_answers_does_not_hold_up_the_run() {
    let server = answers_once();
    let sandbox = sandbox(&server, &["r.test/a/a:1", "r.test/b/b:1", "r.test/c/c:1"]);
    let before = Instant::now();
    let said = sandbox.run("--timeout 5s --format json");
    // It never answers, so any end is the timeout's.
    assert!(before.elapsed() < Duration::from_secs(60), "{:?}", before.elapsed());
    assert_eq!(said.status, 3);
    let answers = ["a/a", "b/b", "c/c"].map(|name| said.answer(&format!("r.test/{name}:1")).0);
    assert_eq!(answers.iter().filter(|answer| *answer == "identical").count(), 1, "{said:?}");
    let unknown = |answer: &&String| ["unreachable", "not-asked"].contains(&answer.as_str());
    assert_eq!(answers.iter().filter(unknown).count(), 2, "{said:?}");
    assert_eq!(sandbox.read(FILE).matches("\"identical\"").count(), 1);
}

#[cfg(unix)]
#[test]
fn an_interrupt_keeps_what_is_known() {
    let server = answers_once();
    let sandbox = sandbox(&server, &["r.test/a/a:1", "r.test/b/b:1"]);
    let child = sandbox.command("").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(20);
    while server.asked().len() < 2 && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(10));
    }
    std::thread::sleep(Duration::from_millis(200));
    let before = Instant::now();
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.unwrap().success());
    let said = Said::from(child.wait_with_output().unwrap());
    assert!(before.elapsed() < Duration::from_secs(60), "{:?}", before.elapsed());
    assert_eq!(said.status, 3, "{said:?}");
    assert!(said.out.contains("1 identical, 1 not-asked"), "{}", said.out);
    assert_eq!(sandbox.read(FILE).matches("\"identical\"").count(), 1);
}

#[test]
fn no_name_and_no_encryption_are_told_in_words() {
    let plain = Server::start(|_| there());
    for (address, words) in [
        ("https://registry.invalid".to_owned(), "(DNS)"),
        ("http://registry.invalid".to_owned(), "without encryption"),
        (format!("https://{}", plain.address), "127.0.0.1"),
    ] {
        let sandbox = Sandbox::of(&["r.test/a:1"], &policy(&address));
        let said = sandbox.run("--format json --timeout 60s");
        let (answer, because) = said.answer("r.test/a:1");
        assert_eq!((&*answer, said.status), ("unreachable", 3), "{because}");
        assert!(because.contains(words), "{address}: {because}");
    }
}

#[test]
fn the_proxies_of_the_environment_are_heeded() {
    let proxy = Server::start(|_| Reply::new(502, ""));
    let sandbox = Sandbox::of(&["r.test/a:1"], &policy("https://registry.invalid"));
    let run = |variables: &[(&str, &str)]| {
        let mut command = sandbox.command("--timeout 20s");
        command.env("HTTPS_PROXY", format!("http://{}", proxy.address));
        Said::from(command.envs(variables.iter().copied()).output().unwrap())
    };
    assert_eq!(run(&[("NO_PROXY", "registry.invalid")]).status, 3);
    assert!(proxy.asked().is_empty());
    assert_eq!(run(&[]).status, 3);
    let asked = proxy.asked();
    assert_eq!(asked.first().map(|asked| &*asked.path), Some("registry.invalid:443"));
    assert!(asked.iter().all(|asked| asked.method == "CONNECT"));
}

#[test]
fn a_wrong_question_is_status_2() {
    let server = Server::start(|_| there());
    let sandbox = sandbox(&server, &["r.test/a:1"]);
    assert_eq!(sandbox.run("--timeout soon").status, 2);
    assert_eq!(sandbox.run("nowhere").status, 2);
    sandbox.write(FILE, "{}");
    let said = sandbox.run("");
    assert_eq!(said.status, 2);
    assert!(said.err.contains(".chart-images/verified.json is wrong: line 1"), "{}", said.err);
    std::fs::remove_file(sandbox.root().join(FILE)).unwrap();
    sandbox.write("image-policy.yaml", "version: 1\nregistry: {}\n");
    let said = sandbox.run("");
    assert_eq!(said.status, 2);
    assert!(said.err.contains("a policy is wrong, so nothing is asked"), "{}", said.err);
    assert!(server.asked().is_empty());
}

#[cfg(unix)]
#[test]
fn what_cannot_be_kept_is_shown() {
    let server = Server::start(|_| there());
    let sandbox = sandbox(&server, &["r.test/a:1"]);
    std::os::unix::fs::symlink("/tmp", sandbox.root().join(".chart-images")).unwrap();
    let said = sandbox.run("");
    assert_eq!(said.status, 2);
    assert!(said.out.contains("1 identical"), "{}", said.out);
    assert!(said.err.contains("is a link, and nothing is written through it"), "{}", said.err);
}

#[test]
fn words_of_a_registry_cannot_drive_the_terminal() {
    let server = Server::start(|_| {
        let body = "{\"errors\":[{\"code\":\"NAME_UNKNOWN\",\"message\":\"\\u001b[2J\\u202eno\"}]}";
        Reply::new(404, body)
    });
    let sandbox = sandbox(&server, &["r.test/a:1"]);
    for format in ["human", "json"] {
        let said = sandbox.run(&format!("--format {format}"));
        assert_eq!(said.status, 1);
        assert!(said.out.contains("NAME_UNKNOWN: [2J no"), "{}", said.out);
    }
}
