//! Whatever forms a chart writes its images in: a migration and its rollback are nothing,
//! a second migration is nothing, and no byte changes but those of names.
#![allow(clippy::unwrap_used)]

mod tree;

use chart_lint::check::{CheckRequest, check};
use chart_lint::date::Date;
use chart_lint::discover::{Discovery, FoundChart, discover};
use chart_lint::model::{Image, Report, Status};
use helm_engine::chart::Unwritten;
use migrate::apply::apply;
use migrate::migration::{Migration, Request, prepare};
use migrate::rollback::{How, rollback};
use proptest::prelude::*;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use tree::files;

const POLICY: &str = "version: 1\nregistries:\n  allowed: [mirror.example.com]\n  disallowed: [docker.io, ghcr.io]\n  unlisted: off\nreplacements:\n  - {from: \"ghcr.io/**\", to: \"mirror.example.com/gh/**\"}\n  - {from: \"docker.io/**\", to: \"mirror.example.com/hub/**\"}\n";

/// A way to write an image: what stands in the values under a key of its own, and what a
/// template makes of it; `@` is the number of the image.
const FORMS: [(&str, &str); 18] = [
    ("i@: ghcr.io/acme/w@:1 # here\n", "{{ .Values.i@ }}"),
    ("i@: 'acme/w@:1'\n", "{{ .Values.i@ | quote }}"),
    ("i@: \"busybox:1.@\"\n", "{{ tpl .Values.i@ . }}"),
    (
        "i@:\n  registry: ghcr.io\n  repository: acme/w@\n  tag: \"1\"\n",
        "{{ .Values.i@.registry }}/{{ .Values.i@.repository }}:{{ .Values.i@.tag }}",
    ),
    (
        "i@: {registry: docker.io, repository: acme/w@, tag: v1}\n",
        "{{ with .Values.i@ }}{{ printf \"%s/%s:%s\" .registry .repository .tag }}{{ end }}",
    ),
    (
        "i@:\n    repository: ghcr.io/acme/w@\n    tag: v1.0@sha256:5c2d9f1f6c7d8e0b4a3f2e1d0c9b8a7f6e5d4c3b2a1f0e9d8c7b6a5f4e3d2c1b\n",
        "\"{{ .Values.i@.repository }}:{{ .Values.i@.tag }}\"",
    ),
    (
        "i@:\n  # -- the image\n  repository: acme/w@\n  tag: \"\"\n",
        "{{ .Values.i@.repository }}:{{ .Values.i@.tag | default .Chart.AppVersion }}",
    ),
    ("i@: &a@ ghcr.io/acme/w@:1\nj@: *a@\n", "{{ .Values.j@ }}"),
    ("i@: {org: acme, name: w@}\n", "{{ .Values.i@.org }}/{{ .Values.i@.name }}:1"),
    ("i@:\n", "{{ .Values.i@ | default \"ghcr.io/acme/w@:1\" }}"),
    ("x@: 1\n", "ghcr.io/acme/w@:1 # literal"),
    (
        "x@: 1\n",
        "docker.io/acme/w@@sha256:5c2d9f1f6c7d8e0b4a3f2e1d0c9b8a7f6e5d4c3b2a1f0e9d8c7b6a5f4e3d2c1b",
    ),
    (
        "on@: true\n",
        "{{ if .Values.on@ }}ghcr.io/acme/w@:1{{ else }}ghcr.io/acme/w@-slim:1{{ end }}",
    ),
    ("i@: w@\n", "{{ .Values.global.registry }}/acme/{{ .Values.i@ }}:1"),
    (
        "i@: {repository: acme/w@}\n",
        "{{ include \"image\" (dict \"image\" .Values.i@ \"root\" $) }}",
    ),
    (
        "i@:\n  registry: ghcr.io\n  repository: acme/w@\n",
        "{{ .Values.i@.registry }}/{{ .Values.i@.repository }}:1\n      args: [\"--same={{ .Values.i@.registry }}/{{ .Values.i@.repository }}:1\"]",
    ),
    ("i@: |\n  image: ghcr.io/acme/w@:1\n", "{{ (fromYaml .Values.i@).image }}"),
    ("i@: mirror.example.com/w@:1\n", "{{ .Values.i@ }}"),
];

const HELPERS: &str = "{{ define \"image\" }}{{ .root.Values.global.registry }}/{{ .image.repository }}:{{ .image.tag | default .root.Chart.AppVersion }}{{ end }}\n";

/// A chart of some forms.
#[derive(Debug, Clone)]
struct Written {
    forms: Vec<usize>,
    crlf: bool,
    ends: bool,
    listed: bool,
    copied: Option<usize>,
}

fn written() -> impl Strategy<Value = Written> {
    let forms = prop::collection::vec(0..FORMS.len(), 1..6);
    let copied = prop::option::of(0..FORMS.len());
    (forms, any::<bool>(), any::<bool>(), any::<bool>(), copied).prop_map(
        |(forms, crlf, ends, listed, copied)| Written { forms, crlf, ends, listed, copied },
    )
}

impl Written {
    fn lay_out(&self, root: &Path) {
        let write = |path: &str, text: &str| {
            let text = if self.crlf { text.replace('\n', "\r\n") } else { text.to_owned() };
            let text = if self.ends { text.as_str() } else { text.trim_end() };
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("image-policy.yaml", POLICY);
        let mut list = "annotations:\n  artifacthub.io/images: |\n".to_owned();
        list.push_str("    - name: a\n      image: ghcr.io/acme/w0:1 # listed\n");
        let list = if self.listed { list.as_str() } else { "" };
        write(
            "app/Chart.yaml",
            &format!("apiVersion: v2\nname: app\nversion: 1.0.0 # now\nappVersion: v3\n{list}"),
        );
        write("app/templates/_helpers.tpl", HELPERS);
        chart("app", &self.forms, &write);
        if let Some(form) = self.copied {
            write(
                "app/charts/sub/Chart.yaml",
                "apiVersion: v2\nname: sub\nversion: 1.0.0\nappVersion: v3\n",
            );
            chart("app/charts/sub", &[form], &write);
        }
    }
}

/// Writes the values and the pods of a chart.
fn chart(folder: &str, forms: &[usize], write: &dyn Fn(&str, &str)) {
    let mut values = "# values\nglobal:\n  registry: ghcr.io\n".to_owned();
    let mut pod =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n".to_owned();
    for (number, form) in forms.iter().enumerate() {
        let (of_values, of_template) = FORMS[*form];
        let of = |text: &str| {
            // A digest's `@` stands between two signs that are no number.
            text.replace("@@sha", "\u{1}@sha")
                .replace("0@sha", "0\u{2}sha")
                .replace('@', &number.to_string())
                .replace("\u{1}", &number.to_string())
                .replace("\u{2}", "@")
        };
        values.push_str(&of(of_values));
        pod.push_str(&format!("    - name: c{number}\n      image: {}\n", of(of_template)));
    }
    write(&format!("{folder}/values.yaml"), &values);
    write(&format!("{folder}/templates/pod.yaml"), &pod);
}

fn judge(root: &Path, found: Discovery, unwritten: &Arc<Unwritten>) -> Report {
    let request = CheckRequest::new(root.to_owned(), found, Date::today());
    check(&CheckRequest {
        evaluate: true,
        renderings: true,
        unwritten: Arc::clone(unwritten),
        ..request
    })
}

fn migration(root: &Path) -> (Migration, Report) {
    let found = discover(&[root.to_owned()], root).unwrap();
    let report = judge(root, found.clone(), &Arc::default());
    let again = |unwritten: &Arc<Unwritten>, charts: Vec<FoundChart>| {
        judge(root, Discovery { charts, ..Discovery::default() }, unwritten)
    };
    let chosen = |_: &Image| true;
    let request = Request {
        root,
        charts: &found.charts,
        report: &report,
        is_whole: true,
        is_chosen: &chosen,
        vouch: &|_| Ok(()),
        judge: &again,
    };
    (prepare(&request).unwrap(), report)
}

/// A text with every name and number hidden.
fn hidden(text: &str) -> String {
    let mut shown = String::new();
    for c in text.chars() {
        let name = c.is_ascii_alphanumeric() || "./:@_-".contains(c);
        match name {
            false => shown.push(c),
            true if !shown.ends_with('\u{0}') => shown.push('\u{0}'),
            true => {}
        }
    }
    shown
}

fn disallowed(report: &Report) -> usize {
    report.images.iter().filter(|image| image.status == Status::Disallowed).count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn there_and_back_is_nothing(written in written()) {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        written.lay_out(&root);
        let before = files(&root);

        let (first, report) = migration(&root);
        let moved: usize = first.charts.iter().map(|chart| chart.moved.len()).sum();
        prop_assert_eq!(moved + first.refused.len(), disallowed(&report), "all or told: {:?}", first.refused);
        apply(&root, &first).unwrap();
        let mut after = files(&root);
        after.retain(|path, _| !path.starts_with(".chart-images"));
        prop_assert!(before.keys().eq(after.keys()));
        for (path, text) in &before {
            let (old, new) = (hidden(text), hidden(&after[path]));
            // Values over a copy's are lines of their own, at the end.
            let same = old == new || (written.copied.is_some() && new.starts_with(old.trim_end()));
            prop_assert!(same, "{}:\n{}", path.display(), after[path]);
        }

        let (second, report) = migration(&root);
        prop_assert!(second.charts.is_empty(), "{:?}", second.charts);
        prop_assert_eq!(disallowed(&report), first.refused.len());

        rollback(&root, |_| true, How::default()).unwrap();
        prop_assert_eq!(files(&root), before);
    }
}
