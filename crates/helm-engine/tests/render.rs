//! Charts as a whole: where the bytes come from, and where hostile charts end.
//! What is rendered is held against real Helm by `cargo xtask conformance`.

#![allow(clippy::unwrap_used)] // a failed test is meant to panic

mod common;

use common::Repository;
use helm_engine::evaluate::{Asked, ErrorKind, Objects, with_stack};
use helm_engine::render::{Options, Rendered, render};
use helm_engine::value::Text;
use helm_engine::values::Overlay;
use std::rc::Rc;

/// The text that the chart's template `t.yaml` renders, with the source bytes
/// of a part of it.
fn sources_of(repository: &Repository, part: &str) -> Vec<String> {
    let loaded = repository.load();
    let rendered = render(&loaded.sources, &loaded.chart, &Options::default());
    let manifest = rendered.manifests.iter().find(|m| m.path.ends_with("t.yaml")).unwrap();
    let text: &Text = manifest.result.as_ref().unwrap();
    let string = text.as_str().into_owned();
    let at = string.find(part).unwrap_or_else(|| panic!("no {part:?} in {string:?}"));
    let spans = text.spans(at..at + part.len());
    let shown = spans.iter().map(|span| {
        let file = loaded.sources.file(span.file);
        format!("{}: {}", file.path(), loaded.sources.text(*span))
    });
    shown.collect()
}

fn rendered(template: &str) -> Rendered {
    let repository = Repository::new().with("c/templates/t.yaml", template);
    let loaded = repository.load();
    let options = Options { steps: 500_000, ..Options::default() };
    render(&loaded.sources, &loaded.chart, &options)
}

#[track_caller]
fn fails(template: &str, kind: ErrorKind, with: &str) {
    let rendered = rendered(template);
    let error = rendered.error().unwrap();
    assert_eq!(error.kind, kind, "{}", error.message);
    assert!(error.to_string().contains(with), "{error}");
}

const VALUES: &str = "image:\n  registry: docker.io\n  name: acme/web\n  tag: 1.2.3\n\
                      text: 'at {{ .Values.image.name }}'\nglobal: {registry: ghcr.io}\n";

#[test]
fn bytes_lead_through_helpers_to_the_values() {
    let repository = Repository::new()
        .with("c/values.yaml", VALUES)
        .with(
            "c/templates/_h.tpl",
            "{{ define \"name\" }}{{ printf \"%s/%s\" .registry .name | trim }}{{ end }}",
        )
        .with(
            "c/templates/t.yaml",
            "a: {{ include \"name\" .Values.image | quote }}:{{ .Values.image.tag }}\n\
             b:{{ toYaml .Values.image | nindent 2 }}\nc: {{ tpl .Values.text . }}\n\
             d: {{ .Values.missing | default \"nginx\" }}\n",
        );
    assert_eq!(
        sources_of(&repository, "docker.io/acme/web"),
        ["c/values.yaml: docker.io", "c/templates/_h.tpl: /", "c/values.yaml: acme/web"]
    );
    assert_eq!(sources_of(&repository, "1.2.3"), ["c/values.yaml: 1.2.3"]);
    assert_eq!(
        sources_of(&repository, "name: acme/web").last().unwrap(),
        "c/values.yaml: acme/web"
    );
    assert_eq!(
        sources_of(&repository, "at acme/web"),
        ["c/values.yaml: at ", "c/values.yaml: acme/web"]
    );
    assert_eq!(sources_of(&repository, "nginx"), ["c/templates/t.yaml: nginx"]);
    assert_eq!(sources_of(&repository, "a: "), ["c/templates/t.yaml: a: "]);
}

#[test]
fn bytes_lead_through_subcharts_and_chart_yaml() {
    let repository = Repository::new()
        .with("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\nappVersion: v9\n")
        .with("c/values.yaml", VALUES)
        .with("c/charts/sub/Chart.yaml", "apiVersion: v2\nname: sub\nversion: 0.1.0\nappVersion: 1.10\n")
        .with("c/charts/sub/values.yaml", "global: {registry: quay.io, other: x}\nname: own\n")
        .with(
            "c/charts/sub/templates/t.yaml",
            "{{ .Values.global.registry }}/{{ .Values.name }}:{{ .Chart.AppVersion }} {{ .Values.global.other }}",
        );
    assert_eq!(sources_of(&repository, "ghcr.io"), ["c/values.yaml: ghcr.io"]);
    assert_eq!(sources_of(&repository, "own"), ["c/charts/sub/values.yaml: own"]);
    assert_eq!(sources_of(&repository, "1.1"), ["c/charts/sub/Chart.yaml: 1.10"]);
    assert_eq!(
        sources_of(&repository, " x"),
        ["c/charts/sub/templates/t.yaml:  ", "c/charts/sub/values.yaml: x"]
    );
}

#[test]
fn the_bytes_of_a_file_are_numbers_with_their_own_digits() {
    let repository = Repository::new()
        .with("c/f.txt", "xy")
        .with("c/templates/t.yaml", "{{ range .Files }}{{ . }}{{ end }}");
    assert_eq!(sources_of(&repository, "[120 121]"), ["c/f.txt: x", "c/f.txt: y"]);
}

#[test]
fn later_values_win() {
    let repository = Repository::new()
        .with("c/values.yaml", "a: 1\nb: 1\nc: 1\nd: 1\n")
        .with("c/templates/t.yaml", "{{ toJson .Values }}");
    let mut loaded = repository.load();
    let one = loaded.sources.add("one.yaml", "b: 2\nc: 2\nd: 2\n");
    let two = loaded.sources.add("two.yaml", "c: 3\nd: 3\n");
    let values = vec![
        Overlay::Set(Text::from("d=4")),
        Overlay::File(one),
        Overlay::File(two),
        Overlay::SetString(Text::from("e=5")),
    ];
    let options = Options { values, ..Options::default() };
    let rendered = render(&loaded.sources, &loaded.chart, &options);
    let text = rendered.manifests[0].result.as_ref().unwrap();
    assert_eq!(text.as_str(), r#"{"a":1,"b":2,"c":3,"d":4,"e":"5"}"#);
}

#[test]
fn a_template_that_fails_hides_no_other() {
    let repository = Repository::new()
        .with("c/templates/a.yaml", "{{ fail \"no\" }}")
        .with("c/templates/b.yaml", "{{ nope }}")
        .with("c/templates/t.yaml", "t: 1");
    let loaded = repository.load();
    let rendered = render(&loaded.sources, &loaded.chart, &Options::default());
    let results: Vec<_> = rendered.manifests.iter().map(|m| (&*m.path, m.result.is_ok())).collect();
    let expected = ["c/templates/t.yaml", "c/templates/b.yaml", "c/templates/a.yaml"];
    assert_eq!(results, expected.map(|path| (path, path.ends_with("t.yaml"))));
}

const ENDLESS: &str =
    "{{ define \"f\" }}{{ with . }}{{ include \"f\" . }}{{ end }}{{ end }}{{ include \"f\" . }}";

#[test]
fn recursion_ends_in_helm_s_error() {
    with_stack(|| {
        fails(ENDLESS, ErrorKind::Call, "rendering template has a nested reference name: f");
    });
}

#[test]
fn recursion_ends_in_an_error_on_a_small_stack() {
    let rendered = rendered(ENDLESS);
    assert!(rendered.error().is_some());
    for template in [
        "{{ define \"f\" }}{{ template \"f\" . }}{{ end }}{{ template \"f\" . }}",
        "{{ $_ := set .Values \"t\" \"{{ tpl .Values.t . }}\" }}{{ tpl .Values.t . }}",
    ] {
        fails(template, ErrorKind::Limit, "deeper than the limit");
        with_stack(|| assert!(self::rendered(template).error().is_some()));
    }
}

#[test]
fn what_would_not_end_names_the_limit() {
    fails("{{ range 1000000000 }}x{{ end }}", ErrorKind::Limit, "more steps than the limit");
    fails("{{ repeat 2000000000 \"x\" }}", ErrorKind::Limit, "more text than the limit");
    let doubling = "{{ $x := \"xxxxxxxx\" }}{{ range 64 }}{{ $x = print $x $x }}{{ end }}";
    fails(doubling, ErrorKind::Limit, "more text than the limit");
    let lists = "{{ $x := list 1 2 3 4 }}{{ range 64 }}{{ $x = concat $x $x }}{{ end }}";
    fails(lists, ErrorKind::Limit, "limit");
}

/// A cluster in which everything is there that begins with an `a`.
#[derive(Debug)]
struct Cluster;

impl Objects for Cluster {
    fn find(&self, asked: &Asked<'_>) -> Result<Option<Rc<str>>, String> {
        let Asked { api_version, kind, namespace, name } = *asked;
        match name.chars().next() {
            None => Err(format!("no list of {kind}")),
            Some('a') => Ok(Some(
                format!(r#"{{"is":"{api_version}/{kind} {namespace}/{name}","n":[1,"x"]}}"#).into(),
            )),
            Some(_) => Ok(None),
        }
    }
}

#[test]
fn lookup_finds_what_a_cluster_has() {
    let look = |template: &str, objects: Option<Rc<dyn Objects>>, bytes: usize| {
        let repository = Repository::new().with("c/templates/t.yaml", template);
        let loaded = repository.load();
        let options = Options { objects, bytes, ..Options::default() };
        let rendered = render(&loaded.sources, &loaded.chart, &options);
        let text = rendered.manifests[0].result.as_ref();
        text.map(|text| text.as_str().into_owned()).map_err(|error| (error.kind, error.to_string()))
    };
    let cluster = || Some(Rc::new(Cluster) as Rc<dyn Objects>);
    let template = r#"{{ $a := lookup "apps/v1" "Deployment" "n" "a" }}{{ $a.is }} {{ toJson $a.n }} {{ lookup "v1" "Pod" "n" "b" }}"#;
    let found = look(template, cluster(), 1 << 20);
    assert_eq!(found.unwrap(), r#"apps/v1/Deployment n/a [1,"x"] map[]"#);
    let template = r#"{{ lookup "v1" "Pod" "n" "a" }} {{ lookup "v1" "Pod" "n" "" }}"#;
    assert_eq!(look(template, None, 1 << 20).unwrap(), "map[] map[]");
    let (kind, why) = look(template, cluster(), 1 << 20).unwrap_err();
    assert_eq!(kind, ErrorKind::Call);
    assert!(why.contains("error calling lookup: no list of Pod"), "{why}");
    // Each time it is another copy, which takes room.
    let template = r#"{{ $a := lookup "v1" "Pod" "" "a" }}{{ $_ := set $a "is" "other" }}{{ (lookup "v1" "Pod" "" "a").is }}"#;
    assert_eq!(look(template, cluster(), 1 << 20).unwrap(), "v1/Pod /a");
    let template = r#"{{ range until 1000 }}{{ $_ := lookup "v1" "Pod" "" "a" }}{{ end }}"#;
    assert_eq!(look(template, cluster(), 1 << 12).unwrap_err().0, ErrorKind::Limit);
}
