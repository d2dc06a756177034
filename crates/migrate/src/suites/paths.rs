//! The paths by which a suite names values: `spec.containers[0].image`, `data["a.yaml"]`.

use crate::written::Left;
use serde_json::{Map, Value};
use yaml_span::{Kind, NodeId, Tree};

/// A step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Item(usize),
}

/// The steps of a path; `None` for one that chooses by a condition or matches several.
fn steps(path: &str) -> Option<Vec<Step>> {
    let mut rest = path.strip_prefix('$').unwrap_or(path);
    let mut steps = Vec::new();
    while !rest.is_empty() {
        rest = rest.strip_prefix('.').unwrap_or(rest);
        if let Some(inside) = rest.strip_prefix('[') {
            let quote = inside.chars().next().filter(|c| matches!(c, '"' | '\''));
            let end = match quote {
                Some(quote) => inside[1..].find(&format!("{quote}]"))? + 2,
                None => inside.find(']')?,
            };
            let (step, behind) = inside.split_at(end);
            rest = behind.strip_prefix(']')?;
            steps.push(match (quote, step.parse()) {
                (Some(_), _) => Step::Key(step[1..step.len() - 1].to_owned()),
                (None, Ok(index)) => Step::Item(index),
                (None, Err(_)) if is_plain(step) => Step::Key(step.to_owned()),
                _ => return None,
            });
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let key = &rest[..end];
            if !is_plain(key) {
                return None;
            }
            steps.push(Step::Key(key.to_owned()));
            rest = &rest[end..];
        }
    }
    Some(steps)
}

fn is_plain(key: &str) -> bool {
    !key.is_empty() && !key.contains(['*', '?', '(', '\\', '@', ','])
}

/// The values of a map of `set`, whose keys are paths, as Helm takes them.
pub(super) fn planted(map: Map<String, Value>) -> Option<Value> {
    let mut whole = Value::Object(Map::new());
    for (path, value) in map {
        let mut at = &mut whole;
        for step in steps(&path)? {
            at = match step {
                Step::Key(key) => {
                    if !at.is_object() {
                        *at = Value::Object(Map::new());
                    }
                    at.as_object_mut()?.entry(key).or_insert(Value::Null)
                }
                Step::Item(index) => {
                    if !at.is_array() {
                        *at = Value::Array(Vec::new());
                    }
                    let items = at.as_array_mut()?;
                    if index > 1000 {
                        return None;
                    }
                    while items.len() <= index {
                        items.push(Value::Null);
                    }
                    items.get_mut(index)?
                }
            };
        }
        merge(at, value);
    }
    Some(whole)
}

/// Puts a map over another; anything else takes its place.
fn merge(under: &mut Value, over: Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (key, value) in over {
                merge(under.entry(key).or_insert(Value::Null), value);
            }
        }
        (under, over) => *under = over,
    }
}

/// The texts at a path of each document of a manifest, those below it joined by line
/// feeds; none where the path is none that can be followed.
pub(super) fn at(manifest: &str, path: &str) -> Vec<String> {
    let Some(steps) = steps(path) else { return Vec::new() };
    let Ok(tree) = yaml_span::parse(manifest) else { return Vec::new() };
    let texts = tree.documents().iter().filter_map(|&root| {
        let mut node = root;
        for step in &steps {
            node = match step {
                Step::Key(key) => tree.get(node, key)?.value,
                Step::Item(index) => *tree.items(node).get(*index)?,
            };
        }
        let mut text = String::new();
        print(&tree, node, &mut text, &mut Left::default())?;
        Some(text)
    });
    texts.collect()
}

/// `None` where that is too much, or never ends.
fn print(tree: &Tree<'_>, node: NodeId, text: &mut String, left: &mut Left) -> Option<()> {
    left.into(|left| {
        match &tree.node(tree.resolve(node)).kind {
            Kind::Scalar(scalar) => {
                left.text(&scalar.value)?;
                text.push_str(&scalar.value);
                text.push('\n');
            }
            Kind::Mapping(entries) => {
                for entry in entries {
                    print(tree, entry.key, text, left)?;
                    print(tree, entry.value, text, left)?;
                }
            }
            Kind::Sequence(items) => {
                items.iter().try_for_each(|&item| print(tree, item, text, left))?;
            }
            Kind::Alias(_) => return None,
        }
        Some(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_path_leads_to_its_values() {
        let text = "a: {b: [{c: x}, {c: y}], 'd.e/f': z}\n---\na: {b: [1, {c: w}]}\n";
        assert_eq!(at(text, "a.b[1].c"), ["y\n", "w\n"]);
        assert_eq!(at(text, "$.a['d.e/f']"), ["z\n"]);
        assert_eq!(at(text, "a[\"d.e/f\"]"), ["z\n"]);
        assert_eq!(at(text, "a.b[0]"), ["c\nx\n", "1\n"]);
        for none in ["a.b[*].c", "a.b[?(@.c=='x')].c", "a..c", "x", "a.b[9]"] {
            assert!(at(text, none).is_empty(), "{none}");
        }
    }

    #[test]
    fn what_never_ends_is_not_followed() {
        assert!(at("a: &a {b: *a}\n", "a").is_empty());
        assert_eq!(at("a: &a {b: *a, c: d}\n", "a.b.b.c"), ["d\n"]);
    }

    #[test]
    fn what_is_set_by_paths_is_a_tree() {
        let Value::Object(map) = json!({"a.b": 1, "a.c[1].d": "x", "e": {"f.g": 2}}) else {
            return;
        };
        assert_eq!(
            planted(map),
            Some(json!({"a": {"b": 1, "c": [null, {"d": "x"}]}, "e": {"f.g": 2}}))
        );
    }
}
