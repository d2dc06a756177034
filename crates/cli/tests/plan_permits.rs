//! What may stay by a comment or an exception, and no longer: `plan`, `status`, `migrate` and
//! `lint --fix` say the same of it.
#![allow(clippy::unwrap_used)]

mod sandbox;

use sandbox::{STRICT, Sandbox};
use serde_json::Value;

const COMMENT: &str = "# chart-images: allow disallowed-registry -- the vendor moves in May\n";
const MOVES: &str =
    "replacements:\n  - {from: \"ghcr.io/acme/**\", to: \"public.ecr.aws/acme/**\"}\n";

/// A chart with these values, which a policy with a replacement judges.
fn chart(values: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("image-policy.yaml", &format!("{STRICT}{MOVES}"));
    sandbox.chart("charts/a", values);
    sandbox
}

fn images(sandbox: &Sandbox, line: &str) -> Vec<Value> {
    let said = sandbox.run(&format!("plan --root . --format json {line}")).exits(0);
    let plan: Value = serde_json::from_str(&said.out).unwrap();
    plan["images"].as_array().unwrap().clone()
}

fn states(sandbox: &Sandbox, line: &str) -> Vec<String> {
    images(sandbox, line).iter().map(|row| row["status"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_a_comment_permits_is_excepted_with_its_reason_and_place_and_stays() {
    let values = format!("{COMMENT}image: ghcr.io/acme/web:1\n");
    let sandbox = chart(&values);
    sandbox.run("lint --root .").exits(0);
    let document = sandbox.run("plan --root .").exits(0);
    let document = document.shows("Permitted by comments in the charts:").shows(
        "| `ghcr.io/acme/web:1` | no end is set | the vendor moves in May | \
         `charts/a/values.yaml:1` | a | `charts/a/values.yaml:2` |",
    );
    document.shows("| Permitted to stay | 1 |").shows("### Phase 1").hides("1 to move.");
    let status = sandbox.run("status --root .").exits(0);
    status.shows("excepted      1").shows("charts done   1 of 1");
    let row = &images(&sandbox, "")[0];
    let expected = serde_json::json!({
        "by": "comment", "reason": "the vendor moves in May", "expires": null, "owner": null,
        "path": "charts/a/values.yaml", "line": 1,
    });
    assert_eq!((&row["exception"], &row["phase"]), (&expected, &Value::Null));
    sandbox.run("plan --root . --format html").exits(0).shows("the vendor moves in May");
    sandbox.run("migrate --root . --unverified").exits(0).shows("nothing to move");
    sandbox.run("lint --root . --fix --unverified").exits(0);
    assert_eq!(sandbox.read("charts/a/values.yaml"), values);
}

#[test]
fn a_place_that_no_comment_permits_moves_though_another_stays() {
    let both = format!(
        "{COMMENT}a: {{image: \"ghcr.io/acme/web:1\"}}\nb: {{image: \"ghcr.io/acme/web:1\"}}\n"
    );
    let moved = both.replace("b: {image: \"ghcr.io", "b: {image: \"public.ecr.aws");
    for line in ["migrate --root . --unverified", "lint --root . --fix --unverified"] {
        let sandbox = chart(&both);
        assert_eq!(states(&sandbox, ""), ["excepted", "disallowed"]);
        sandbox.run("status --root .").exits(1).shows("left          1 (1 high");
        sandbox.run(line).exits(0);
        assert_eq!(sandbox.read("charts/a/values.yaml"), moved, "{line}");
        sandbox.run("status --root .").exits(0);
    }
}

#[test]
fn a_comment_at_what_two_images_share_permits_both() {
    let sandbox = chart(&format!(
        "global:\n  {COMMENT}  imageRegistry: ghcr.io\na: {{repository: acme/a}}\nb: {{repository: acme/b}}\n"
    ));
    let image = |name: &str| {
        format!("{{{{ .Values.global.imageRegistry }}}}/{{{{ .Values.{name}.repository }}}}:1")
    };
    sandbox.write(
        "charts/a/templates/pod.yaml",
        &format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  containers:\n    - {{name: a, image: \"{}\"}}\n    - {{name: b, image: \"{}\"}}\n",
            image("a"),
            image("b")
        ),
    );
    sandbox.run("lint --root .").exits(0);
    assert_eq!(states(&sandbox, ""), ["excepted", "excepted"]);
    sandbox.run("migrate --root . --unverified").exits(0).shows("nothing to move");
}

#[test]
fn a_comment_that_lint_does_not_heed_permits_nothing() {
    let text = COMMENT.replace(" --", " until 2026-03-01 --") + "image: ghcr.io/acme/web:1\n";
    let sandbox = chart(&text);
    assert_eq!(states(&sandbox, "--today 2026-03-01"), ["excepted"]);
    sandbox.run("plan --root . --today 2026-03-01").shows("| until 2026-03-01 | the vendor");
    assert_eq!(states(&sandbox, "--today 2026-03-02"), ["disallowed"]);
    let forbidden = format!("{STRICT}{MOVES}suppressions: {{inline: forbidden}}\n");
    sandbox.write("image-policy.yaml", &forbidden);
    assert_eq!(states(&sandbox, "--today 2026-03-01"), ["disallowed"]);
    // A comment about something else leaves the registry open.
    let other = COMMENT.replace("disallowed-registry", "replacement-missing");
    let sandbox = chart(&format!("{other}image: ghcr.io/acme/web:1\n"));
    assert_eq!(states(&sandbox, ""), ["disallowed"]);
}

#[test]
fn a_comment_that_the_trusted_revision_lacks_permits_nothing() {
    let sandbox = Sandbox::with_git();
    sandbox.write("image-policy.yaml", &format!("{STRICT}{MOVES}"));
    sandbox.chart("charts/a", "image: ghcr.io/acme/web:1\n");
    sandbox.commit();
    sandbox.chart("charts/a", &format!("{COMMENT}image: ghcr.io/acme/web:1\n"));
    assert_eq!(states(&sandbox, ""), ["excepted"]);
    assert_eq!(states(&sandbox, "--policy-from HEAD"), ["disallowed"]);
    sandbox.run("status --root . --policy-from HEAD").exits(1);
    let said = sandbox.run("migrate --root . --dry-run --policy-from HEAD").exits(0);
    said.shows("+image: public.ecr.aws/acme/web:1");
    sandbox.commit();
    assert_eq!(states(&sandbox, "--policy-from HEAD"), ["excepted"]);
}

#[test]
fn a_baseline_permits_nothing() {
    let sandbox = chart("image: ghcr.io/acme/web:1\n");
    sandbox.run("lint --root . --baseline known.json --write-baseline").exits(0);
    assert_eq!(states(&sandbox, ""), ["disallowed"]);
    sandbox.run("migrate --root . --dry-run").exits(0).shows("+image: public.ecr.aws/acme/web:1");
}

#[test]
fn a_registry_that_no_list_names_is_decided_by_a_comment_too() {
    let comment = COMMENT.replace("disallowed-registry", "unlisted-registry");
    let sandbox = chart(&format!("{comment}image: quay.io/acme/web:1\n"));
    assert_eq!(states(&sandbox, ""), ["excepted"]);
    sandbox.run("plan --root .").exits(0).hides("### Registries that the policy does not name");
}

#[test]
fn an_exception_that_holds_no_longer_is_told_with_its_image() {
    let sandbox = chart("a: {image: \"ghcr.io/acme/web:1\"}\nb: {image: \"ghcr.io/sig/x:1\"}\n");
    let exceptions = "exceptions:\n  - images: [\"ghcr.io/acme/**\"]\n    reason: no mirror *yet*\n    expires: 2020-01-01\n    owner: platform\n  - images: [\"ghcr.io/sig/**\"]\n    reason: signed\n    requires: digest\n";
    sandbox.write("image-policy.yaml", &format!("{STRICT}{exceptions}{MOVES}"));
    let document =
        sandbox.run("plan --root .").exits(0).hides("No exception of the policy is used");
    let document = document.shows(
        "- `ghcr.io/acme/web:1` (`charts/a/values.yaml:1`): the exception at \
         `image-policy.yaml:6` (no mirror &#42;yet&#42;) expired on 2020-01-01; platform answers for it\n",
    );
    let lapsed = "- `ghcr.io/sig/x:1` (`charts/a/values.yaml:2`): the exception at \
                  `image-policy.yaml:10` (signed) holds only for images that are pinned by digest\n";
    // It has no equivalent either.
    assert_eq!(document.out.matches(lapsed).count(), 2, "{}", document.out);
    document.shows("2 to move are named by an exception that does not hold");
    let rows = images(&sandbox, "");
    assert_eq!(rows[0]["lapsed"]["because"], "expired");
    assert_eq!(rows[0]["lapsed"]["owner"], "platform");
    assert_eq!(rows[1]["lapsed"]["because"], "needs-digest");
    assert!(rows.iter().all(|row| row.get("exception").is_none()), "{rows:?}");
    let page = sandbox.run("plan --root . --format html").exits(0);
    page.shows("(no mirror *yet*) expired on 2020-01-01; platform answers for it");
    // While it holds, it is told as what permits.
    sandbox.run("plan --root . --today 2020-01-01").shows("until 2020-01-01").hides("expired on");
}

#[test]
fn what_is_no_image_is_told_and_counted() {
    let sandbox = chart("a: {image: \"busybox:$(id)\"}\nb: {image: \"public.ecr.aws/a/b:1\"}\n");
    let document = sandbox.run("plan --root .").exits(0).shows("### What is in no table");
    document.shows("| `invalid-reference` | ").shows("| `charts/a/values.yaml:1` |");
    sandbox.run("status --root .").exits(0).shows("besides       1 findings");
    sandbox.run("plan --root . --format html").exits(0).shows("findings that belong to no image");
    let said = sandbox.run("plan --root . --format json").exits(0);
    let plan: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(plan["unplaced"][0]["rule"], "invalid-reference");
    assert_eq!(
        (&plan["unplaced"][0]["line"], &plan["figures"]["unplaced"]),
        (&1.into(), &1.into())
    );
    sandbox.chart("charts/a", "b: {image: \"public.ecr.aws/a/b:1\"}\n");
    sandbox.run("plan --root .").exits(0).hides("What is in no table");
    sandbox.run("status --root .").exits(0).hides("besides");
}
