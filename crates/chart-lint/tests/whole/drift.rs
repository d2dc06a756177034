//! `image-drift`: the list of Chart.yaml against what the chart runs.

use super::{EVALUATED, READ, judge, of, said};

const RULE: &str = "image-drift";

/// A chart whose list has these images, with more files.
fn drift(listed: &[&str], files: &[(&str, &str)]) -> Vec<String> {
    let report = judged(listed, files);
    said(&report, RULE)
}

fn judged(listed: &[&str], files: &[(&str, &str)]) -> chart_lint::model::Report {
    let mut chart = super::CHART.to_owned();
    chart.push_str("annotations:\n  artifacthub.io/images: |\n");
    for (index, image) in listed.iter().enumerate() {
        chart.push_str(&format!("    - name: i{index}\n      image: {image}\n"));
    }
    let mut all = vec![("Chart.yaml", chart.as_str())];
    all.extend(files);
    judge(&all, EVALUATED)
}

const POD: &str = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n      image: \"{{ .Values.image.repository }}:{{ .Values.image.tag }}\"\n";
const WEB: [(&str, &str); 2] = [
    ("templates/pod.yaml", POD),
    ("values.yaml", "image: {repository: ghcr.io/acme/web, tag: \"1.4\"}\n"),
];

#[test]
fn what_agrees_is_silent_whatever_the_spelling() {
    for listed in ["ghcr.io/acme/web:1.4", "ghcr.io/acme/web", "GHCR.io:443/acme/web:1.4"] {
        assert_eq!(drift(&[listed], &WEB), [""; 0], "{listed}");
    }
    let hub = [WEB[0], ("values.yaml", "image: {repository: busybox, tag: \"1\"}\n")];
    assert_eq!(drift(&["index.docker.io/library/busybox:1"], &hub), [""; 0]);
}

#[test]
fn another_tag_is_told_at_the_tag() {
    let report = judged(&["ghcr.io/acme/web:1.3"], &WEB);
    let findings = of(&report, RULE);
    assert_eq!(
        said(&report, RULE),
        ["warning `ghcr.io/acme/web:1.3` is listed, and the chart runs `ghcr.io/acme/web:1.4`"]
    );
    assert_eq!(findings[0].primary.location.text(), "1.3");
    assert_eq!(findings[0].help, ["list `ghcr.io/acme/web:1.4`"]);
}

#[test]
fn what_nothing_names_and_what_moved_are_told_apart() {
    assert_eq!(
        drift(&["ghcr.io/acme/web:1.4", "ghcr.io/acme/old:1"], &WEB),
        ["warning `ghcr.io/acme/old:1` is listed, and nothing in the chart names it"]
    );
    assert_eq!(
        drift(&["quay.io/acme/web:1.4"], &WEB),
        ["warning `quay.io/acme/web:1.4` is listed, and the chart takes it from ghcr.io"]
    );
}

#[test]
fn the_list_of_a_chart_that_runs_nothing_is_left_alone() {
    let settings = ("templates/settings.yaml", "apiVersion: v1\nkind: ConfigMap\ndata: {a: b}\n");
    assert_eq!(drift(&["ghcr.io/acme/web:1"], &[settings]), [""; 0]);
    // What another values file leads to is something that the chart runs.
    let off = "{{ if .Values.on }}\napiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - {name: a, image: ghcr.io/acme/other:1}\n{{ end }}\n";
    assert_eq!(drift(&["ghcr.io/acme/web:1"], &[("templates/pod.yaml", off)]).len(), 1);
}

#[test]
fn what_is_left_out_is_one_finding_at_the_key() {
    let more = format!(
        "{POD}    - name: a\n      image: ghcr.io/acme/a:1\n    - name: b\n      image: ghcr.io/acme/b:1\n"
    );
    let report = judged(&["ghcr.io/acme/web:1.4"], &[("templates/pod.yaml", &more), WEB[1]]);
    assert_eq!(
        said(&report, RULE),
        [
            "warning the chart runs `ghcr.io/acme/a:1` and `ghcr.io/acme/b:1`, and the list leaves them out"
        ]
    );
    assert_eq!(of(&report, RULE)[0].primary.location.text(), "artifacthub.io/images");
}

#[test]
fn tests_and_conditional_images_may_be_listed_and_need_not_be() {
    let test = "apiVersion: v1\nkind: Pod\nmetadata:\n  annotations: {helm.sh/hook: test}\nspec:\n  containers:\n    - name: t\n      image: ghcr.io/acme/test:1\n";
    let off = "{{ if .Values.enabled }}\napiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: t\n      image: ghcr.io/acme/off:1\n{{ end }}\n";
    let files = [WEB[0], WEB[1], ("templates/t.yaml", test), ("templates/off.yaml", off)];
    assert_eq!(drift(&["ghcr.io/acme/web:1.4"], &files), [""; 0]);
    let all = ["ghcr.io/acme/web:1.4", "ghcr.io/acme/test:1", "ghcr.io/acme/off:1"];
    assert_eq!(drift(&all, &files), [""; 0]);
}

#[test]
fn another_digest_drifts_and_the_same_one_does_not() {
    let digest = |c: char| format!("sha256:{}", c.to_string().repeat(64));
    let values = format!("image: {{repository: ghcr.io/acme/web, tag: \"1@{}\"}}\n", digest('a'));
    let files = [WEB[0], ("values.yaml", &*values)];
    assert_eq!(drift(&[&format!("ghcr.io/acme/web:2@{}", digest('a'))], &files), [""; 0]);
    assert_eq!(drift(&[&format!("ghcr.io/acme/web:1@{}", digest('b'))], &files).len(), 1);
}

/// A name that a template completes may be completed to what is listed.
#[test]
fn variants_of_a_name_that_is_put_together_are_not_stale() {
    let pod = POD.replace(
        "{{ .Values.image.repository }}",
        "{{ .Values.image.repository }}/{{ .Values.flavour }}",
    );
    let files = [
        ("templates/pod.yaml", &*pod),
        ("values.yaml", "flavour: full\nimage: {repository: ghcr.io/acme/web, tag: \"1\"}\n"),
    ];
    assert_eq!(drift(&["ghcr.io/acme/web/full:1", "ghcr.io/acme/web/lite:1"], &files), [""; 0]);
}

#[test]
fn nothing_is_said_of_what_was_not_evaluated_to_its_end() {
    let stale = ["ghcr.io/acme/old:1"];
    assert_eq!(drift(&stale, &WEB).len(), 2);
    let fails = ("templates/fails.yaml", "{{ fail \"no\" }}\n");
    assert_eq!(drift(&stale, &[WEB[0], WEB[1], fails]), [""; 0]);
    let chart = format!(
        "{}annotations:\n  images: |\n    - image: {}\ndependencies:\n  - {{name: x, version: 1.x}}\n",
        super::CHART,
        stale[0]
    );
    let files = [("Chart.yaml", &*chart), WEB[0], WEB[1]];
    assert_eq!(said(&judge(&files, EVALUATED), RULE), [""; 0]);
    let whole = chart.split("dependencies").next().unwrap();
    let files = [("Chart.yaml", whole), WEB[0], WEB[1]];
    assert_eq!(said(&judge(&files, READ), RULE), [""; 0]);
    assert_eq!(said(&judge(&files, EVALUATED), RULE).len(), 2);
}
