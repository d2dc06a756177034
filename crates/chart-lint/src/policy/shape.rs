//! What a policy file has to look like, checked at every node at once.
//!
//! serde stops at the first mistake and knows no bytes, so the tree is held
//! against this table first; what passes is then read into the types.

use super::mistake::Mistake;
use crate::date::Date;
use crate::rules;
use crate::suggest::closest;
use std::collections::HashMap;
use yaml_span::{Kind, NodeId, Scalar, Tree, Value};

/// What a node has to be.
pub(super) enum Shape {
    /// A map with these keys.
    Map(&'static [Key]),
    /// A list of these.
    List(&'static Shape),
    /// Text that is not empty.
    Text,
    /// A day, as YYYY-MM-DD.
    Date,
    /// One of these words.
    Word(&'static [&'static str]),
    /// The number 1.
    Version,
    /// A whole number from 1 to 65535.
    Count,
    /// A number above 0.
    Pace,
    /// `true` or `false`.
    Flag,
    /// A map from names of rules to levels.
    Levels,
}

/// A key of a map.
pub(super) struct Key {
    name: &'static str,
    shape: &'static Shape,
    required: bool,
}

const fn key(name: &'static str, shape: &'static Shape) -> Key {
    Key { name, shape, required: false }
}

const fn required(name: &'static str, shape: &'static Shape) -> Key {
    Key { name, shape, required: true }
}

const LEVELS: &[&str] = &["error", "warning", "note", "off"];
static TEXTS: Shape = Shape::List(&Shape::Text);

/// The whole file.
pub(super) static POLICY: Shape = Shape::Map(&[
    required("version", &Shape::Version),
    key(
        "registries",
        &Shape::Map(&[
            key("allowed", &TEXTS),
            key("disallowed", &TEXTS),
            key("unlisted", &Shape::Word(LEVELS)),
        ]),
    ),
    key(
        "exceptions",
        &Shape::List(&Shape::Map(&[
            required("images", &TEXTS),
            required("reason", &Shape::Text),
            key("requires", &Shape::Word(&["digest"])),
            key("expires", &Shape::Date),
            key("owner", &Shape::Text),
            key("charts", &TEXTS),
            key("paths", &TEXTS),
        ])),
    ),
    key(
        "replacements",
        &Shape::List(&Shape::Map(&[required("from", &Shape::Text), required("to", &Shape::Text)])),
    ),
    key(
        "priorities",
        &Shape::List(&Shape::Map(&[
            key("images", &TEXTS),
            key("charts", &TEXTS),
            key("paths", &TEXTS),
            required("priority", &Shape::Word(&["high", "medium", "low"])),
            key("reason", &Shape::Text),
        ])),
    ),
    key(
        "migration",
        &Shape::Map(&[key("bump", &Shape::Word(&["patch", "minor", "major", "none"]))]),
    ),
    key("rules", &Shape::Levels),
    key("suppressions", &Shape::Map(&[key("inline", &Shape::Word(&["allowed", "forbidden"]))])),
    key(
        "endpoints",
        &Shape::List(&Shape::Map(&[
            required("registry", &Shape::Text),
            key("endpoint", &Shape::Text),
            key("insecure", &Shape::Flag),
            key("at-once", &Shape::Count),
            key("per-second", &Shape::Pace),
        ])),
    ),
    key("mirror", &Shape::Text),
]);

/// Rules whose level a policy may not set: a gate that cannot do its work says so.
const FIXED: [&str; 2] = ["unreadable-file", "invalid-policy"];

/// Holds a node against a shape.
pub(super) fn check(tree: &Tree<'_>, id: NodeId, shape: &Shape, mistakes: &mut Vec<Mistake>) {
    let id = tree.resolve(id);
    match shape {
        Shape::Map(keys) => map(tree, id, keys, mistakes),
        Shape::List(items) => match &tree.node(id).kind {
            Kind::Sequence(nodes) => {
                nodes.iter().for_each(|&node| check(tree, node, items, mistakes))
            }
            _ => mistakes.push(wrong(tree, id, "a list")),
        },
        Shape::Text => match text(tree, id) {
            Some(text) if !text.trim().is_empty() => {}
            Some(_) => mistakes.push(Mistake::at(tree, id, "this is empty", "write some text")),
            None => mistakes.push(wrong(tree, id, "text")),
        },
        Shape::Date => match text(tree, id).map(str::parse::<Date>) {
            Some(Ok(_)) => {}
            _ => mistakes.push(wrong(tree, id, "a day such as 2030-01-31")),
        },
        Shape::Word(words) => word(tree, id, words, mistakes),
        Shape::Version => match &tree.node(id).kind {
            Kind::Scalar(scalar) if scalar.resolved() == Value::Int(1) => {}
            Kind::Scalar(scalar)
                if matches!(scalar.resolved(), Value::Int(_) | Value::Float(_)) =>
            {
                mistakes.push(Mistake::at(
                    tree,
                    id,
                    "this version of the format is not known",
                    "write `version: 1`",
                ));
            }
            _ => mistakes.push(wrong(tree, id, "the number 1")),
        },
        Shape::Levels => levels(tree, id, mistakes),
        Shape::Count => scalar(tree, id, mistakes, "a number from 1 to 65535", |scalar| {
            matches!(scalar.resolved(), Value::Int(1..=65_535))
        }),
        Shape::Pace => {
            scalar(tree, id, mistakes, "a number above 0", |scalar| match scalar.resolved() {
                Value::Int(number) => number > 0,
                Value::Float(number) => number.is_finite() && number > 0.0,
                _ => false,
            })
        }
        // `yes` is a Boolean to some readers and a text to others.
        Shape::Flag => scalar(tree, id, mistakes, "`true` or `false`", |scalar| {
            let is_word = matches!(&*scalar.value, "true" | "false");
            is_word && matches!(scalar.resolved(), Value::Bool(_))
        }),
    }
}

fn scalar(
    tree: &Tree<'_>,
    id: NodeId,
    mistakes: &mut Vec<Mistake>,
    expected: &str,
    is_good: impl Fn(&Scalar<'_>) -> bool,
) {
    match &tree.node(id).kind {
        Kind::Scalar(scalar) if is_good(scalar) => {}
        _ => mistakes.push(wrong(tree, id, expected)),
    }
}

fn map(tree: &Tree<'_>, id: NodeId, keys: &[Key], mistakes: &mut Vec<Mistake>) {
    let Kind::Mapping(entries) = &tree.node(id).kind else {
        mistakes.push(wrong(tree, id, "a map"));
        return;
    };
    let mut seen = HashMap::new();
    for entry in entries {
        let name = tree.str(entry.key).unwrap_or_default();
        if seen.insert(name, ()).is_some() {
            let message = format!("the key `{name}` stands here for the second time");
            mistakes.push(Mistake::at(tree, entry.key, message, "keep one of them"));
        }
        match keys.iter().find(|key| key.name == name) {
            Some(key) => check(tree, entry.value, key.shape, mistakes),
            None => {
                let names = keys.iter().map(|key| key.name);
                mistakes.push(unknown(tree, entry.key, "key", name, names.collect()));
            }
        }
    }
    for key in keys.iter().filter(|key| key.required && !seen.contains_key(key.name)) {
        let message = format!("`{}` is missing", key.name);
        let help = match key.name {
            "reason" => {
                "say why the images are permitted, so that the next reader need not ask".to_owned()
            }
            "version" => "write `version: 1`".to_owned(),
            name => format!("add `{name}:`"),
        };
        mistakes.push(Mistake::at(
            tree,
            entries.first().map_or(id, |entry| entry.key),
            message,
            help,
        ));
    }
}

fn levels(tree: &Tree<'_>, id: NodeId, mistakes: &mut Vec<Mistake>) {
    let Kind::Mapping(entries) = &tree.node(id).kind else {
        mistakes.push(wrong(tree, id, "a map from rules to levels"));
        return;
    };
    for entry in entries {
        let name = tree.str(entry.key).unwrap_or_default();
        if rules::find(name).is_none() {
            mistakes.push(unknown(
                tree,
                entry.key,
                "rule",
                name,
                rules::ALL.iter().map(|r| r.name).collect(),
            ));
        } else if FIXED.contains(&name) {
            let help = "remove it; a gate that cannot read what it judges has to say so";
            mistakes.push(Mistake::at(
                tree,
                entry.key,
                format!("the level of `{name}` cannot be set"),
                help,
            ));
        }
        word(tree, entry.value, LEVELS, mistakes);
    }
}

fn word(tree: &Tree<'_>, id: NodeId, words: &[&'static str], mistakes: &mut Vec<Mistake>) {
    match written(tree, id) {
        // `off` without quotes is false in YAML 1.1; here it is the word.
        Some(word) if words.contains(&word) => {}
        Some(word) => mistakes.push(unknown(tree, id, "value", word, words.to_vec())),
        None => mistakes.push(wrong(tree, id, &format!("one of {}", list(words)))),
    }
}

fn unknown(
    tree: &Tree<'_>,
    id: NodeId,
    what: &str,
    word: &str,
    known: Vec<&'static str>,
) -> Mistake {
    let help = match closest(word, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known here: {}", list(&known)),
    };
    Mistake::at(tree, id, format!("unknown {what} `{word}`"), help)
}

fn wrong(tree: &Tree<'_>, id: NodeId, expected: &str) -> Mistake {
    let found = match &tree.node(tree.resolve(id)).kind {
        Kind::Mapping(_) => "a map".to_owned(),
        Kind::Sequence(_) => "a list".to_owned(),
        Kind::Scalar(scalar) if scalar.is_null() => "nothing".to_owned(),
        Kind::Scalar(scalar) => format!("`{}`", scalar.value),
        Kind::Alias(_) => "an alias".to_owned(),
    };
    Mistake::at(
        tree,
        id,
        format!("{expected} has to stand here, not {found}"),
        format!("write {expected}"),
    )
}

/// A scalar that is text, or is meant as text.
fn text<'t>(tree: &'t Tree<'_>, id: NodeId) -> Option<&'t str> {
    match &tree.node(tree.resolve(id)).kind {
        Kind::Scalar(scalar) if !scalar.is_not_text() => Some(&scalar.value),
        _ => None,
    }
}

fn written<'t>(tree: &'t Tree<'_>, id: NodeId) -> Option<&'t str> {
    match &tree.node(tree.resolve(id)).kind {
        Kind::Scalar(scalar) if !scalar.is_null() => Some(&scalar.value),
        _ => None,
    }
}

fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
