//! The defaults of a values.schema.json.

use super::values::{Step, Values};
use crate::edit::Edit;
use yaml_span::{Kind, NodeId};

/// The edits of the defaults that repeat what changes: of one value, or of a map or a list
/// with it.
pub(super) fn edits(text: &str, values: &Values<'_>) -> Vec<Edit> {
    // JSON is YAML.
    let Ok(tree) = yaml_span::parse(text) else { return Vec::new() };
    let mut edits = Vec::new();
    let mut open: Vec<(NodeId, Vec<Step>)> =
        tree.documents().first().map(|&root| (root, Vec::new())).into_iter().collect();
    while let Some((node, route)) = open.pop() {
        let Kind::Mapping(entries) = &tree.node(node).kind else { continue };
        for entry in entries {
            match (tree.str(entry.key), &tree.node(entry.value).kind) {
                (Some("default"), _) => edits.extend(values.edits(&tree, entry.value, &route)),
                (Some("properties"), Kind::Mapping(properties)) => {
                    for property in properties {
                        let key = tree.str(property.key).map(|key| Step::Key(key.to_owned()));
                        open.push((property.value, route.iter().cloned().chain(key).collect()));
                    }
                }
                _ => {}
            }
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit;

    fn follow(text: &str, before: &str, after: &str) -> Option<String> {
        edit::apply(text, &edits(text, &Values::parse(before, after, &[]).unwrap()))
    }

    #[test]
    fn a_default_follows_the_value_that_it_repeats() {
        let before = "image:\n  registry: ghcr.io\n  repository: acme/web\nother: ghcr.io\n";
        let after = before.replacen("ghcr.io", "m.io", 1).replace("acme/web", "gh/acme/web");
        let text = r#"{"properties": {"image": {"properties": {
            "registry": {"type": "string", "default": "ghcr.io", "enum": ["ghcr.io"]},
            "repository": {"default": "acme/other"},
            "default": {"default": "acme/web"}}},
            "other": {"default": "ghcr.io"}}}"#;
        let meant = text.replacen("\"default\": \"ghcr.io\"", "\"default\": \"m.io\"", 1);
        assert_eq!(follow(text, before, &after), Some(meant));
        assert_eq!(follow("{", before, &after).as_deref(), Some("{"));
    }

    #[test]
    fn so_does_what_a_default_holds() {
        let before = "x: &x {image: ghcr.io/a:1}\ny: *x\nlist: [ghcr.io/b:1, {c: ghcr.io/c:1}]\n";
        let after = before.replace("ghcr.io", "m.io");
        let text = r#"{"default": {"x": {"image": "ghcr.io/a:1"}}, "properties": {
            "y": {"default": {"image": "ghcr.io/a:1"}}, "list": {"default":
            ["ghcr.io/b:1", {"c": "ghcr.io/c:1"}, "ghcr.io/b:1", "ghcr.io\/c:1"]}}}"#;
        let meant = text.replacen("ghcr.io", "m.io", 4);
        assert_eq!(follow(text, before, &after), Some(meant));
    }
}
