//! Whether a part of a template may print an image: the rest need not be explored.

use super::address::AddressMap;
use super::signs::may_spell_an_image;
use super::unit::Templates;
use crate::value::{Text, Value};
use go_template::ast::{List, Node, Operand, OperandKind, Pipeline};
use memchr::memmem;
use std::collections::HashMap;

/// How deep includes are followed, and how many of them; past that anything may
/// print an image.
const DEEPEST: usize = 64;
const MOST_FOLLOWED: usize = 20_000;
/// How far back a line is looked at. Dashboards have lines with thousands of actions, each
/// of which would look at all before it.
const LONGEST_LINE: usize = 256;
/// What is so called is asked for images, and prints none.
const PULL_SECRETS: &str = "pullsecret";
/// The end of a name that is a container.
const CONTAINER: &str = "container";
/// Words of values that hold whole containers or manifests.
const HOLDERS: [&str; 5] = ["containers", "image", "sidecar", "manifest", "extradeploy"];
/// What stands beside the name of an image, or in a container, and is none.
const BESIDE: [&str; 11] = [
    "containersecuritycontext",
    "debug",
    "digest",
    "enabled",
    "pullpolicy",
    "pullsecrets",
    "resources",
    "resourcespreset",
    "securitycontext",
    "sha",
    "tag",
];

/// What is known of lists and of named templates.
#[derive(Debug, Default)]
pub(super) struct Relevance {
    lists: AddressMap<*const List, bool>,
    named: HashMap<String, bool>,
    /// What is known of parts that assign to variables.
    pub(super) assigned: AddressMap<*const (), bool>,
    /// What is known of variables, by their template and their names.
    pub(super) variables: HashMap<(*const List, String), bool>,
    /// The templates that are being looked at.
    open: Vec<String>,
    /// A template that is open was met, so what is found meanwhile is not all.
    cut: bool,
    followed: usize,
}

impl Relevance {
    /// True when a list may print an image.
    pub(super) fn of(&mut self, list: &List, text: &str, templates: &Templates) -> bool {
        let address: *const List = list;
        if let Some(&known) = self.lists.get(&address) {
            return known;
        }
        let relevant = self.any(list, text, templates);
        self.lists.insert(address, relevant);
        relevant
    }

    fn any(&mut self, list: &List, text: &str, templates: &Templates) -> bool {
        list.nodes.iter().any(|node| match node {
            Node::Text(span) => may_spell_an_image(span.of(text).as_bytes()),
            Node::Break(_) | Node::Continue(_) => false,
            Node::Action(pipeline) => self.pipeline(pipeline, text, templates),
            Node::Template(invocation) => self.named(&invocation.name.value, templates),
            Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
                self.pipeline(&branch.pipeline, text, templates)
                    || self.any(&branch.body, text, templates)
                    || branch.otherwise.as_ref().is_some_and(|list| self.any(list, text, templates))
            }
        })
    }

    pub(super) fn pipeline(
        &mut self,
        pipeline: &Pipeline,
        text: &str,
        templates: &Templates,
    ) -> bool {
        let sets = pipeline.variables.iter().any(|variable| holds(variable.name(text)));
        let mut commands = pipeline.commands.iter();
        sets || commands.any(|command| self.operands(&command.operands, text, templates))
    }

    fn operands(&mut self, operands: &[Operand], text: &str, templates: &Templates) -> bool {
        let includes = |operand: &Operand| {
            matches!(operand.kind, OperandKind::Function) && operand.name(text) == "include"
        };
        let named = operands.first().is_some_and(includes);
        if named && let Some(Operand { kind: OperandKind::String(name), .. }) = operands.get(1) {
            return self.named(&name.value, templates);
        }
        operands.iter().any(|operand| match &operand.kind {
            OperandKind::Field | OperandKind::Variable => leads_to_image(operand, text),
            OperandKind::Chain(inner) => {
                leads_to_image(operand, text)
                    || !ends_beside(operand, text)
                        && self.operands(std::slice::from_ref(inner), text, templates)
            }
            OperandKind::String(literal) => {
                holds(&literal.value) || may_spell_an_image(literal.value.as_bytes())
            }
            OperandKind::Pipeline(pipeline) => self.pipeline(pipeline, text, templates),
            _ => false,
        })
    }

    /// True when an operand may give an image.
    pub(super) fn operand(&mut self, operand: &Operand, text: &str, templates: &Templates) -> bool {
        match &operand.kind {
            OperandKind::String(literal) => is_reference_like(literal.value.as_bytes()),
            _ => self.operands(std::slice::from_ref(operand), text, templates),
        }
    }

    pub(super) fn named(&mut self, name: &str, templates: &Templates) -> bool {
        if let Some(&known) = self.named.get(name) {
            return known;
        }
        if has_any_of(name, &[PULL_SECRETS]) {
            return false;
        }
        if self.open.len() >= DEEPEST || self.followed >= MOST_FOLLOWED {
            return true;
        }
        // A template that includes itself adds nothing by that.
        if self.open.iter().any(|open| open == name) {
            self.cut = true;
            return false;
        }
        // What is not there prints nothing.
        let Some(found) = templates.find(name).cloned() else { return false };
        self.followed += 1;
        self.open.push(name.to_owned());
        let outer = std::mem::replace(&mut self.cut, false);
        let relevant = self.any(found.body(), &found.unit.source, templates);
        self.open.pop();
        if relevant || !self.cut || self.open.is_empty() {
            self.named.insert(name.to_owned(), relevant);
        }
        self.cut |= outer;
        relevant
    }
}

/// True of a value that may be an image, or hold one.
pub(super) fn may_be_image(value: &Value) -> bool {
    match value {
        Value::Str(text) => is_reference_like(text.bytes()),
        Value::Map(map) => {
            map.entries().keys().any(|key| holds(key) || matches!(&**key, "repository" | "repo"))
        }
        Value::List(list) => list.items.first().is_some_and(may_be_image),
        _ => false,
    }
}

/// True of text that could be a reference with a registry, a path or a tag.
fn is_reference_like(text: &[u8]) -> bool {
    let letters = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-/:@".contains(byte);
    text.first().is_some_and(u8::is_ascii_alphanumeric)
        && text.iter().all(letters)
        && text.iter().any(|byte| b"/:".contains(byte))
        && text.iter().any(u8::is_ascii_alphabetic)
        && memmem::find(text, b"//").is_none()
}

/// True of an operand that may give text.
pub(super) fn gives_text(operand: &Operand) -> bool {
    !matches!(operand.kind, OperandKind::Nil | OperandKind::Bool(_) | OperandKind::Number(_))
}

/// True when the line before an offset says that an image follows.
pub(super) fn follows_a_sign(text: &Text, at: usize) -> bool {
    let before = text.bytes().get(at.saturating_sub(LONGEST_LINE)..at).unwrap_or_default();
    let line = memchr::memrchr(b'\n', before).map_or(0, |start| start + 1);
    may_spell_an_image(&before[line..])
}

/// True of an action that prints a part of an image other than its tag.
pub(super) fn is_in_an_image(text: &Text, at: usize) -> bool {
    let before = text.bytes().get(..at).unwrap_or_default();
    let opened = before
        .trim_ascii_end()
        .strip_suffix(b"{{-")
        .or_else(|| before.trim_ascii_end().strip_suffix(b"{{"));
    let printed = opened.unwrap_or(before);
    !printed.ends_with(b":") && !printed.ends_with(b"@") && follows_a_sign(text, at)
}

/// True of a path through values that hold images, unless it ends beside them.
fn leads_to_image(operand: &Operand, text: &str) -> bool {
    operand.fields(text).any(holds) && !ends_beside(operand, text)
}

/// True of a path that ends at what stands beside the name of an image.
fn ends_beside(operand: &Operand, text: &str) -> bool {
    let last = operand.fields(text).last();
    last.is_some_and(|name| BESIDE.iter().any(|word| name.eq_ignore_ascii_case(word)))
}

/// True of a name that says image, or what holds images.
fn holds(name: &str) -> bool {
    // `containerPort` and `containerSecurityContext` hold none.
    let is_container = || {
        let end = name.len().checked_sub(CONTAINER.len());
        end.is_some_and(|at| is_word_at(name, at, CONTAINER))
    };
    (has_any_of(name, &HOLDERS) || is_container()) && !has_any_of(name, &["imagepull"])
}

/// True of a name that has one of these words in it, however it is written.
fn has_any_of(name: &str, words: &[&str]) -> bool {
    (0..name.len()).any(|at| words.iter().any(|word| is_word_at(name, at, word)))
}

fn is_word_at(name: &str, at: usize, word: &str) -> bool {
    let (name, word) = (name.as_bytes(), word.as_bytes());
    name[at] | 0x20 == word[0]
        && name.get(at..at + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word))
}
