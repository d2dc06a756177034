//! Charts under another chart's `charts/`: copies of dependencies, which the next update
//! writes anew. What they spell is not changed there; the parent's values go over it.

use crate::edit::Edit;
use crate::propose::Refusal;
use chart_lint::discover::FoundChart;
use helm_engine::chart::{Chart, FileKind, Limits, load};
use helm_engine::source::SourceMap;
use std::path::Path;
use yaml_span::{Kind, NodeId, Tree};

/// A value that a chart is to give one of its copies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Override {
    /// The keys that lead to it in the values of the chart.
    pub(crate) route: Vec<String>,
    /// The text that the copy has there.
    pub(crate) before: String,
    /// The text.
    pub(crate) value: String,
}

/// A chart, with the copies that it holds.
pub(crate) struct Copies {
    sources: SourceMap,
    chart: Chart,
}

impl Copies {
    pub(crate) fn load(root: &Path, chart: &FoundChart) -> Self {
        let mut sources = SourceMap::new();
        let limits = Limits { root: Some(root.to_owned()), ..Limits::default() };
        let chart = load(&chart.dir, &chart.display, &limits, &mut sources);
        Self { sources, chart }
    }

    /// What the chart's values have to say for an edit of a file of a copy to be made
    /// there: under the copy's name, or under each of its aliases.
    pub(crate) fn overrides(&self, path: &str, edit: &Edit) -> Result<Vec<Override>, Refusal> {
        let mut found = Vec::new();
        self.find(&self.chart, &[Vec::new()], path, edit, &mut found)?;
        if found.is_empty() {
            return Err(Refusal::new(
                format!(
                    "{path} is of a copy of a dependency, which the next update writes anew, and \
                     no value goes over what it spells"
                ),
                "Update the dependency to a version that has moved, or keep a chart of your own.",
            ));
        }
        Ok(found)
    }

    fn find(
        &self,
        chart: &Chart,
        prefixes: &[Vec<String>],
        path: &str,
        edit: &Edit,
        found: &mut Vec<Override>,
    ) -> Result<(), Refusal> {
        for subchart in &chart.subcharts {
            let below: Vec<Vec<String>> = chart
                .keys_of(subchart)
                .into_iter()
                .flat_map(|key| {
                    prefixes.iter().map(move |prefix| {
                        let mut prefix = prefix.clone();
                        prefix.push(key.clone());
                        prefix
                    })
                })
                .collect();
            let values = subchart
                .loaded()
                .find(|(file, _)| file.kind == FileKind::Values && file.display == path);
            if let Some((_, id)) = values {
                let spelled = yaml_span::parse(self.sources.file(id).text()).ok();
                let spelled = spelled.and_then(|tree| spelled_at(&tree, edit));
                let Spelled { route, before, after } = spelled.ok_or_else(|| in_a_list(path))?;
                found.extend(below.iter().map(|prefix| Override {
                    route: prefix.iter().chain(&route).cloned().collect(),
                    before: before.clone(),
                    value: after.clone(),
                }));
            }
            self.find(subchart, &below, path, edit, found)?;
        }
        Ok(())
    }
}

fn in_a_list(path: &str) -> Refusal {
    Refusal::new(
        format!(
            "{path} is of a copy of a dependency, and spells it in a list or through an anchor"
        ),
        "Give the whole list in the values of the chart, under the dependency's name or alias.",
    )
}

/// A value with an edit.
struct Spelled {
    /// The keys that lead to it.
    route: Vec<String>,
    before: String,
    after: String,
}

/// The scalar with an edit, unless it is in a list or behind an alias.
fn spelled_at(tree: &Tree<'_>, edit: &Edit) -> Option<Spelled> {
    let mut route = Vec::new();
    let node = tree.documents().iter().find_map(|&root| search(tree, root, edit, &mut route))?;
    let Kind::Scalar(scalar) = &tree.node(node).kind else { return None };
    let spelled = tree.text().get(edit.range())?;
    let mut places = scalar.value.match_indices(spelled).map(|(at, _)| at);
    let at = places.find(|&at| scalar.source(at..at + spelled.len()) == edit.range())?;
    let before = scalar.value.to_string();
    let mut after = before.clone();
    after.replace_range(at..at + spelled.len(), &edit.after);
    Some(Spelled { route, before, after })
}

fn search(tree: &Tree<'_>, node: NodeId, edit: &Edit, route: &mut Vec<String>) -> Option<NodeId> {
    let here = tree.node(node);
    let holds = here.span.start <= edit.start && edit.range().end <= here.span.end;
    match &here.kind {
        Kind::Scalar(_) => holds.then_some(node),
        Kind::Mapping(entries) => entries.iter().find_map(|entry| {
            route.push(tree.str(entry.key)?.to_owned());
            let found = search(tree, entry.value, edit, route);
            if found.is_none() {
                route.pop();
            }
            found
        }),
        Kind::Sequence(_) | Kind::Alias(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, before: &str, after: &str) -> Option<(String, String)> {
        let edit = Edit { start: text.find(before)?, before: before.into(), after: after.into() };
        let tree = yaml_span::parse(text).ok()?;
        spelled_at(&tree, &edit).map(|spelled| (spelled.route.join("."), spelled.after))
    }

    #[test]
    fn the_keys_and_the_new_value_are_told() {
        let text = "a: 1\nimage: &x\n  registry: \"docker.io\" # here\n  repository: 'acme/web:1'\nlist: [ghcr.io/b]\n";
        let told = |route: &str, value: &str| Some((route.to_owned(), value.to_owned()));
        assert_eq!(at(text, "docker.io", "m.io"), told("image.registry", "m.io"));
        assert_eq!(at(text, "acme/web", "x/acme/web"), told("image.repository", "x/acme/web:1"));
        assert_eq!(at(text, "ghcr.io/b", "m.io/b"), None);
        assert_eq!(at("a: [", "a", "b"), None);
    }
}
