//! One image that several places spell.

use super::{EVALUATED, judge, of};

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n    - name: c\n      image: {{ .Values.registry | default \"docker.io\" }}/{{ .Values.repository }}:1\n";

#[test]
fn a_registry_that_each_template_writes_is_found_in_each() {
    let values = ("values.yaml", "registry: \"\"\nrepository: acme/x\n");
    let report = judge(&[("templates/a.yaml", POD), ("templates/b.yaml", POD), values], EVALUATED);
    let places: Vec<_> = of(&report, "disallowed-registry")
        .iter()
        .map(|finding| (&*finding.primary.location.path, finding.primary.location.start.line))
        .collect();
    assert_eq!(places, [("templates/a.yaml", 7), ("templates/b.yaml", 7)]);
    let uses: Vec<_> = report.images.iter().map(|image| image.uses.len()).collect();
    assert_eq!(uses, [1, 1], "{:?}", report.images);
}

#[test]
fn values_for_tests_that_say_the_same_again_are_no_other_image() {
    let files = [
        ("templates/a.yaml", POD),
        ("values.yaml", "registry: \"\"\nrepository: acme/x\n"),
        ("ci/a-values.yaml", "registry: docker.io\n"),
    ];
    let report = judge(&files, EVALUATED);
    assert_eq!(report.images.len(), 1, "{:?}", report.images);
}

#[test]
fn a_version_beside_a_whole_reference_is_no_second_tag() {
    let resource = "apiVersion: acme.example/v1\nkind: Monitor\nspec:\n  image: \"{{ .Values.image.repository }}:{{ .Values.image.tag }}\"\n  version: \"{{ .Values.image.tag }}\"\n";
    let values = ("values.yaml", "image: {repository: ghcr.io/acme/monitor, tag: \"2\"}\n");
    let report = judge(&[("templates/m.yaml", resource), values], EVALUATED);
    assert!(of(&report, "invalid-reference").is_empty());
    let images: Vec<_> = report.images.iter().map(|image| &*image.reference).collect();
    assert_eq!(images, ["ghcr.io/acme/monitor:2"]);
    assert_eq!(report.images[0].uses.len(), 1);
}
