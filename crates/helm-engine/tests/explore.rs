//! What is explored leaves no trace in what is exact, ends soon, and says what it left out.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::Repository;
use helm_engine::chart::{Limits, load};
use helm_engine::evaluate::{Print, Source, Under, Visitor};
use helm_engine::render::{Cache, Explore, Manifest, Options, Rendered, explore, render_with};
use helm_engine::source::SourceMap;
use helm_engine::value::Text;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Takes lines with `image:`, each once.
#[derive(Default)]
struct Images {
    found: BTreeMap<String, String>,
    looked: usize,
}

impl Images {
    fn unknown<'t>(&self, text: &'t Text) -> Vec<&'t str> {
        let text = std::str::from_utf8(text.bytes()).unwrap();
        let images = text.lines().filter_map(|line| line.trim().strip_prefix("image: "));
        images.filter(|image| !self.found.contains_key(*image)).collect()
    }
}

impl Visitor for Images {
    fn news(&mut self, print: &Print<'_>) -> Vec<Source> {
        self.looked += 1;
        self.unknown(print.text).into_iter().map(|image| source(print.text, image)).collect()
    }

    fn take(&mut self, print: &Print<'_>, under: Under<'_>) -> usize {
        self.looked += 1;
        let mut count = 0;
        for image in self.unknown(print.text).into_iter().map(str::to_owned).collect::<Vec<_>>() {
            let Some(conditions) = under(&source(print.text, &image)) else { continue };
            let conditions: Vec<String> = conditions.iter().map(ToString::to_string).collect();
            self.found.insert(image, conditions.join(" and "));
            count += 1;
        }
        count
    }
}

/// Where an image's line comes from.
fn source(text: &Text, image: &str) -> Source {
    let line = format!("image: {image}");
    let start = String::from_utf8_lossy(text.bytes()).find(&line).unwrap();
    Source { copied: text.spans(start..start + line.len()), printed: Vec::new() }
}

impl Explore for Images {
    fn exact(&mut self, manifests: &[Manifest]) {
        for text in manifests.iter().filter_map(|manifest| manifest.result.as_ref().ok()) {
            let new: Vec<String> = self.unknown(text).into_iter().map(str::to_owned).collect();
            self.found.extend(new.into_iter().map(|image| (image, "always".to_owned())));
        }
    }
}

fn explored(repository: &Repository) -> (Images, Rendered) {
    let loaded = repository.load();
    let mut images = Images::default();
    let options = Options::default();
    let rendered =
        explore(&mut Cache::default(), &loaded.sources, &loaded.chart, &options, &mut images);
    (images, rendered)
}

/// Every chart of a folder that is not inside another one.
fn charts(folder: &Path, found: &mut Vec<PathBuf>) {
    if folder.join("Chart.yaml").is_file() {
        return found.push(folder.to_owned());
    }
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            charts(&entry, found);
        }
    }
}

fn shown(rendered: &Rendered) -> Vec<String> {
    // Who explores does not ask the schema.
    let of_schema = |error: &String| error.starts_with("values don't meet");
    let errors = rendered.errors.iter().map(ToString::to_string).filter(|error| !of_schema(error));
    let manifests = rendered.manifests.iter().map(|manifest| match &manifest.result {
        Ok(text) => format!("{}: {}", manifest.path, String::from_utf8_lossy(text.bytes())),
        Err(error) => format!("{}: {error}", manifest.path),
    });
    errors.chain(manifests).collect()
}

#[test]
fn what_is_exact_is_the_same_before_and_after_exploring_every_fixture() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../charts-fixtures");
    let mut all = Vec::new();
    charts(&root, &mut all);
    assert!(all.len() > 80, "{}", all.len());
    helm_engine::evaluate::with_stack(|| {
        let options = Options { bytes: 16 << 20, steps: 200_000, ..Options::default() };
        for chart in all {
            let mut sources = SourceMap::new();
            let limits = Limits { root: Some(root.clone()), ..Limits::default() };
            let loaded = load(&chart, "c", &limits, &mut sources);
            let mut cache = Cache::default();
            let before = shown(&render_with(&mut cache, &sources, &loaded, &options));
            let mut images = Images::default();
            let during = explore(&mut cache, &sources, &loaded, &options, &mut images);
            let after = shown(&render_with(&mut cache, &sources, &loaded, &options));
            // What is random or asks the clock differs from one render to the next.
            if before == after {
                assert_eq!(before, shown(&during), "{}", chart.display());
            }
        }
    });
}

#[test]
fn what_one_branch_changes_is_not_seen_in_another_file() {
    let repository = Repository::new()
        .with("c/values.yaml", "a: false\nb: false\nimage: acme/kept:1\n")
        .with(
            "c/templates/z.yaml",
            "{{ if .Values.a }}{{ $_ := set .Values \"image\" \"acme/leaked:1\" }}image: acme/a:1\n\
             {{ fail \"no\" }}{{ end }}",
        )
        .with("c/templates/a.yaml", "{{ if .Values.b }}\nimage: {{ .Values.image }}\n{{ end }}");
    let (images, rendered) = explored(&repository);
    assert_eq!(rendered.unexplored, 0);
    let wanted = [("acme/a:1", "when `.Values.a`"), ("acme/kept:1", "when `.Values.b`")];
    let wanted = wanted.map(|(image, condition)| (image.to_owned(), condition.to_owned()));
    assert_eq!(images.found, BTreeMap::from(wanted));
}

#[test]
fn a_million_combinations_take_a_few_looks() {
    let template: String = (0..20)
        .map(|n| {
            format!("{{{{ if .Values.a{n} }}}}\nimage: acme/a{n}:1\n{{{{ else }}}}\n{{{{ end }}}}")
        })
        .collect();
    let (images, rendered) = explored(&Repository::new().with("c/templates/a.yaml", template));
    assert_eq!(rendered.unexplored, 0);
    assert_eq!(images.found.len(), 20);
    assert_eq!(images.found["acme/a7:1"], "when `.Values.a7`");
    // The exact text, all decisions turned, and those that led to images.
    assert!(images.looked < 8, "{}", images.looked);
}

#[test]
fn nested_decisions_are_opened_together() {
    let open: String =
        (0..20).map(|n| format!("{{{{ if .Values.a{n} }}}}\nimage: acme/a{n}:1\n")).collect();
    let template = open + &"{{ end }}".repeat(20);
    let (images, rendered) = explored(&Repository::new().with("c/templates/a.yaml", template));
    assert_eq!((images.found.len(), rendered.unexplored), (20, 0));
    assert_eq!(images.found["acme/a1:1"], "when `.Values.a0` and when `.Values.a1`");
    assert!(images.looked < 8, "{}", images.looked);
}

#[test]
fn what_is_beyond_the_bound_is_counted() {
    // One inside the other, and each would hide what stands there instead.
    let open: String =
        (0..100).map(|n| format!("{{{{ if .Values.a{n} }}}}\nimage: acme/a{n}:1\n")).collect();
    let template = open + &"{{ else }}\nimage: acme/not:1\n{{ end }}".repeat(100);
    let (images, rendered) = explored(&Repository::new().with("c/templates/a.yaml", template));
    assert!(images.looked < 200, "{}", images.looked);
    assert_eq!(images.found.len(), 1 + 64);
    assert!(rendered.unexplored > 0);
}

#[test]
fn what_labels_and_pull_secrets_depend_on_is_not_explored() {
    let template = "apiVersion: apps/v1\nmetadata:\n  labels:\n\
                    {{ if .Values.a }}    app.kubernetes.io/name: x{{ end }}\n\
                    {{ if .Values.b }}imagePullSecrets: [x]{{ end }}\nimage: acme/a:1\n\
                    {{ $port := 1 }}{{ if .Values.c }}{{ $port = 2 }}{{ end }}port: {{ $port }}\n";
    let (images, _) = explored(&Repository::new().with("c/templates/a.yaml", template));
    assert_eq!(images.found.len(), 1);
    assert_eq!(images.looked, 0);
}

#[test]
fn what_completes_an_image_is_not_opened_with_it() {
    let template = "{{ if .Values.a }}\nimage: \"acme/a\
                    {{ if .Values.digest }}@{{ .Values.digest }}{{ else }}:{{ .Values.tag }}{{ end }}\"\n\
                    {{ end }}{{ if .Values.b }}\nimage: acme/b:1\n{{ end }}";
    let repository =
        Repository::new().with("c/templates/a.yaml", template).with("c/values.yaml", "tag: 1\n");
    let (images, _) = explored(&repository);
    assert_eq!(images.found["\"acme/a:1\""], "when `.Values.a`");
    assert_eq!(images.found["acme/b:1"], "when `.Values.b`");
}

#[test]
fn a_registry_and_a_repository_that_one_condition_chooses_belong_together() {
    let template = "{{ define \"registry\" }}{{ ternary \"b.io\" \"a.io\" .Values.b }}{{ end }}\
                    {{ define \"repository\" }}{{ $it := ternary \"b/b\" \"a/a\" .Values.b }}\
                    {{ ternary \"c/c\" $it .Values.c }}{{ end }}\
                    image: {{ include \"registry\" . }}/{{ include \"repository\" . }}\n";
    let values = "b: false\nc: false\n";
    let repository =
        Repository::new().with("c/templates/a.yaml", template).with("c/values.yaml", values);
    let (images, rendered) = explored(&repository);
    assert_eq!(rendered.unexplored, 0);
    let wanted = [
        ("a.io/a/a", "always"),
        ("b.io/b/b", "when `.Values.b`"),
        ("a.io/c/c", "when `.Values.c`"),
    ];
    let wanted = wanted.map(|(image, condition)| (image.to_owned(), condition.to_owned()));
    assert_eq!(images.found, BTreeMap::from(wanted));
}

#[test]
fn a_variable_that_several_branches_set_is_seen_with_each() {
    let template = "{{ $image := \"acme/a:1\" }}\
                    {{ if eq .Values.kind \"b\" }}{{ $image = \"acme/b:1\" }}\
                    {{ else if eq .Values.kind \"c\" }}{{ $image = \"acme/c:1\" }}{{ end }}\
                    {{ if .Values.d }}{{ $image = \"acme/d:1\" }}{{ end }}image: {{ $image }}\n";
    let repository = Repository::new()
        .with("c/templates/a.yaml", template)
        .with("c/values.yaml", "kind: a\nd: false\n");
    let (images, rendered) = explored(&repository);
    assert_eq!(rendered.unexplored, 0);
    let found: Vec<&str> = images.found.keys().map(String::as_str).collect();
    assert_eq!(found, ["acme/a:1", "acme/b:1", "acme/c:1", "acme/d:1"]);
    assert_eq!(images.found["acme/d:1"], "when `.Values.d`");
}

#[test]
fn entries_of_a_map_beyond_the_bound_are_counted() {
    let values: String = (0..100).map(|n| format!("  k{n}: acme/k{n}:1\n")).collect();
    let repository = Repository::new()
        .with("c/values.yaml", format!("images:\n{values}kind: k0\n"))
        .with("c/templates/a.yaml", "image: {{ index .Values.images .Values.kind }}\n");
    let (images, rendered) = explored(&repository);
    assert_eq!(images.found["acme/k42:1"], "with `.Values.kind` equal to \"k42\"");
    assert!(rendered.unexplored > 0);
}

#[test]
fn what_stands_behind_a_failure_is_found() {
    let template = "image: acme/before:1\n{{ required \"a name\" .Values.name }}\n\
                    {{ .Values.missing.deeper.still }}\n{{ fail \"never\" }}\nimage: acme/after:1\n\
                    {{ if .Values.more }}\nimage: acme/more:1\n{{ end }}";
    let (images, rendered) = explored(&Repository::new().with("c/templates/a.yaml", template));
    assert!(rendered.error().is_some());
    assert_eq!(images.found["acme/after:1"], "");
    assert_eq!(images.found["acme/more:1"], "when `.Values.more`");
}

#[test]
fn a_subchart_that_is_off_is_explored_apart() {
    let repository = Repository::new()
        .with(
            "c/Chart.yaml",
            "apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies:\n\
             - {name: s, version: 1.0.0, repository: '', condition: s.enabled}\n",
        )
        .with("c/values.yaml", "s: {enabled: false, image: acme/parents:1}\n")
        .with("c/templates/a.yaml", "image: {{ include \"x\" . }}\n")
        .with("c/templates/_x.tpl", "{{ define \"x\" }}acme/own:1{{ end }}")
        .with("c/charts/s/Chart.yaml", "apiVersion: v2\nname: s\nversion: 1.0.0\n")
        .with("c/charts/s/values.yaml", "image: acme/childs:1\n")
        .with(
            "c/charts/s/templates/a.yaml",
            "image: {{ .Values.image }}\n{{ define \"x\" }}acme/hidden:1{{ end }}\n\
             {{ if eq .Values.kind \"b\" }}image: acme/b:1{{ end }}\n",
        );
    let (images, rendered) = explored(&repository);
    assert_eq!(rendered.unexplored, 0);
    let wanted = [
        ("acme/own:1", "always"),
        ("acme/parents:1", "when `.Values.s.enabled`"),
        ("acme/b:1", "when `.Values.s.enabled` and when `eq .Values.s.kind \"b\"`"),
    ];
    let wanted = wanted.map(|(image, condition)| (image.to_owned(), condition.to_owned()));
    assert_eq!(images.found, BTreeMap::from(wanted));
}
