//! `unresolved-image`: what is unknown, and whether the run is incomplete for it.

use super::{EVALUATED, READ, judge, of, said};
use chart_lint::model::Level;

const RULE: &str = "unresolved-image";

fn pod(image: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n      image: {image}\n"
    )
}

#[test]
fn a_value_that_nothing_sets_is_named() {
    let pod = pod("{{ .Values.worker.image }}");
    let values = ("values.yaml", "worker: {}\n");
    let report = judge(&[("templates/pod.yaml", &pod), values], EVALUATED);
    assert_eq!(
        said(&report, RULE),
        [
            "error cannot tell which image `{{ .Values.worker.image }}` is: `.Values.worker.image` is not set"
        ]
    );
    assert_eq!(report.summary().incomplete, 1);
    let joined = self::pod("\"{{ .Values.a.repository }}:{{ .Values.a.tag }}\"");
    let values = ("values.yaml", "a: {repository: \"\", tag: \"1\"}\n");
    let report = judge(&[("templates/pod.yaml", &joined), values], EVALUATED);
    assert!(said(&report, RULE)[0].ends_with(": `.Values.a.repository` is not set"));
    assert!(of(&report, "invalid-reference").is_empty());
}

#[test]
fn what_helpers_read_is_named_too() {
    let pod = pod("{{ include \"web.image\" . }}");
    let helper = "{{- define \"web.image\" -}}\n{{ .Values.image.name }}\n{{- end -}}\n";
    let files = [
        ("templates/pod.yaml", &*pod),
        ("templates/_h.tpl", helper),
        ("values.yaml", "image: {}\n"),
    ];
    let report = judge(&files, EVALUATED);
    assert!(said(&report, RULE)[0].ends_with(": `.Values.image.name` is not set"));
}

#[test]
fn reading_alone_warns_and_evaluation_tells() {
    let pod = pod("{{ join \"/\" .Values.all }}");
    let files = [("templates/pod.yaml", &*pod), ("values.yaml", "all: [ghcr.io, \"a/b:1\"]\n")];
    let read = judge(&files, READ);
    assert_eq!(of(&read, RULE)[0].level, Level::Warning);
    assert!(of(&read, RULE)[0].help[0].contains("--no-evaluate"));
    assert_eq!(read.summary().incomplete, 0);
    assert!(said(&judge(&files, EVALUATED), RULE).is_empty());
}

#[test]
fn what_only_other_values_lead_to_is_a_warning() {
    let pod =
        format!("{{{{ if .Values.enabled }}}}\n{}{{{{ end }}}}\n", pod("{{ .Values.image }}"));
    let files = [("templates/pod.yaml", &*pod), ("values.yaml", "enabled: false\n")];
    assert_eq!(
        said(&judge(&files, EVALUATED), RULE),
        ["warning cannot tell which image `{{ .Values.image }}` is: `.Values.image` is not set"]
    );
    let files = [("templates/pod.yaml", &*pod), ("values.yaml", "enabled: true\n")];
    assert_eq!(of(&judge(&files, EVALUATED), RULE)[0].level, Level::Error);
}

#[test]
fn a_template_that_fails_says_why() {
    let pod = format!("{{{{ .Values.a.b.c }}}}\n{}", pod("{{ .Values.image }}"));
    let report = judge(&[("templates/pod.yaml", &pod)], EVALUATED);
    let said = said(&report, RULE);
    assert_eq!(said.len(), 1);
    assert!(said[0].starts_with("error cannot tell"), "{said:?}");
}

#[test]
fn a_template_of_no_name_is_named() {
    let pod = pod("{{ include \"gone.image\" . }}");
    let report = judge(&[("templates/pod.yaml", &pod)], EVALUATED);
    assert_eq!(
        said(&report, RULE),
        [
            "error cannot tell which image `{{ include \"gone.image\" . }}` is: nothing defines the template `gone.image`"
        ]
    );
}

#[test]
fn what_nothing_includes_and_what_helm_does_not_execute_runs_no_image() {
    let dead = format!("{{{{ define \"dead\" }}}}\n{}{{{{ end }}}}\n", pod("{{ .Values.x }}"));
    let files = [
        ("templates/_dead.tpl", &*dead),
        (
            "templates/map.yaml",
            "kind: ConfigMap\ndata:\n  a: {{ .Files.Get \"files/t.yaml\" | quote }}\n",
        ),
        ("files/t.yaml", "image: {{ .ProxyImage }}\n"),
    ];
    assert!(said(&judge(&files, EVALUATED), RULE).is_empty());
}

#[test]
fn the_policy_lowers_it() {
    let pod = pod("{{ .Values.image }}");
    let policy = ("image-policy.yaml", "version: 1\nrules: {unresolved-image: warning}\n");
    let report = judge(&[("templates/pod.yaml", &pod), policy], EVALUATED);
    assert_eq!(of(&report, RULE)[0].level, Level::Warning);
    assert_eq!(report.summary().incomplete, 0);
}

/// A container of the user's own list, and one that the chart's values name with nothing.
#[test]
fn an_empty_image_of_a_list_of_containers_is_found() {
    let pod = "apiVersion: v1\nkind: Pod\nspec:\n  containers: {{ toYaml .Values.containers | nindent 4 }}\n";
    let files = [
        ("templates/pod.yaml", pod),
        ("values.yaml", "containers:\n  - name: side\n    image: \"\"\n"),
    ];
    assert_eq!(
        said(&judge(&files, EVALUATED), RULE),
        ["error a container has no image: it is evaluated to nothing"]
    );
    let files = [("templates/pod.yaml", pod), ("values.yaml", "containers: []\n")];
    assert!(said(&judge(&files, EVALUATED), RULE).is_empty());
}
