//! Values beside the chart's own: its other values files, and those of a deployment.
#![allow(clippy::unwrap_used)]

mod judged;

use chart_lint::deployment::{Deployment, ValuesFile};
use chart_lint::model::{Image, Report};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../charts-fixtures/values");
    folder.canonicalize().unwrap()
}

fn file(path: &str) -> ValuesFile {
    let text = fs::read_to_string(folder().join(path)).unwrap();
    ValuesFile { path: path.to_owned(), text: text.into() }
}

fn deployed(deployment: Deployment) -> Report {
    judged::asked(&folder(), |request| {
        request.evaluate = true;
        request.deployment = deployment;
        request.ways = true;
        request.charts.retain(|chart| chart.display == "charts/web");
    })
}

fn image<'r>(report: &'r Report, reference: &str) -> &'r Image {
    let found: Vec<&Image> =
        report.images.iter().filter(|image| image.reference == reference).collect();
    assert_eq!(found.len(), 1, "{reference}: {:?}", report.images);
    found[0]
}

/// The declarations: `path:line:column text`.
fn declared(image: &Image) -> Vec<String> {
    let place = |declaration: &chart_lint::model::Declaration| {
        let at = &declaration.location;
        format!("{}:{}:{} {}", at.path, at.start.line, at.start.column, declaration.text)
    };
    image.declarations.iter().map(place).collect()
}

/// The way to the only use.
fn way(image: &Image) -> Vec<String> {
    assert_eq!(image.uses.len(), 1, "{:?}", image.uses);
    let step = |label: &chart_lint::model::Label| {
        let at = &label.location;
        format!("{}:{}:{} {}", at.path, at.start.line, at.start.column, label.text)
    };
    image.uses[0].why.iter().map(step).collect()
}

#[test]
fn an_image_of_another_values_file_names_that_file() {
    let report = deployed(Deployment::default());
    let debugger = image(&report, "ghcr.io/acme/debugger:3.0");
    assert_eq!(debugger.condition.as_deref(), Some("with `ci/debug-values.yaml`"));
    assert!(
        declared(debugger).contains(&"charts/web/ci/debug-values.yaml:1:11 acme/debugger".into())
    );
    let web = image(&report, "ghcr.io/acme/web:2.1");
    assert_eq!((web.conditional, &web.condition), (false, &None));
    assert_eq!(report.images.len(), 3);
}

#[test]
fn what_a_deployment_runs_is_exact_and_declared_in_its_file() {
    let files = vec![file("production.yaml")];
    let report = deployed(Deployment { files, ..Deployment::default() });
    let web = image(&report, "registry.example.com/acme/web:2.1");
    assert!(!web.conditional);
    assert_eq!(
        declared(web),
        [
            "production.yaml:3:13 registry.example.com",
            "charts/web/values.yaml:3:15 acme/web",
            "charts/web/Chart.yaml:5:14 2.1",
        ]
    );
    let worker = image(&report, "docker.io/acme/worker:2.1");
    assert!(!worker.conditional);
    assert!(report.findings.iter().any(|finding| {
        let at = &finding.primary.location;
        (&*at.path, at.start.line, at.start.column) == ("production.yaml", 6, 11)
    }));
    // What it replaces is what the chart gives everyone else.
    let own = image(&report, "ghcr.io/acme/web:2.1");
    assert_eq!(own.condition.as_deref(), Some("with the chart's own values"));
    let own = image(&report, "ghcr.io/acme/worker:1.0");
    let both = "with the chart's own values and when `.Values.worker.enabled`";
    assert_eq!(own.condition.as_deref(), Some(both));
    assert!(report.files.iter().any(|file| file.path == "production.yaml"));
}

#[test]
fn a_deployment_hides_no_finding() {
    let places = |report: Report| -> BTreeSet<(String, String)> {
        let place = |f: chart_lint::model::Finding| {
            (f.rule.to_owned(), format!("{:?} {:?}", f.primary.location, f.reference))
        };
        report.findings.into_iter().map(place).collect()
    };
    let without = places(deployed(Deployment::default()));
    assert_eq!(without.len(), 3);
    for deployment in [
        Deployment { files: vec![file("production.yaml")], ..Deployment::default() },
        Deployment {
            set: vec!["image.registry=public.ecr.aws,image.tag=x,debugger=null".into()],
            ..Deployment::default()
        },
        Deployment { set: vec!["image=null,worker=null".into()], ..Deployment::default() },
    ] {
        let with = places(deployed(deployment.clone()));
        assert!(without.is_subset(&with), "{deployment:?}: {without:#?} {with:#?}");
    }
}

#[test]
fn what_a_flag_sets_is_told_where_it_is_used() {
    let report = deployed(Deployment {
        set: vec!["image.repository=acme/set,image.registry=ghcr.io".into()],
        set_string: vec!["image.tag=1e3".into()],
        ..Deployment::default()
    });
    let set = image(&report, "ghcr.io/acme/set:1e3");
    let from: Vec<Option<&str>> = set.declarations.iter().map(|d| d.from.as_deref()).collect();
    assert_eq!(
        from,
        [
            Some("--set image.registry=ghcr.io"),
            Some("--set image.repository=acme/set"),
            Some("--set-string image.tag=1e3"),
        ]
    );
    assert_eq!(declared(set)[0], "charts/web/templates/_helpers.tpl:10:14 ghcr.io");
    let of_set =
        |f: &&chart_lint::model::Finding| f.reference.as_deref() == Some("ghcr.io/acme/set:1e3");
    let finding = report.findings.iter().find(of_set).unwrap();
    assert_eq!(finding.primary.text, "disallowed registry, from `--set image.registry=ghcr.io`");
    assert_eq!(
        way(set)[0],
        "charts/web/templates/_helpers.tpl:10:14 `--set image.registry=ghcr.io`"
    );
    // A part that a file declares keeps its place there.
    let report = deployed(Deployment { set: vec!["image.tag=v9".into()], ..Deployment::default() });
    let tagged = |f: &&chart_lint::model::Finding| f.message.contains("`ghcr.io/acme/web:v9`");
    let finding = report.findings.iter().find(tagged).unwrap();
    assert!(finding.related.iter().any(|label| label.text == "the tag, from `--set image.tag=v9`"));
    // The registry's one finding is about what runs, not about what the flag replaces.
    assert!(!finding.help.iter().any(|help| help.starts_with("used only")));
}

#[test]
fn a_file_of_the_chart_may_be_the_deployment_s() {
    let files = vec![file("charts/web/ci/debug-values.yaml")];
    let report = deployed(Deployment { files, ..Deployment::default() });
    let debugger = image(&report, "ghcr.io/acme/debugger:3.0");
    assert!(!debugger.conditional);
    assert_eq!(report.images.len(), 3);
}

#[test]
fn the_way_leads_through_helpers_and_tpl_to_the_container() {
    let files = vec![file("production.yaml")];
    let report = deployed(Deployment { files, ..Deployment::default() });
    assert_eq!(
        way(image(&report, "ghcr.io/acme/web:2.1")),
        [
            "charts/web/values.yaml:2:13 `registry: ghcr.io`",
            "charts/web/templates/_helpers.tpl:1:1 `{{ define \"web.image\" }}`",
            "charts/web/templates/_helpers.tpl:10:14 `image: {{ include \"web.image\" . | quote }}`",
            "charts/web/templates/_helpers.tpl:6:1 `{{ define \"web.pod\" }}`",
            "charts/web/templates/deployment.yaml:11:9 Deployment container `web`",
        ]
    );
    assert_eq!(
        way(image(&report, "ghcr.io/acme/debugger:3.0")),
        [
            "charts/web/templates/_helpers.tpl:12:32 `ghcr.io/{{ . }}:3.0`",
            "charts/web/templates/_helpers.tpl:6:1 `{{ define \"web.pod\" }}`",
            "charts/web/templates/deployment.yaml:11:9 Deployment container `debugger`",
        ]
    );
    let worker = image(&report, "docker.io/acme/worker:2.1");
    let worker = worker.uses.iter().find(|used| used.kind.is_some()).unwrap();
    let texts: Vec<&str> = worker.why.iter().map(|label| label.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "`image: \"docker.io/acme/worker:{{ .Chart.AppVersion }}\"`",
            "`{{ tpl .Values.worker.image . }}`",
            "Deployment container `worker`",
        ]
    );
    // On a branch that no values choose the way is told too.
    assert_eq!(
        way(image(&report, "ghcr.io/acme/worker:1.0")).last().unwrap(),
        "charts/web/templates/deployment.yaml:27:18 Deployment container `worker`"
    );
}

#[test]
fn no_way_is_told_unasked() {
    let report = judged::evaluate(&folder());
    assert!(report.images.iter().flat_map(|image| &image.uses).all(|used| used.why.is_empty()));
}
