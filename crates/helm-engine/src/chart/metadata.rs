//! `Chart.yaml` and `requirements.yaml`, as Helm reads them.
//!
//! Helm makes JSON of the first document and decodes that with Go's rules: a
//! key's case does not matter, numbers and booleans become text, `null` is the
//! same as nothing. `requirements.yaml` is decoded on top of `Chart.yaml`,
//! whatever the apiVersion.

use super::number;
use super::problem::{Problem, ProblemKind};
use super::{Chart, Dependency, FileState};
use crate::source::{FileId, SourceMap, Span};
use yaml_span::{Entry, Kind, NodeId, Scalar, Tree, Value};

/// Fills in what `Chart.yaml` and `requirements.yaml` say, and what is wrong with them.
pub(super) fn fill(chart: &mut Chart, sources: &SourceMap) {
    match chart.file("Chart.yaml").map(|file| &file.state) {
        Some(&FileState::Loaded(id)) => {
            chart.chart_yaml = Some(id);
            read(chart, sources, id);
            chart.api_version.get_or_insert_with(|| "v1".to_owned());
            required(chart, sources, id);
        }
        Some(FileState::Failed(_)) => {}
        Some(FileState::Skipped(reason)) => {
            let message =
                format!("Chart.yaml was not read ({reason}), so this is no chart to Helm");
            chart.problems.push(missing(&chart.path, message));
        }
        // What kept the list of files from being read is enough to say.
        None if chart.problems.iter().all(|p| p.kind == ProblemKind::Ignore) => {
            let message = "there is no Chart.yaml, so this is no chart to Helm";
            chart.problems.push(missing(&chart.path, message));
        }
        None => {}
    }
    if let Some(&FileState::Loaded(id)) = chart.file("requirements.yaml").map(|file| &file.state) {
        read(chart, sources, id);
    }
}

fn missing(path: &str, message: impl Into<String>) -> Problem {
    let help = "Add a Chart.yaml with apiVersion, name and version, or move the folder away.";
    Problem::new(ProblemKind::Metadata, path, message, help)
}

/// Helm refuses a chart without a name or a version.
fn required(chart: &mut Chart, sources: &SourceMap, file: FileId) {
    if chart.problems.iter().any(|p| p.file == Some(file)) {
        return;
    }
    for (key, value) in [("name", &chart.name), ("version", &chart.version)] {
        if value.as_deref().unwrap_or_default().is_empty() {
            let message = format!("`{key}` is missing, so Helm does not load the chart");
            let help = format!("Give Chart.yaml a `{key}`.");
            let path = sources.file(file).path();
            let mut problem = Problem::new(ProblemKind::Metadata, path, message, help);
            problem.file = Some(file);
            chart.problems.push(problem);
        }
    }
}

fn read(chart: &mut Chart, sources: &SourceMap, file: FileId) {
    let source = sources.file(file);
    let mut reader = Reader { file, sources, problems: Vec::new() };
    match yaml_span::parse(source.text()) {
        Ok(tree) => reader.metadata(chart, &tree),
        Err(error) => {
            let message = format!("not YAML: {}", error.message);
            reader.problem(
                error.offset,
                message,
                "Correct it; Helm does not load the chart either.",
            );
        }
    }
    chart.problems.append(&mut reader.problems);
}

struct Reader<'a> {
    file: FileId,
    sources: &'a SourceMap,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn metadata(&mut self, chart: &mut Chart, tree: &Tree<'_>) {
        let Some(&root) = tree.documents().first() else { return };
        let root = tree.resolve(root);
        match &tree.node(root).kind {
            Kind::Mapping(_) => {}
            Kind::Scalar(scalar) if scalar.is_null() => return,
            _ => {
                let at = tree.node(root).span.start;
                self.problem(at, "a map is expected".into(), "Write `key: value` lines.");
                return;
            }
        }
        for (key, field) in [
            ("apiVersion", &mut chart.api_version),
            ("name", &mut chart.name),
            ("version", &mut chart.version),
            ("appVersion", &mut chart.app_version),
        ] {
            if let Some(entry) = entry(tree, root, key) {
                *field = self.text(tree, key, entry.value);
            }
        }
        if let Some(entry) = entry(tree, root, "dependencies") {
            chart.dependencies = self.dependencies(tree, entry.value);
        }
    }

    fn dependencies(&mut self, tree: &Tree<'_>, value: NodeId) -> Vec<Dependency> {
        let value = tree.resolve(value);
        match &tree.node(value).kind {
            Kind::Sequence(_) => {}
            Kind::Scalar(scalar) if scalar.is_null() => return Vec::new(),
            _ => {
                let at = tree.node(value).span.start;
                let message = "`dependencies` is not a list, so Helm does not load the chart";
                self.problem(at, message.into(), "Begin each dependency with `- name:`.");
                return Vec::new();
            }
        }
        let items = tree.items(value).to_vec();
        items.into_iter().filter_map(|item| self.dependency(tree, item)).collect()
    }

    fn dependency(&mut self, tree: &Tree<'_>, item: NodeId) -> Option<Dependency> {
        let item = tree.resolve(item);
        let node = tree.node(item);
        if !matches!(node.kind, Kind::Mapping(_)) {
            let message = "a dependency is not a map, so Helm does not load the chart";
            self.problem(node.span.start, message.into(), "Begin it with `- name:`.");
            return None;
        }
        let span = |entry: &Entry| Span::new(self.file, tree.node(entry.value).span.clone());
        let get = |key| entry(tree, item, key);
        let mut dependency = Dependency {
            span: Some(Span::new(self.file, node.span.clone())),
            name_span: get("name").as_ref().map(span),
            version_span: get("version").as_ref().map(span),
            repository_span: get("repository").as_ref().map(span),
            ..Dependency::default()
        };
        for (key, field) in [
            ("name", &mut dependency.name),
            ("version", &mut dependency.version),
            ("repository", &mut dependency.repository),
            ("alias", &mut dependency.alias),
            ("condition", &mut dependency.condition),
        ] {
            *field = get(key).and_then(|entry| self.text(tree, key, entry.value));
        }
        Some(dependency)
    }

    /// A value as Helm puts it into a field that is a string.
    fn text(&mut self, tree: &Tree<'_>, key: &str, value: NodeId) -> Option<String> {
        let node = tree.node(tree.resolve(value));
        match &node.kind {
            Kind::Scalar(scalar) => as_text(scalar),
            _ => {
                let message = format!("`{key}` is not text, so Helm does not load the chart");
                self.problem(node.span.start, message, "Write a plain value.");
                None
            }
        }
    }

    fn problem(&mut self, offset: usize, message: String, help: &str) {
        let source = self.sources.file(self.file);
        let mut problem = Problem::new(ProblemKind::Metadata, source.path(), message, help);
        problem.file = Some(self.file);
        problem.offset = Some(offset);
        problem.position = Some(source.position(offset));
        self.problems.push(problem);
    }
}

/// The entry that Go's decoder takes for a field: of the keys that are the
/// same without regard to case the one that sorts last, since JSON made by Go
/// has its keys sorted.
fn entry(tree: &Tree<'_>, map: NodeId, field: &str) -> Option<Entry> {
    let keys = tree.entries(map).iter().filter_map(|entry| tree.str(entry.key));
    let best = keys.filter(|key| key.eq_ignore_ascii_case(field)).max();
    tree.get(map, best.unwrap_or(field))
}

/// As Helm's YAML package prints a scalar into a string, and as Helm then
/// cleans it: white space becomes blanks, other control characters go.
fn as_text(scalar: &Scalar<'_>) -> Option<String> {
    let text = match scalar.resolved() {
        Value::Null => return None,
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => number::float32(value),
        Value::Text => scalar.value.to_string(),
    };
    let clean = |c: char| if c.is_whitespace() { ' ' } else { c };
    Some(text.chars().map(clean).filter(|c| !c.is_control()).collect())
}
