//! Chart.lock: the versions that dependencies came to, and a digest of both lists.

use crate::edit::{self, Edit};
use crate::written;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use yaml_span::{Kind, NodeId, Tree};

/// What Helm hashes of a dependency, in its order; what is empty is left out, but for the
/// name and the repository.
const FIELDS: [&str; 8] =
    ["name", "version", "repository", "condition", "tags", "enabled", "import-values", "alias"];
/// What it hashes of a locked one.
const LOCKED: [&str; 3] = ["name", "version", "repository"];

/// A dependency that is another version now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Raised {
    /// Its number in the list, which a lock has in the same order: the same chart may be
    /// there under several aliases.
    pub(crate) index: usize,
    /// The version that it was.
    pub(crate) before: String,
    /// The version that it is.
    pub(crate) after: String,
}

/// The edits of a lock that follow dependencies, of which `versions` are the edits in the
/// file that names them. `None` where the digest cannot be told: then it is not one that
/// this came to for the lock as it is, or a locked version is not the one that was.
pub(crate) fn edits(
    text: &str,
    versions: &[Edit],
    raised: &[Raised],
    locked: &str,
) -> Option<Vec<Edit>> {
    let tree = yaml_span::parse(locked).ok()?;
    let root = *tree.documents().first()?;
    let digest = tree.get(root, "digest")?.value;
    let old = tree.str(digest)?;
    if hash(text, locked)? != old {
        return None;
    }
    let mut edits = Vec::new();
    for one in raised {
        let item = *tree.items(tree.get(root, "dependencies")?.value).get(one.index)?;
        let version = tree.get(item, "version")?.value;
        if tree.str(version) != Some(&one.before) {
            return None;
        }
        edits.push(replace(&tree, version, &one.after)?);
    }
    let new = hash(&edit::apply(text, versions)?, &edit::apply(locked, &edits)?)?;
    edits.push(replace(&tree, digest, &new)?);
    Some(edits)
}

/// True of a lock that follows already: that is of a text as it is, and has the versions that are.
pub(crate) fn is_of(text: &str, raised: &[Raised], locked: &str) -> bool {
    let digest_and_versions = || {
        let tree = yaml_span::parse(locked).ok()?;
        let root = *tree.documents().first()?;
        let items = tree.items(tree.get(root, "dependencies")?.value);
        let is_there = raised.iter().all(|one| {
            let version = items.get(one.index).and_then(|&item| tree.get(item, "version"));
            version.is_some_and(|version| tree.str(version.value) == Some(&one.after))
        });
        Some(is_there && tree.str(tree.get(root, "digest")?.value)? == hash(text, locked)?)
    };
    digest_and_versions().unwrap_or(false)
}

fn replace(tree: &Tree<'_>, node: NodeId, after: &str) -> Option<Edit> {
    let Kind::Scalar(scalar) = &tree.node(node).kind else { return None };
    let at = scalar.source(0..scalar.value.len());
    let before = tree.text().get(at.clone()).filter(|text| *text == scalar.value)?;
    Some(Edit { start: at.start, before: before.to_owned(), after: after.to_owned() })
}

/// The digest as Helm makes it: of the JSON that Go makes of both lists.
fn hash(text: &str, locked: &str) -> Option<String> {
    let both = [list(text, &FIELDS)?, list(locked, &LOCKED)?];
    let json = format!("[{},{}]", both[0], both[1]);
    // Go escapes what could end a script.
    let json = json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    let hex: String = Sha256::digest(json.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
    Some(format!("sha256:{hex}"))
}

fn list(text: &str, fields: &[&str]) -> Option<String> {
    let tree = yaml_span::parse(text).ok()?;
    let entry = tree.get(*tree.documents().first()?, "dependencies")?;
    let item = |&item: &NodeId| {
        // A map of serde_json would sort the fields.
        let of_field = |&field: &&str| {
            let value = tree.get(item, field).map(|entry| value(&tree, entry.value));
            let empty = json!("");
            let value = match value {
                Some(value) => value?,
                None => empty,
            };
            let is_left_out = !matches!(field, "name" | "repository")
                && matches!(&value, Value::Null | Value::Bool(false))
                || matches!(&value, Value::String(text) if text.is_empty() && !matches!(field, "name" | "repository"))
                || matches!(&value, Value::Array(items) if items.is_empty());
            Some(if is_left_out { String::new() } else { format!("\"{field}\":{value}") })
        };
        let all: Option<Vec<String>> = fields.iter().map(of_field).collect();
        let all: Vec<String> = all?.into_iter().filter(|field| !field.is_empty()).collect();
        Some(format!("{{{}}}", all.join(",")))
    };
    let items: Option<Vec<String>> = tree.items(entry.value).iter().map(item).collect();
    Some(format!("[{}]", items?.join(",")))
}

/// A value as JSON; `None` for one with a number, which Go and we may print differently. Go
/// sorts the keys of a map, and so does serde_json.
fn value(tree: &Tree<'_>, node: NodeId) -> Option<Value> {
    written::value(tree, node).filter(|value| !has_number(value))
}

fn has_number(value: &Value) -> bool {
    match value {
        Value::Number(_) => true,
        Value::Array(items) => items.iter().any(has_number),
        Value::Object(map) => map.values().any(has_number),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // As Helm 4 writes them.
    const CHART: &str = "name: a\ndependencies:\n- name: b\n  version: 1.0.0\n  repository: file://../b\n  condition: b.enabled\n  tags: [x]\n- name: c\n  version: '>=1'\n  repository: https://charts.example.com/?a&b\n";

    fn lock(digest: &str) -> String {
        format!(
            "dependencies:\n- name: b\n  repository: file://../b\n  version: 1.0.0\n- name: c\n  repository: https://charts.example.com/?a&b\n  version: 1.4.0\ndigest: {digest}\ngenerated: \"2026-11-25T22:00:00Z\"\n"
        )
    }

    #[test]
    fn the_digest_follows_the_version() {
        let start = CHART.find("1.0.0").unwrap();
        let version = [Edit { start, before: "1.0.0".into(), after: "1.0.1".into() }];
        let raised = [Raised { index: 0, before: "1.0.0".into(), after: "1.0.1".into() }];
        let json = r#"[[{"name":"b","version":"1.0.0","repository":"file://../b","condition":"b.enabled","tags":["x"]},{"name":"c","version":"\u003e=1","repository":"https://charts.example.com/?a\u0026b"}],[{"name":"b","version":"1.0.0","repository":"file://../b"},{"name":"c","version":"1.4.0","repository":"https://charts.example.com/?a\u0026b"}]]"#;
        let sha = |json: &str| {
            let hex = Sha256::digest(json.as_bytes())
                .iter()
                .map(|b| format!("{b:02x}"))
                .collect::<String>();
            format!("sha256:{hex}")
        };
        let locked = lock(&sha(json));
        let after =
            edit::apply(&locked, &edits(CHART, &version, &raised, &locked).unwrap()).unwrap();
        let expected = lock(&sha(&json.replace("1.0.0", "1.0.1")));
        assert_eq!(after, expected.replacen("1.0.0", "1.0.1", 1));
        // That follows already, and what it was does not.
        let raised_chart = edit::apply(CHART, &version).unwrap();
        assert!(is_of(&raised_chart, &raised, &after));
        assert!(!is_of(&raised_chart, &raised, &locked) && !is_of(CHART, &raised, &locked));
        assert!(!is_of(CHART, &raised, &after) && !is_of(CHART, &raised, ": ["));
        // A lock that is stale already is for Helm to write.
        assert_eq!(edits(CHART, &version, &raised, &lock("sha256:0")), None);
        // Nor is it told where the lock has another version.
        let other = [Raised { index: 1, ..raised[0].clone() }];
        assert_eq!(edits(CHART, &version, &other, &locked), None);
    }

    #[test]
    fn a_lock_follows_a_range_that_admits_the_version() {
        let chart = "dependencies:\n- {name: b, version: ^1.0.0, repository: \"file://../b\", alias: x}\n- {name: b, version: ^1.0.0, repository: \"file://../b\", alias: y}\n";
        let locked = "dependencies:\n- name: b\n  repository: file://../b\n  version: 1.0.0\n- name: b\n  repository: file://../b\n  version: 1.0.0\ndigest: @\n";
        let locked = |digest: &str| locked.replace('@', digest);
        let before = locked(&hash(chart, &locked("x")).unwrap());
        let raised =
            [0, 1].map(|index| Raised { index, before: "1.0.0".into(), after: "1.0.1".into() });
        let after = edit::apply(&before, &edits(chart, &[], &raised, &before).unwrap()).unwrap();
        let expected = locked("x").replace("1.0.0", "1.0.1");
        assert_eq!(after, expected.replace('x', &hash(chart, &expected).unwrap()));
    }
}
