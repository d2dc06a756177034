//! What a text in YAML says, as JSON: aliases and merged maps are written out.

use serde_json::{Map, Number, Value};
use yaml_span::{Kind, NodeId, Tree};

/// How many values may be written out: aliases of aliases double what they stand for.
const MOST: usize = 100_000;
/// How many the tests of a chart may give and expect together: what a suite says is given by
/// each of its tests, and aliases repeat what one expects.
const MOST_OF_TESTS: usize = 500_000;
/// How many bytes of a text count as one of them.
const TEXT_OF_A_VALUE: usize = 256;
/// How deep they may nest: an alias may stand for a map that holds it.
const DEEPEST: usize = 256;

/// How much may still be looked at, where aliases are followed.
#[derive(Debug)]
pub(crate) struct Left {
    values: usize,
    depth: usize,
}

impl Default for Left {
    fn default() -> Self {
        Self { values: MOST, depth: DEEPEST }
    }
}

impl Left {
    /// For all tests of a chart.
    pub(crate) fn of_tests() -> Self {
        Self { values: MOST_OF_TESTS, ..Self::default() }
    }

    /// Goes into a value; `None` where that is too much.
    pub(crate) fn into<T>(&mut self, see: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.values = self.values.checked_sub(1)?;
        self.depth = self.depth.checked_sub(1)?;
        let seen = see(self);
        self.depth += 1;
        seen
    }

    /// Sees one value of many with no more room than one may take; `None` where nothing is left.
    pub(crate) fn one<T>(&mut self, see: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let most = self.values.min(MOST);
        let mut left = Self { values: most, ..Self::default() };
        let seen = see(&mut left);
        self.take(1 + most - left.values)?;
        Some(seen)
    }

    /// Takes so many values; nothing is left where they are too many.
    pub(crate) fn take(&mut self, values: usize) -> Option<()> {
        let left = self.values.checked_sub(values);
        self.values = left.unwrap_or_default();
        left.map(drop)
    }

    /// Takes the room for a text that an alias may stand for many times.
    pub(crate) fn text(&mut self, text: &str) -> Option<()> {
        self.values = self.values.checked_sub(text.len() / TEXT_OF_A_VALUE)?;
        Some(())
    }
}

/// A value; `None` for a key that is no text, a number that JSON has not, and what is too
/// large or never ends.
pub(crate) fn value(tree: &Tree<'_>, node: NodeId) -> Option<Value> {
    written(tree, node, Reader::Helm, &mut Left::default())
}

/// The same as the runner of helm-unittest reads it in a suite.
pub(crate) fn value_of_suite(tree: &Tree<'_>, node: NodeId, left: &mut Left) -> Option<Value> {
    left.one(|left| written(tree, node, Reader::Runner, left))?
}

/// Who reads a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// To whom `yes`, `n` and `on` are booleans, too.
    Helm,
    /// To whom they are words.
    Runner,
}

fn written(tree: &Tree<'_>, node: NodeId, reader: Reader, left: &mut Left) -> Option<Value> {
    left.into(|left| {
        Some(match &tree.node(tree.resolve(node)).kind {
            Kind::Scalar(scalar) => match scalar.resolved() {
                yaml_span::Value::Null => Value::Null,
                yaml_span::Value::Bool(_) if reader == Reader::Runner && is_word(&scalar.value) => {
                    Value::String(scalar.value.to_string())
                }
                yaml_span::Value::Bool(on) => Value::Bool(on),
                yaml_span::Value::Int(number) => Value::Number(i64::try_from(number).ok()?.into()),
                yaml_span::Value::Float(number) => Value::Number(Number::from_f64(number)?),
                yaml_span::Value::Text => {
                    left.text(&scalar.value)?;
                    Value::String(scalar.value.to_string())
                }
            },
            Kind::Sequence(items) => Value::Array(
                items
                    .iter()
                    .map(|&item| written(tree, item, reader, left))
                    .collect::<Option<_>>()?,
            ),
            Kind::Mapping(entries) => {
                let (mut own, mut merged) = (Map::new(), Map::new());
                for entry in entries {
                    let value = written(tree, entry.value, reader, left)?;
                    match (tree.str(entry.key)?, value) {
                        ("<<", Value::Array(maps)) => {
                            maps.into_iter().try_for_each(|map| below(&mut merged, map))?;
                        }
                        ("<<", map) => below(&mut merged, map)?,
                        (key, value) => drop(own.insert(key.to_owned(), value)),
                    }
                }
                below(&mut own, Value::Object(merged))?;
                Value::Object(own)
            }
            Kind::Alias(_) => return None,
        })
    })
}

/// True of a boolean of YAML 1.1 that is none of YAML 1.2.
fn is_word(text: &str) -> bool {
    !["true", "false"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Takes the keys of a merged map that are not there already.
fn below(map: &mut Map<String, Value>, merged: Value) -> Option<()> {
    let Value::Object(merged) = merged else { return None };
    for (key, value) in merged {
        map.entry(key).or_insert(value);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(text: &str) -> Option<Value> {
        let tree = yaml_span::parse(text).unwrap();
        value(&tree, tree.get(tree.documents()[0], "at").unwrap().value)
    }

    #[test]
    fn aliases_and_merged_maps_are_written_out() {
        let text =
            "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nat: {x: own, <<: [*a, *b], list: [*a]}\n";
        let expected = json!({"x": "own", "y": 2, "z": 4, "list": [{"x": 1, "y": 2}]});
        assert_eq!(of(text), Some(expected));
        assert_eq!(of("at: {<<: text}\n"), None);
    }

    #[test]
    fn words_are_booleans_to_helm_and_words_to_the_runner() {
        let text = "at: [yes, n, on, OFF, True, FALSE, 'no']\n";
        let expected = json!([true, false, true, false, true, false, "no"]);
        assert_eq!(of(text), Some(expected));
        let tree = yaml_span::parse(text).unwrap();
        let at = tree.get(tree.documents()[0], "at").unwrap().value;
        let expected = json!(["yes", "n", "on", "OFF", true, false, "no"]);
        assert_eq!(value_of_suite(&tree, at, &mut Left::default()), Some(expected));
    }

    #[test]
    fn what_is_too_large_or_never_ends_is_nothing() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let items = vec![format!("*a{}", level - 1); 10].join(", ");
            text += &format!("a{level}: &a{level} [{items}]\n");
        }
        assert_eq!(of(&format!("{text}at: *a11\n")), None);
        let long =
            format!("long: &long {}\nat: [{}]\n", "x".repeat(100_000), "*long, ".repeat(20_000));
        assert_eq!(of(&long), None);
        assert_eq!(of("at: &at {a: *at}\n"), None);
        assert_eq!(of("at: &at {<<: *at}\n"), None);
    }
}
