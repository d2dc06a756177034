//! What is wrong with a value, and the lines that say so.

use crate::functions::go_quoted;
use crate::value::{Text, Value};
use std::fmt::Write;

/// What a schema says against a value.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    /// The keys and indices that lead to the value.
    pub(super) at: String,
    pub(super) text: String,
    pub(super) causes: Vec<Problem>,
    /// At the top its causes stand in its place.
    pub(super) open: bool,
}

impl Problem {
    /// Several as one, where a part of a schema can have one only.
    pub(super) fn group(at: &str, mut problems: Vec<Self>) -> Option<Self> {
        match problems.len() {
            0 | 1 => problems.pop(),
            _ => Some(Self {
                at: at.to_owned(),
                text: "validation failed".to_owned(),
                causes: problems,
                open: true,
            }),
        }
    }

    /// The same as a reference gives it.
    pub(super) fn referred(self) -> Self {
        Self { open: false, ..self }
    }

    /// A line for each problem, and under it those of its causes.
    pub(super) fn lines(&self) -> String {
        let mut out = String::new();
        let top = if self.open { &self.causes[..] } else { std::slice::from_ref(self) };
        for problem in top {
            problem.write(0, &mut out);
        }
        out
    }

    fn write(&self, indent: usize, out: &mut String) {
        // Writing to a string does not fail.
        let _ = writeln!(out, "{:1$}- at {2}: {3}", "", indent, quoted(&self.at), self.text);
        for cause in &self.causes {
            cause.write(indent + 2, out);
        }
    }
}

/// Text in single quotes, with Go's escapes.
pub(super) fn quoted(text: &str) -> String {
    let double = go_quoted(&Text::from(text));
    let inner = double.get(1..double.len().saturating_sub(1)).unwrap_or_default();
    format!("'{}'", inner.replace("\\\"", "\"").replace('\'', "\\'"))
}

/// Names in single quotes, one after the other.
pub(super) fn names<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    names.into_iter().map(quoted).collect::<Vec<_>>().join(", ")
}

/// A value that a schema wants; nothing of a list and of a map.
pub(super) fn wanted(value: &Value) -> Option<String> {
    match value {
        Value::Nil => Some("<nil>".to_owned()),
        Value::Bool(value, _) => Some(value.to_string()),
        Value::Int(number, ..) => Some(number.to_string()),
        Value::Float(number, _) => Some(number.to_string()),
        Value::Str(text) => Some(quoted(&text.as_str())),
        Value::List(_) | Value::Map(_) | Value::Struct(_) => None,
    }
}

/// Appends a key to a pointer.
pub(super) fn push_step(at: &mut String, key: &str) {
    at.push('/');
    match key.contains(['~', '/']) {
        true => at.push_str(&key.replace('~', "~0").replace('/', "~1")),
        false => at.push_str(key),
    }
}

/// A pointer to what stands under a key.
pub(super) fn below(at: &str, key: &str) -> String {
    let mut at = at.to_owned();
    push_step(&mut at, key);
    at
}

/// The strings of a list.
pub(super) fn strings(value: &Value) -> Vec<Text> {
    let Value::List(list) = value else { return Vec::new() };
    let texts = list.items.iter().filter_map(|item| match item {
        Value::Str(text) => Some(text.clone()),
        _ => None,
    });
    texts.collect()
}
