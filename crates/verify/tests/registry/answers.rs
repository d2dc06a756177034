//! Each answer, from a real registry.

use crate::layout::{Make, push};
use crate::sandbox::{Said, Sandbox};
use crate::{Registries, registries};
use std::net::TcpListener;

const TESTER: Option<&str> = Some("tester:secret");
const BOTH: &[(&str, &str)] = &[("linux/amd64", "a"), ("linux/arm64", "a")];
const SOURCE: Make<'_> = Make { platforms: BOTH, note: "", index: false };

/// `ghcr.io` is the open registry, `public.ecr.aws` the one with tokens, `basic.test` the one
/// with a password, `closed.test` is nobody.
fn policy(all: &Registries) -> String {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    format!(
        "version: 1
registries: {{allowed: [public.ecr.aws, basic.test, closed.test], disallowed: [ghcr.io, quay.io]}}
replacements:
  - {{from: 'ghcr.io/acme/*', to: 'public.ecr.aws/acme/*'}}
  - {{from: 'ghcr.io/basic/*', to: 'basic.test/acme/*'}}
  - {{from: 'ghcr.io/closed/*', to: 'closed.test/acme/*'}}
  - {{from: '**/elsewhere', to: 'public.ecr.aws/acme/same'}}
endpoints:
  - {{registry: ghcr.io, endpoint: 'http://{}'}}
  - {{registry: public.ecr.aws, endpoint: 'http://{}'}}
  - {{registry: basic.test, endpoint: 'http://{}'}}
  - {{registry: closed.test, endpoint: 'http://{nobody}'}}
",
        all.open, all.token, all.basic
    )
}

#[test]
fn every_answer() {
    let Some(all) = registries() else { return };
    let source = |make: &Make<'_>, name: &str| push(make, &all.open, name, None);
    let target = |make: &Make<'_>, name: &str| push(make, &all.token, name, TESTER);

    let digest = source(&SOURCE, "acme/same:1");
    assert_eq!(target(&SOURCE, "acme/same:1"), digest);
    let single = Make { platforms: &BOTH[..1], ..SOURCE };
    source(&single, "acme/single:1");
    target(&single, "acme/single:1");
    let indexed = Make { index: true, ..single };
    source(&single, "acme/indexed:1");
    target(&indexed, "acme/indexed:1");
    source(&SOURCE, "acme/rebuilt:1");
    target(&Make { note: "rebuilt", ..SOURCE }, "acme/rebuilt:1");
    let other = Make { platforms: &[("linux/amd64", "b"), ("linux/arm64", "a")], ..SOURCE };
    source(&SOURCE, "acme/other:1");
    target(&other, "acme/other:1");
    source(&SOURCE, "acme/lacks:1");
    target(&single, "acme/lacks:1");
    // The same at first; then the tag is moved.
    source(&SOURCE, "acme/moved:1");
    target(&SOURCE, "acme/moved:1");
    source(
        &Make { platforms: &[("linux/amd64", "c"), ("linux/arm64", "c")], ..SOURCE },
        "acme/moved:1",
    );
    source(&SOURCE, "acme/untagged:2");
    target(&SOURCE, "acme/untagged:1");
    source(&SOURCE, "acme/none:1");
    target(&SOURCE, "acme/orphan:1");
    source(&SOURCE, "basic/web:1");
    push(&SOURCE, &all.basic, "acme/web:1", TESTER);
    source(&SOURCE, "closed/web:1");

    let pinned = format!("ghcr.io/acme/same:1@{digest}");
    let gone = format!("ghcr.io/acme/same@sha256:{}", "0".repeat(64));
    let rows = [
        ("ghcr.io/acme/same:1", "identical", ""),
        ("ghcr.io/acme/single:1", "identical", ""),
        (&*pinned, "identical", ""),
        ("public.ecr.aws/acme/same:1", "identical", ""),
        ("ghcr.io/acme/indexed:1", "same-platforms", "every platform is the same"),
        ("ghcr.io/acme/rebuilt:1", "same-platforms", "every platform is the same"),
        ("ghcr.io/acme/other:1", "different", "linux/amd64 has other content"),
        ("ghcr.io/acme/lacks:1", "different", "linux/arm64 would be lost"),
        ("ghcr.io/acme/moved:1", "different", "linux/amd64, linux/arm64 has other content"),
        ("ghcr.io/acme/untagged:2", "missing-tag", "MANIFEST_UNKNOWN"),
        (&*gone, "missing-tag", "MANIFEST_UNKNOWN"),
        ("ghcr.io/acme/none:1", "missing-repository", "UNKNOWN"),
        ("public.ecr.aws/acme/none:1", "missing-repository", "UNKNOWN"),
        ("ghcr.io/basic/web:1", "unauthorised", "wants credentials"),
        ("ghcr.io/closed/web:1", "unreachable", "127.0.0.1"),
        ("ghcr.io/acme/orphan:1", "unknown-source", "of ghcr.io/acme/orphan:1: NAME_UNKNOWN"),
        // No entry of the policy names a registry that a chart made up.
        ("made.up/elsewhere:1", "unknown-source", "no entry of the policy names made.up"),
    ];
    let images = rows.map(|(image, _, _)| image);
    let sandbox = Sandbox::of(&images, &policy(&all));
    let said = sandbox.run("--format json");
    for (image, answer, words) in rows {
        let (found, said) = said.answer(image);
        assert_eq!(found, answer, "{image}: {said}");
        assert!(said.contains(words), "{image}: {said}");
    }
    assert_eq!(said.status, 1, "{}", said.err);

    // Who has the password is told; what is known is not asked for again.
    sandbox.write(
        "docker/config.json",
        &format!(
            // tester:secret
            r#"{{"auths":{{"{}":{{"auth":"dGVzdGVyOnNlY3JldA=="}}}}}}"#,
            all.basic
        ),
    );
    let said = sandbox.run("--format json");
    assert_eq!(said.answer("ghcr.io/basic/web:1").0, "identical", "{}", said.out);
    assert!(!said.out.contains("secret") && !said.err.contains("secret"));
    let human = sandbox.run("--offline");
    assert!(human.out.contains("offline: no registry was asked"), "{}", human.out);
    assert!(human.out.contains(": 5 identical, 2 same-platforms, 3 different"), "{}", human.out);
    assert_eq!(human.status, 1);
}

#[test]
fn an_authority_of_the_environment_is_believed() {
    let Some(all) = registries() else { return };
    let policy = format!(
        "version: 1\nregistries: {{allowed: [tls.test]}}\n\
         endpoints: [{{registry: tls.test, endpoint: 'https://{}'}}]\n",
        all.tls
    );
    let sandbox = Sandbox::of(&["tls.test/acme/none:1"], &policy);
    let said = sandbox.run("--format json");
    let (answer, words) = said.answer("tls.test/acme/none:1");
    assert_eq!(answer, "unreachable", "{words}");
    assert!(words.contains("(TLS)"), "{words}");
    let mut command = sandbox.command("--format json");
    let said = Said::from(command.env("SSL_CERT_FILE", &all.authority).output().unwrap());
    assert_eq!(said.answer("tls.test/acme/none:1").0, "missing-repository");
}

#[test]
fn what_is_there_and_the_same_is_status_0() {
    let Some(all) = registries() else { return };
    push(&SOURCE, &all.open, "acme/good:1", None);
    push(&SOURCE, &all.token, "acme/good:1", TESTER);
    let sandbox = Sandbox::of(&["ghcr.io/acme/good:1"], &policy(&all));
    let said = sandbox.run("");
    assert_eq!(said.status, 0, "{said:?}");
    assert!(said.out.starts_with("1 images: 1 identical (1 asked"), "{}", said.out);
    sandbox.images(&["ghcr.io/acme/good:1", "ghcr.io/closed/good:1"]);
    assert_eq!(sandbox.run("").status, 3);
}
