//! What repeats an image outside of what Helm renders, and has to follow it: the
//! defaults of values.schema.json, and the table that helm-docs writes into README.md.

use crate::copies::value_at;
use crate::edit::Edit;
use crate::files;
use crate::migration::{Request, file_of};
use crate::propose::Edits;
use std::cell::LazyCell;
use std::collections::BTreeMap;
use std::path::Path;
use yaml_span::{Kind, Tree};

/// Values that change, by their keys: the text before and after.
type Values = BTreeMap<Vec<String>, (String, String)>;

/// The edits of the files of a chart that repeat what these edits change.
pub(crate) fn edits(
    request: &Request<'_>,
    chart: &str,
    edits: &Edits,
    version: Option<&(String, String)>,
) -> Edits {
    let values = LazyCell::new(|| values(request.root, &file_of(chart, "values.yaml"), edits));
    let mut followers = Edits::new();
    let mut follow = |name: &str, of: &dyn Fn(&str) -> Vec<Edit>| {
        let path = file_of(chart, name);
        // What is not there or no text repeats nothing.
        let edits = files::existing(&request.root.join(&path)).map(|text| of(&text));
        if let Some(edits) = edits.ok().filter(|edits| !edits.is_empty()) {
            followers.insert(path, edits);
        }
    };
    follow("values.schema.json", &|text| in_schema(text, &values));
    let template = request.root.join(file_of(chart, "README.md.gotmpl")).exists();
    follow("README.md", &|text| match template || text.contains("helm-docs") {
        true => in_readme(text, &values, version),
        false => Vec::new(),
    });
    followers
}

fn values(root: &Path, path: &str, edits: &Edits) -> Values {
    let Some(edits) = edits.get(path) else { return Values::new() };
    let text = files::existing(&root.join(path)).unwrap_or_default();
    let Ok(tree) = yaml_span::parse(&text) else { return Values::new() };
    let value = |edit: &Edit| {
        let nothing = Edit { after: edit.before.clone(), ..edit.clone() };
        let ((route, after), (_, before)) = value_at(&tree, edit).zip(value_at(&tree, &nothing))?;
        (!edit.before.is_empty()).then_some((route, (before, after)))
    };
    edits.iter().filter_map(value).collect()
}

fn in_schema(text: &str, values: &Values) -> Vec<Edit> {
    // JSON is YAML.
    let Ok(tree) = yaml_span::parse(text) else { return Vec::new() };
    let edit = |(route, (before, after)): (&Vec<String>, &(String, String))| {
        let mut node = *tree.documents().first()?;
        for key in route {
            node = tree.get(tree.get(node, "properties")?.value, key)?.value;
        }
        replace(&tree, tree.get(node, "default")?.value, before, after)
    };
    values.iter().filter_map(edit).collect()
}

/// Another text in the place of a scalar that has this one.
fn replace(tree: &Tree<'_>, node: yaml_span::NodeId, before: &str, after: &str) -> Option<Edit> {
    let Kind::Scalar(scalar) = &tree.node(node).kind else { return None };
    let at = scalar.source(0..scalar.value.len());
    let same = scalar.value == before && tree.text().get(at.clone()) == Some(before);
    same.then(|| Edit { start: at.start, before: before.to_owned(), after: after.to_owned() })
}

/// The cells of `| image.repository | string | `"ghcr.io/acme/web"` |`, and the badge with
/// the chart's version.
fn in_readme(text: &str, values: &Values, version: Option<&(String, String)>) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        let mut cells = line.strip_prefix('|').unwrap_or_default().split('|');
        let key = cells.next().map(|cell| cell.trim().trim_matches('`')).unwrap_or_default();
        if let Some((_, (before, after))) =
            values.iter().find(|(route, _)| route.join(".") == key && !key.is_empty())
        {
            let quoted = format!("`\"{before}\"`");
            edits.extend(line.find(&quoted).map(|at| Edit {
                start: line_start + at + 2,
                before: before.clone(),
                after: after.clone(),
            }));
        }
        line_start += line.len();
    }
    edits.extend(version.into_iter().flat_map(|version| version_in_readme(text, version)));
    edits
}

/// How the badge begins that helm-docs makes of a chart's version.
pub(crate) const BADGE: &str = "![Version: ";

/// The badge with another version.
pub(crate) fn version_in_readme(text: &str, (before, after): &(String, String)) -> Vec<Edit> {
    let escaped = |version: &str| version.replace('-', "--");
    let places = [
        (format!("{BADGE}{before}]"), BADGE, before.clone(), after.clone()),
        (
            format!("/badge/Version-{}-", escaped(before)),
            "/badge/Version-",
            escaped(before),
            escaped(after),
        ),
    ];
    let edit = |(whole, start, before, after): (String, &str, String, String)| {
        Some(Edit { start: text.find(&whole)? + start.len(), before, after })
    };
    places.into_iter().filter_map(edit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit;

    fn pair(before: &str, after: &str) -> (String, String) {
        (before.to_owned(), after.to_owned())
    }

    fn values() -> Values {
        let route = |text: &str| text.split('.').map(str::to_owned).collect();
        [
            (route("image.registry"), pair("ghcr.io", "m.io")),
            (route("image.repository"), pair("acme/web", "gh/acme/web")),
        ]
        .into()
    }

    #[test]
    fn a_default_of_the_schema_follows() {
        let text = r#"{"properties": {"image": {"properties": {"registry": {"type": "string", "default": "ghcr.io"}, "repository": {"default": "other"}}}, "registry": {"default": "ghcr.io"}}}"#;
        let edits = in_schema(text, &values());
        let after = text.replacen("\"default\": \"ghcr.io\"", "\"default\": \"m.io\"", 1);
        assert_eq!(edit::apply(text, &edits), Some(after));
        assert!(in_schema("{", &values()).is_empty());
    }

    #[test]
    fn the_table_and_the_badge_of_helm_docs_follow() {
        let text = "![Version: 1.0.0-rc.1](https://img.shields.io/badge/Version-1.0.0--rc.1-informational?style=flat-square) ![AppVersion: 1.0.0-rc.1](x)\n| Key | Type | Default |\n| image.registry | string | `\"ghcr.io\"` | ghcr.io |\n| other.registry | string | `\"ghcr.io\"` |\n| image.repository | string | `\"acme/web\"` |\n";
        let edits = in_readme(text, &values(), Some(&pair("1.0.0-rc.1", "1.0.0")));
        assert_eq!(
            edit::apply(text, &edits).as_deref(),
            Some(
                "![Version: 1.0.0](https://img.shields.io/badge/Version-1.0.0-informational?style=flat-square) ![AppVersion: 1.0.0-rc.1](x)\n| Key | Type | Default |\n| image.registry | string | `\"m.io\"` | ghcr.io |\n| other.registry | string | `\"ghcr.io\"` |\n| image.repository | string | `\"gh/acme/web\"` |\n"
            )
        );
    }
}
