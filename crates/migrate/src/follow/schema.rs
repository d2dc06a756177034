//! The defaults of a values.schema.json.

use super::values::{Step, Values};
use crate::edit::Edit;
use std::collections::BTreeMap;
use yaml_span::{Kind, NodeId, Tree};

/// How many places of a schema are looked at: definitions may lead to themselves.
const MOST: usize = 100_000;
/// How many keys a value is under at most.
const DEEPEST: usize = 64;

/// The edits of the defaults that repeat what changes: of one value, or of a map or a list
/// with it. A definition that several values share follows where all of them agree.
pub(super) fn edits(text: &str, values: &Values<'_>) -> Vec<Edit> {
    // JSON is YAML.
    let Ok(tree) = yaml_span::parse(text) else { return Vec::new() };
    let Some(&root) = tree.documents().first() else { return Vec::new() };
    let mut defaults: BTreeMap<NodeId, Option<Vec<Edit>>> = BTreeMap::new();
    let mut open: Vec<(NodeId, Vec<Step>)> = vec![(root, Vec::new())];
    for _ in 0..MOST {
        let Some((node, route)) = open.pop() else { break };
        let Kind::Mapping(entries) = &tree.node(node).kind else { continue };
        for entry in entries {
            match (tree.str(entry.key), &tree.node(entry.value).kind) {
                (Some("default"), _) if values.has(&route) => {
                    let edits = values.edits(&tree, entry.value, &route);
                    let known = defaults.entry(entry.value).or_insert_with(|| Some(edits.clone()));
                    known.take_if(|known| *known != edits);
                }
                (Some("$ref"), Kind::Scalar(pointer)) if route.len() < DEEPEST => {
                    open.extend(
                        definition(&tree, root, &pointer.value).map(|n| (n, route.clone())),
                    );
                }
                (Some("properties"), Kind::Mapping(properties)) if route.len() < DEEPEST => {
                    for property in properties {
                        let key = tree.str(property.key).map(|key| Step::Key(key.to_owned()));
                        open.push((property.value, route.iter().cloned().chain(key).collect()));
                    }
                }
                _ => {}
            }
        }
    }
    defaults.into_values().flatten().flatten().collect()
}

/// The definition in the same file that a reference names: `#/$defs/image`.
fn definition(tree: &Tree<'_>, root: NodeId, pointer: &str) -> Option<NodeId> {
    let mut keys = pointer.strip_prefix("#/")?.split('/');
    keys.try_fold(root, |node, key| {
        Some(tree.get(node, &key.replace("~1", "/").replace("~0", "~"))?.value)
    })
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

    #[test]
    fn so_does_a_definition_that_all_of_its_values_follow() {
        let before = "a: ghcr.io\nb: {c: ghcr.io, d: ghcr.io}\ne: ghcr.io\n";
        let after = before.replacen("ghcr.io", "m.io", 3);
        let text = r##"{"$ref": "#/$defs/all", "$defs": {
            "all": {"properties": {"a": {"$ref": "#/$defs/one~1a"}, "b": {"$ref": "#/$defs/b"},
            "e": {"$ref": "#/$defs/shared"}, "self": {"$ref": "#/$defs/all"}}},
            "one/a": {"default": "ghcr.io"}, "never": {"default": "ghcr.io"},
            "b": {"properties": {"c": {"$ref": "#/$defs/one~1a"}, "d": {"$ref": "#/$defs/shared"}}},
            "shared": {"default": "ghcr.io"}}}"##;
        let meant = text.replacen(
            "\"one/a\": {\"default\": \"ghcr.io",
            "\"one/a\": {\"default\": \"m.io",
            1,
        );
        assert_eq!(follow(text, before, &after), Some(meant));
    }
}
