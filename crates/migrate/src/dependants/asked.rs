//! What the files that name a chart's dependencies ask for.

use super::Versions;
use crate::edit::Edit;
use crate::lock::Raised;
use helm_engine::values::admits;
use std::path::{Component, Path};
use yaml_span::{Kind, NodeId, Tree};

/// What follows in a file that names dependencies.
#[derive(Debug, Default)]
pub(super) struct Follows {
    /// The edits of exact versions.
    pub(super) versions: Vec<Edit>,
    /// All dependencies that are another version then.
    pub(super) raised: Vec<Raised>,
    /// Those that ask for no such version.
    pub(super) stuck: Vec<Stuck>,
}

/// A dependency on a range that the next version is not in.
#[derive(Debug)]
pub(super) struct Stuck {
    pub(super) name: String,
    pub(super) range: String,
    pub(super) version: String,
}

/// Which dependencies by `file://` of a chart are charts that were raised.
pub(super) fn follows(text: &str, chart: &str, versions: &Versions) -> Follows {
    let mut follows = Follows::default();
    let Ok(tree) = yaml_span::parse(text) else { return follows };
    for (index, item) in list(&tree).into_iter().enumerate() {
        let field = |key: &str| tree.str(tree.resolve(tree.get(item, key)?.value));
        let folder = field("repository").and_then(|repository| folder(chart, repository));
        let Some((before, after)) = folder.and_then(|folder| versions.get(&folder)) else {
            continue;
        };
        let range = field("version").unwrap_or_default();
        let raised = Raised { index, before: before.clone(), after: after.clone() };
        if admits(range, after) {
            follows.raised.push(raised);
        } else if let Some(edit) = exact(&tree, item, (before, after)) {
            follows.versions.push(edit);
            follows.raised.push(raised);
        } else {
            follows.stuck.push(Stuck {
                name: field("name").unwrap_or_default().to_owned(),
                range: range.to_owned(),
                version: after.clone(),
            });
        }
    }
    follows
}

/// The folders of the dependencies by `file://` of a chart.
pub(super) fn folders(text: &str, chart: &str) -> Vec<String> {
    let Ok(tree) = yaml_span::parse(text) else { return Vec::new() };
    let one = |item| folder(chart, tree.str(tree.resolve(tree.get(item, "repository")?.value))?);
    list(&tree).into_iter().filter_map(one).collect()
}

fn folder(chart: &str, repository: &str) -> Option<String> {
    beside(chart, repository.strip_prefix("file://")?)
}

/// The edit of a version that is exactly the one that was, as `1.0.0`, `=1.0.0` or `v1.0.0`.
fn exact(tree: &Tree<'_>, item: NodeId, (before, after): (&str, &str)) -> Option<Edit> {
    let (before, after) = (before.trim_start_matches('v'), after.trim_start_matches('v'));
    let Kind::Scalar(version) = &tree.node(tree.get(item, "version")?.value).kind else {
        return None;
    };
    let bare = version.value.trim_start_matches(['=', 'v', ' ']);
    let at = version.value.len() - bare.len();
    let at = version.source(at..at + bare.len());
    let same = bare == before && tree.text().get(at.clone()) == Some(before);
    same.then(|| Edit { start: at.start, before: before.to_owned(), after: after.to_owned() })
}

/// A dependency on what a repository of charts has.
pub(super) struct Published {
    pub(super) name: String,
    pub(super) range: String,
    pub(super) repository: String,
}

pub(super) fn published(text: &str) -> Vec<Published> {
    let Ok(tree) = yaml_span::parse(text) else { return Vec::new() };
    let one = |item| {
        let field =
            |key: &str| tree.str(tree.resolve(tree.get(item, key)?.value)).map(str::to_owned);
        let repository = field("repository")?;
        let is_published = !repository.is_empty() && !repository.starts_with("file://");
        let (name, range) = (field("name")?, field("version")?);
        is_published.then_some(Published { name, range, repository })
    };
    list(&tree).into_iter().filter_map(one).collect()
}

pub(super) fn list(tree: &Tree<'_>) -> Vec<NodeId> {
    let root = tree.documents().first();
    let list = root.and_then(|&root| tree.get(root, "dependencies"));
    list.map(|list| tree.items(list.value).to_vec()).unwrap_or_default()
}

/// A folder relative to the root, given relative to a chart.
pub(super) fn beside(chart: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = chart.split('/').filter(|part| *part != ".").collect();
    for component in Path::new(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => drop(parts.pop()?),
            Component::Normal(name) => parts.push(name.to_str()?),
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(if parts.is_empty() { ".".to_owned() } else { parts.join("/") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_beside_a_chart_is_told() {
        assert_eq!(beside("charts/a", "../b/").as_deref(), Some("charts/b"));
        assert_eq!(beside(".", "./b").as_deref(), Some("b"));
        assert_eq!(beside("a", "..").as_deref(), Some("."));
        assert_eq!(beside("a", "../../b"), None);
        assert_eq!(beside("a", "/b"), None);
    }

    #[test]
    fn only_the_exact_version_of_a_file_follows() {
        let versions = Versions::from([("b".to_owned(), ("1.0.0".to_owned(), "1.0.1".to_owned()))]);
        let entry = |repository: &str, version: &str| {
            let text = format!(
                "dependencies:\n- name: b\n  version: {version}\n  repository: {repository}\n"
            );
            let Follows { versions, raised, stuck } = follows(&text, "a", &versions);
            let after = crate::edit::apply(&text, &versions).unwrap();
            let version = after.lines().nth(2).unwrap().trim().to_owned();
            (version, raised.len(), stuck.len())
        };
        let told = |version: &str, raised, stuck| (format!("version: {version}"), raised, stuck);
        assert_eq!(entry("file://../b", "1.0.0"), told("1.0.1", 1, 0));
        assert_eq!(entry("\"file://../b\"", "'=1.0.0' # here"), told("'=1.0.1' # here", 1, 0));
        assert_eq!(entry("file://../b", "v1.0.0"), told("v1.0.1", 1, 0));
        // The lock alone follows.
        assert_eq!(entry("file://../b", "^1.0.0"), told("^1.0.0", 1, 0));
        assert_eq!(entry("file://../b", "<=1.0.0"), told("<=1.0.0", 0, 1));
        assert_eq!(entry("file://../c", "1.0.0"), told("1.0.0", 0, 0));
        assert_eq!(entry("https://charts.example.com", "1.0.0"), told("1.0.0", 0, 0));
    }
}
