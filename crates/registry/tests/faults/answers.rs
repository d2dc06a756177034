//! What a registry says of an image, told apart.

use super::*;
use registry::{Comparison, Uncompared};

#[test]
fn missing_is_what_the_registry_says_is_missing() {
    let (tag, name) = (Reason::MissingTag, Reason::MissingRepository);
    for (code, tags, reason, words) in [
        ("NAME_UNKNOWN", Reply::new(500, ""), name, "NAME_UNKNOWN: so it is"),
        ("MANIFEST_UNKNOWN", Reply::new(200, r#"{"tags":["2"]}"#), tag, "MANIFEST_UNKNOWN: so"),
        // The list of tags tells it.
        ("MANIFEST_UNKNOWN", Reply::error(404, "NAME_UNKNOWN"), name, "NAME_UNKNOWN: so it is"),
        ("NOT_FOUND", Reply::error(404, "NOT_FOUND"), name, "NOT_FOUND: so it is"),
        ("MANIFEST_UNKNOWN", Reply::new(404, "<html>"), tag, "MANIFEST_UNKNOWN: so it is"),
        ("MANIFEST_UNKNOWN", Reply::error(403, "DENIED"), tag, "MANIFEST_UNKNOWN: so it is"),
    ] {
        let server = Server::start(move |asked| match asked.path.contains("/tags/") {
            true => tags.clone(),
            false => Reply::error(404, code),
        });
        fails(&client(&server), reason, words);
    }
}

#[test]
fn a_404_of_something_else_is_not_missing() {
    for body in ["", "<html>Not Found</html>", "{}", r#"{"errors":[]}"#, r#"{"errors":"no"}"#] {
        let server = Server::start(move |_| Reply::new(404, body));
        fails(&client(&server), Reason::Unreachable, "not in the words of a registry");
    }
}

#[test]
fn refused_is_not_missing() {
    let server = Server::start(|_| Reply::error(403, "DENIED"));
    fails(&client(&server), Reason::Unauthorised, "does not permit it (403)");
    let server = Server::start(|_| {
        Reply::error(401, "UNAUTHORIZED").with("WWW-Authenticate", "Basic realm=\"x\"")
    });
    fails(&client(&server), Reason::Unauthorised, "wants credentials");
}

#[test]
fn a_header_is_asked_for_before_a_body() {
    let server = Server::start(|_| content("{}"));
    let client = client(&server);
    for _ in 0..3 {
        assert_eq!(client.digest(&image("a/b", "1")), Ok(digest(b"{}")));
    }
    let asked = server.asked();
    assert_eq!(asked.len(), 1, "each is asked once");
    assert_eq!((&*asked[0].method, &*asked[0].path), ("HEAD", "/v2/a/b/manifests/1"));
}

/// Images as a registry has them: `same` and `rebuilt` differ by their manifests' bytes,
/// `other` is another image, `lacks` has no arm64.
fn images() -> Server {
    let config = |name: &str, arch: &str| {
        format!(r#"{{"os":"linux","architecture":"{arch}","of":"{name}"}}"#)
    };
    let manifest = |config: &str, note: &str| {
        format!(
            r#"{{"schemaVersion":2,"note":"{note}","config":{{"digest":"{}"}}}}"#,
            digest(config.as_bytes())
        )
    };
    let index = |parts: &[(&str, &str)]| {
        let entries: Vec<String> = parts
            .iter()
            .map(|(arch, manifest)| {
                format!(
                    r#"{{"digest":"{}","platform":{{"os":"linux","architecture":"{arch}"}}}}"#,
                    digest(manifest.as_bytes())
                )
            })
            .collect();
        format!(r#"{{"schemaVersion":2,"manifests":[{}]}}"#, entries.join(","))
    };
    let mut bodies: Vec<(String, String)> = Vec::new();
    let mut parts = |config: String, note: &str| {
        let manifest = manifest(&config, note);
        bodies.push((digest(config.as_bytes()), config));
        bodies.push((digest(manifest.as_bytes()), manifest.clone()));
        manifest
    };
    let amd = parts(config("a", "amd64"), "");
    let arm = parts(config("a", "arm64"), "");
    let amd_rebuilt = parts(config("a", "amd64"), "rebuilt");
    let other = parts(config("other", "amd64"), "");
    let tags = [
        ("source", index(&[("amd64", &amd), ("arm64", &arm)])),
        ("same", index(&[("amd64", &amd), ("arm64", &arm)])),
        ("rebuilt", index(&[("amd64", &amd_rebuilt), ("arm64", &arm)])),
        ("other", index(&[("amd64", &other), ("arm64", &arm)])),
        ("lacks", index(&[("amd64", &amd)])),
        ("single", amd.clone()),
    ];
    let tags: Vec<(String, String)> =
        tags.into_iter().map(|(tag, body)| (tag.to_owned(), body)).collect();
    bodies.extend(tags.iter().map(|(_, body)| (digest(body.as_bytes()), body.clone())));
    bodies.extend(tags);
    Server::start(move |asked| {
        let version = asked.path.rsplit('/').next().unwrap();
        match bodies.iter().find(|(key, _)| key == version) {
            Some((_, body)) => content(body.clone()),
            None => Reply::error(404, "MANIFEST_UNKNOWN"),
        }
    })
}

/// What became of a comparison: the platforms that are lost, and those that changed.
fn compared(client: &Client, source: &str, target: &str) -> (Vec<String>, Vec<String>) {
    match client.compare(&image("a/b", source), &image("c/d", target)) {
        Ok(Comparison::Apart { lost, changed, .. }) => {
            let texts = |platforms: Vec<registry::Platform>| {
                platforms.iter().map(ToString::to_string).collect()
            };
            (texts(lost), texts(changed))
        }
        other => panic!("{source} and {target}: {other:?}"),
    }
}

#[test]
fn images_are_compared_by_platform() {
    let server = images();
    let client = client(&server);
    let same = client.compare(&image("a/b", "source"), &image("c/d", "same"));
    assert!(matches!(same, Ok(Comparison::Identical { .. })), "{same:?}");
    assert!(server.asked().iter().all(|asked| asked.method == "HEAD"), "no body was needed");

    let none: Vec<String> = Vec::new();
    let some = |name: &str| vec![name.to_owned()];
    assert_eq!(compared(&client, "source", "rebuilt"), (none.clone(), none.clone()));
    assert_eq!(compared(&client, "source", "other"), (none.clone(), some("linux/amd64")));
    assert_eq!(compared(&client, "source", "lacks"), (some("linux/arm64"), none.clone()));
    assert_eq!(compared(&client, "source", "single"), (some("linux/arm64"), none.clone()));
    assert_eq!(compared(&client, "single", "source"), (none.clone(), none));
}

#[test]
fn whose_answer_lacks_is_told() {
    let server = images();
    let client = client(&server);
    let compared = client.compare(&image("a/b", "source"), &image("c/d", "none"));
    assert!(
        matches!(&compared, Err(Uncompared::Target(failure)) if failure.reason == Reason::MissingTag),
        "{compared:?}"
    );
    let compared = client.compare(&image("a/b", "none"), &image("c/d", "same"));
    assert!(matches!(compared, Err(Uncompared::Source { .. })), "{compared:?}");
}

#[test]
fn a_reference_by_digest_needs_no_source() {
    let server = images();
    let client = client(&server);
    let digest = client.digest(&image("c/d", "same")).unwrap();
    let gone = Image { registry: "gone.invalid".into(), ..image("a/b", &digest) };
    let compared = client.compare(&gone, &image("c/d", &digest));
    assert_eq!(compared, Ok(Comparison::Identical { digest }));
}

#[test]
fn a_404_for_another_reason_is_not_missing() {
    let answer = |code: &'static str| {
        let server = Server::start(move |_| Reply::error(404, code));
        client(&server).digest(&image("a/b", "1")).unwrap_err().reason
    };
    assert_eq!(answer("MANIFEST_UNKNOWN"), Reason::MissingTag);
    assert_eq!(answer("NAME_UNKNOWN"), Reason::MissingRepository);
    assert_eq!(answer("DENIED"), Reason::Unauthorised);
    assert_eq!(answer("ROUTE_NOT_FOUND"), Reason::Unreachable);
}
