//! A branch that prints no YAML with the values that it finds, as one that the values do
//! not choose often does.

use super::{EVALUATED, judge};

/// The host of nobody whose registry is known by name.
const VALUES: &str =
    "b: false\nargs: \"[\"\nside: {host: registry.acme.test, name: tools/side, tag: \"1\"}\n";
const TEMPLATE: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  {{- if .Values.b }}\n  containers:\n    - name: side\n      image: {{ printf \"%s/%s\" .Values.side.host .Values.side.name }}:{{ .Values.side.tag }}\n      args: {{ .Values.args }}\n  {{- end }}\n";

#[test]
fn an_image_in_it_is_found_whatever_its_registry() {
    let report = judge(&[("values.yaml", VALUES), ("templates/pod.yaml", TEMPLATE)], EVALUATED);
    let found: Vec<_> =
        report.images.iter().map(|image| (&*image.reference, image.condition.as_deref())).collect();
    assert_eq!(found, [("registry.acme.test/tools/side:1", Some("when `.Values.b`"))]);
}
