//! `migrate` and what repeats an image: defaults of a schema, rows of a README.
#![allow(clippy::unwrap_used)]

mod moved;
mod sandbox;

use moved::{chart, copy_of_dependency, files};
use sandbox::Sandbox;

const VALUES: &str = "image:\n  registry: ghcr.io\n  repository: acme/web\n  tag: \"\"\n";
const POD: &str = "  - name: a\n    image: {{ with .Values.image }}{{ .registry }}/{{ .repository }}:{{ .tag | default \"1\" }}{{ end }}\n";

/// A schema of the image's registry, with more about it, and of its repository.
fn schema(registry: &str, repository: &str, more: &str) -> String {
    format!(
        "{{\"properties\": {{\"image\": {{\"properties\": {{\n\"registry\": {{\"default\": \"{registry}\"{more}}},\n\"repository\": {{\"default\": \"{repository}\"}}}}}}}}}}\n"
    )
}

#[test]
fn a_default_that_the_values_repeat_is_no_image_of_its_own() {
    let sandbox = Sandbox::new();
    chart(&sandbox, VALUES, POD);
    sandbox.write("app/values.schema.json", &schema("ghcr.io", "acme/web", ""));
    let before = files(sandbox.root());
    for line in ["list", "list --no-evaluate"] {
        sandbox.run(line).exits(0).shows("1 image in 1 chart").shows("app/values.yaml:2");
    }
    sandbox.run("migrate --unverified").exits(0).shows("moved 1;");
    let text = sandbox.read("app/values.schema.json");
    assert_eq!(text, schema("mirror.example.com", "gh/acme/web", ""));
    sandbox.run("lint").exits(0);
    sandbox.run("migrate --unverified").exits(0).shows("nothing to move");
    sandbox.run("rollback").exits(0);
    assert!(files(sandbox.root()) == before);
}

#[test]
fn a_default_stays_with_the_value_that_the_schema_holds_fast() {
    let sandbox = Sandbox::new();
    chart(&sandbox, VALUES, POD);
    let only = ", \"enum\": [\"ghcr.io\", \"quay.io\"]";
    sandbox.write("app/values.schema.json", &schema("ghcr.io", "acme/web", only));
    let before = files(sandbox.root());
    let said = sandbox.run("migrate --unverified").exits(3).shows("nothing to move");
    assert!(said.err.contains("value must be one of 'ghcr.io', 'quay.io'"), "{}", said.err);
    assert_eq!(said.err.matches("not moved").count(), 1, "{}", said.err);
    assert!(files(sandbox.root()) == before);
}

#[test]
fn a_default_that_no_value_repeats_is_an_image_and_moves_by_itself() {
    let sandbox = Sandbox::new();
    chart(&sandbox, VALUES, POD);
    sandbox.write("app/values.schema.json", &schema("ghcr.io", "acme/other", ""));
    sandbox.run("list").exits(0).shows("2 images in 1 chart").shows("app/values.schema.json:2");
    // The registry of both is not the one that the chosen image gives up.
    sandbox.run("migrate --unverified --image ghcr.io/acme/web").exits(0).shows("moved 1;");
    let text = sandbox.read("app/values.schema.json");
    assert_eq!(text, schema("ghcr.io", "acme/other", ""));
    sandbox.run("migrate --unverified").exits(0).shows("moved 1;");
    let text = sandbox.read("app/values.schema.json");
    assert_eq!(text, schema("mirror.example.com", "gh/acme/other", ""));
    sandbox.run("lint").exits(0);
}

#[test]
fn a_default_of_what_an_alias_spells_follows() {
    let sandbox = Sandbox::new();
    let values = format!("base: &base\n  registry: ghcr.io\n{VALUES}")
        .replace("image:\n  registry: ghcr.io\n", "image:\n  <<: *base\n");
    chart(&sandbox, &values, POD);
    sandbox.write("app/values.schema.json", &schema("ghcr.io", "acme/web", ""));
    sandbox.run("migrate --unverified").exits(0).shows("moved 1;");
    let text = sandbox.read("app/values.schema.json");
    assert_eq!(text, schema("mirror.example.com", "gh/acme/web", ""));
    sandbox.run("lint").exits(0);
}

#[test]
fn a_default_for_a_copy_follows_the_value_over_it() {
    let sandbox = Sandbox::new();
    chart(&sandbox, "x: 1\n", "  - name: a\n    image: mirror.example.com/a:1\n");
    let image = "{{ with .Values.image }}{{ .registry }}/{{ .repository }}:1{{ end }}";
    copy_of_dependency(&sandbox, "app", VALUES, image);
    let of_copy = schema("ghcr.io", "acme/web", "");
    sandbox.write("app/charts/sub/values.schema.json", &of_copy);
    let for_copy = format!("{{\"properties\": {{\"sub\": {}}}}}", of_copy.trim_end());
    sandbox.write("app/values.schema.json", &for_copy);
    sandbox.run("list").exits(0).shows("2 images in 2 charts");
    sandbox.run("migrate --unverified").exits(0).shows("moved 1 (1 by values");
    let followed = for_copy.replace("ghcr.io", "mirror.example.com").replace("acme", "gh/acme");
    assert_eq!(sandbox.read("app/values.schema.json"), followed);
    assert_eq!(sandbox.read("app/charts/sub/values.schema.json"), of_copy);
    sandbox.run("lint").exits(0);
    sandbox.run("migrate --unverified").exits(0).shows("nothing to move");
}

#[test]
fn rows_of_a_map_and_of_a_list_follow_or_are_told() {
    let sandbox = Sandbox::new();
    let values = format!("{VALUES}list: [\"busybox:1\"]\n");
    chart(
        &sandbox,
        &values,
        &format!("{POD}  - name: b\n    image: {{{{ index .Values.list 0 }}}}\n"),
    );
    let readme = |registry: &str, repository: &str, list: &str| {
        format!(
            "| image | object | `{{\"registry\":\"{registry}\",\"repository\":\"{repository}\",\"tag\":\"\"}}` | |\n| list | list | `[\"{list}\"]` | |\n| list[0] | string | <code>busybox:1</code> | |\nmade by helm-docs\n"
        )
    };
    sandbox.write("app/README.md", &readme("ghcr.io", "acme/web", "busybox:1"));
    let before = files(sandbox.root());
    let said = sandbox.run("migrate --unverified").exits(0).shows("moved 2;");
    let followed =
        readme("mirror.example.com", "gh/acme/web", "mirror.example.com/library/busybox:1");
    assert_eq!(sandbox.read("app/README.md"), followed);
    let told = "note: app/README.md:3 still says `busybox:1` for `list[0]`; write `mirror.example.com/library/busybox:1` there, or run helm-docs\n";
    assert_eq!(said.err, told);
    sandbox.run("rollback").exits(0);
    assert!(files(sandbox.root()) == before);
}
