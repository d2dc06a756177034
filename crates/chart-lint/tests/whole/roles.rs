//! Roles, from the kind of a workload and its hooks as they are rendered.

use super::{EVALUATED, judge};
use chart_lint::model::Role;

fn role(files: &[(&str, &str)]) -> Role {
    let report = judge(files, EVALUATED);
    assert_eq!(report.images.len(), 1, "{:?}", report.images);
    report.images[0].role
}

fn workload(kind: &str, annotations: &str) -> String {
    format!(
        "apiVersion: v1\nkind: {kind}\nmetadata:\n  name: x\n  annotations: {{{annotations}}}\nspec:\n  template:\n    spec:\n      containers:\n        - name: c\n          image: {{{{ .Values.image }}}}\n"
    )
}

const VALUES: (&str, &str) = ("values.yaml", "image: ghcr.io/acme/x:1\nkind: Job\n");

#[test]
fn kind_and_hook_decide() {
    for (kind, annotations, expected) in [
        ("Deployment", "", Role::Runtime),
        ("StatefulSet", "", Role::Runtime),
        ("DaemonSet", "", Role::Runtime),
        ("ReplicationController", "", Role::Runtime),
        ("Job", "", Role::Utility),
        ("CronJob", "", Role::Utility),
        ("{{ .Values.kind }}", "", Role::Utility),
        ("Deployment", "helm.sh/hook: pre-install", Role::Utility),
        ("Job", "helm.sh/hook: test", Role::Test),
        ("Pod", "helm.sh/hook: test-success", Role::Test),
        ("Pod", "\"helm.sh/hook\": \"test-failure, test\"", Role::Test),
        // It runs at every upgrade too.
        ("Job", "helm.sh/hook: \"post-upgrade,test\"", Role::Utility),
        ("Job", "helm.sh/hook: post-install-latest", Role::Utility),
    ] {
        let text = workload(kind, annotations);
        assert_eq!(role(&[("templates/x.yaml", &text), VALUES]), expected, "{kind} {annotations}");
    }
}

#[test]
fn a_hook_that_a_helper_prints_is_one() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    {{- include \"web.hooks\" . | nindent 4 }}\nspec:\n  containers:\n    - name: c\n      image: {{ .Values.image }}\n";
    let helper = "{{- define \"web.hooks\" -}}\n\"helm.sh/hook\": test\n{{- end -}}\n";
    assert_eq!(
        role(&[("templates/x.yaml", text), ("templates/_h.tpl", helper), VALUES]),
        Role::Test
    );
}

#[test]
fn a_whole_manifest_of_a_helper_is_what_it_says() {
    let text = "{{ include \"web.job\" . }}\n";
    let helper =
        format!("{{{{- define \"web.job\" -}}}}\n{}{{{{- end -}}}}\n", workload("Job", ""));
    assert_eq!(
        role(&[("templates/x.yaml", text), ("templates/_h.tpl", &helper), VALUES]),
        Role::Utility
    );
}

#[test]
fn of_several_uses_the_one_that_serves_counts() {
    let files = [
        ("templates/a.yaml", &*workload("Job", "helm.sh/hook: test")),
        ("templates/b.yaml", &*workload("Deployment", "")),
        ("templates/c.yaml", &*workload("CronJob", "")),
        VALUES,
    ];
    assert_eq!(role(&files), Role::Runtime);
    assert_eq!(role(&[files[0], files[2], VALUES]), Role::Utility);
}

#[test]
fn each_manifest_of_a_list_is_for_itself() {
    let list = "apiVersion: v1\nkind: List\nitems:\n  - apiVersion: batch/v1\n    kind: Job\n    spec:\n      template:\n        spec:\n          containers:\n            - name: c\n              image: {{ .Values.image }}\n";
    let report = judge(&[("templates/x.yaml", list), VALUES], EVALUATED);
    assert_eq!(report.images[0].role, Role::Utility);
    assert_eq!(report.images[0].uses[0].kind.as_deref(), Some("Job"));
}
