//! Each construct of the language stands in a template of `charts-fixtures/engine`, which
//! `cargo xtask conformance` holds against real Helm. Complex numbers (`2i`) do not: the
//! engine has none, and says so.
#![allow(clippy::unwrap_used)]

use go_template::ast::{Branch, List, Node, Operand, OperandKind, Pipeline};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Every construct, by the name that [`Walk`] gives it.
const CONSTRUCTS: [&str; 55] = [
    "action",
    "assignment",
    "block",
    "boolean",
    "break",
    "chained fields of parentheses",
    "character",
    "comment",
    "comment with trim markers",
    "continue",
    "declaration",
    "declaration in if",
    "declaration in with",
    "define",
    "dot",
    "else",
    "else if",
    "else of range",
    "else of with",
    "else with",
    "field",
    "fields of fields",
    "float",
    "float with an exponent",
    "function",
    "function with arguments",
    "hexadecimal float",
    "hexadecimal integer",
    "if",
    "integer",
    "integer with underscores",
    "interpreted string",
    "negative number",
    "nil",
    "octal integer",
    "binary integer",
    "old octal integer",
    "parentheses",
    "pipeline of several commands",
    "range",
    "range over a number",
    "range that assigns",
    "range with one variable",
    "range with two variables",
    "raw string",
    "raw string of several lines",
    "root variable",
    "template with an argument",
    "template without an argument",
    "text",
    "trimmed on the left",
    "trimmed on the right",
    "variable",
    "variable's fields",
    "with",
];

/// What stands in a template.
struct Walk<'t> {
    text: &'t str,
    found: BTreeSet<&'static str>,
}

impl Walk<'_> {
    fn note(&mut self, name: &'static str) {
        self.found.insert(name);
    }

    fn note_if(&mut self, holds: bool, name: &'static str) {
        if holds {
            self.note(name);
        }
    }

    fn template(&mut self, template: &go_template::ast::Template) {
        for definition in &template.definitions {
            let block = self.text[definition.span.start()..].trim_start_matches(['{', '-', ' ']);
            self.note(if block.starts_with("block") { "block" } else { "define" });
            self.list(&definition.body);
        }
        self.list(&template.body);
        for action in self.text.split("{{").skip(1) {
            let action = action.split("}}").next().unwrap_or_default();
            self.note_if(action.starts_with("- "), "trimmed on the left");
            self.note_if(action.ends_with(" -"), "trimmed on the right");
            self.note_if(action.starts_with("/*"), "comment");
            self.note_if(action.starts_with("- /*"), "comment with trim markers");
        }
    }

    fn list(&mut self, list: &List) {
        for node in &list.nodes {
            match node {
                Node::Text(_) => self.note("text"),
                Node::Action(pipeline) => {
                    self.note(match (pipeline.variables.is_empty(), pipeline.assigns) {
                        (true, _) => "action",
                        (false, true) => "assignment",
                        (false, false) => "declaration",
                    });
                    self.pipeline(pipeline);
                }
                Node::If(branch) => {
                    self.note("if");
                    self.note_if(!branch.pipeline.variables.is_empty(), "declaration in if");
                    self.branch(branch, "else");
                }
                Node::With(branch) => {
                    self.note("with");
                    self.note_if(!branch.pipeline.variables.is_empty(), "declaration in with");
                    self.branch(branch, "else of with");
                }
                Node::Range(branch) => {
                    self.note(match branch.pipeline.variables.len() {
                        _ if branch.pipeline.assigns => "range that assigns",
                        0 => "range",
                        1 => "range with one variable",
                        _ => "range with two variables",
                    });
                    let first = branch.pipeline.commands.first().unwrap();
                    let number = matches!(first.operands[0].kind, OperandKind::Number(_));
                    self.note_if(number, "range over a number");
                    self.branch(branch, "else of range");
                }
                Node::Template(invocation) => match &invocation.argument {
                    Some(pipeline) => {
                        self.note("template with an argument");
                        self.pipeline(pipeline);
                    }
                    None => self.note("template without an argument"),
                },
                Node::Break(_) => self.note("break"),
                Node::Continue(_) => self.note("continue"),
            }
        }
    }

    fn branch(&mut self, branch: &Branch, otherwise: &'static str) {
        self.pipeline(&branch.pipeline);
        self.list(&branch.body);
        let Some(list) = &branch.otherwise else { return };
        self.note(match list.nodes.first() {
            Some(Node::If(inner)) if self.is_else(inner) => "else if",
            Some(Node::With(inner)) if self.is_else(inner) => "else with",
            _ => otherwise,
        });
        self.list(list);
    }

    /// True of a branch whose opening action is that of an `else`.
    fn is_else(&self, branch: &Branch) -> bool {
        branch.head.of(self.text).contains("else")
    }

    fn pipeline(&mut self, pipeline: &Pipeline) {
        self.note_if(pipeline.commands.len() > 1, "pipeline of several commands");
        for command in &pipeline.commands {
            let function = matches!(command.operands[0].kind, OperandKind::Function);
            self.note_if(function && command.operands.len() > 1, "function with arguments");
            command.operands.iter().for_each(|operand| self.operand(operand));
        }
    }

    fn operand(&mut self, operand: &Operand) {
        let text = operand.span.of(self.text);
        match &operand.kind {
            OperandKind::Dot => self.note("dot"),
            OperandKind::Nil => self.note("nil"),
            OperandKind::Bool(_) => self.note("boolean"),
            OperandKind::Number(number) => {
                let digits = text.trim_start_matches(['-', '+']);
                let based = |prefix: &str| digits.to_ascii_lowercase().starts_with(prefix);
                self.note_if(text.starts_with('-'), "negative number");
                self.note_if(digits.contains('_'), "integer with underscores");
                self.note(match () {
                    () if number.is_char => "character",
                    () if digits.ends_with('i') => "imaginary number",
                    () if based("0x") && digits.contains(['p', 'P']) => "hexadecimal float",
                    () if based("0x") => "hexadecimal integer",
                    () if based("0o") => "octal integer",
                    () if based("0b") => "binary integer",
                    () if digits.contains(['e', 'E']) => "float with an exponent",
                    () if digits.contains('.') => "float",
                    () if digits.len() > 1 && digits.starts_with('0') => "old octal integer",
                    () => "integer",
                });
            }
            OperandKind::String(_) => {
                let raw = text.starts_with('`');
                self.note_if(raw && text.contains('\n'), "raw string of several lines");
                self.note(if raw { "raw string" } else { "interpreted string" });
            }
            OperandKind::Function => self.note("function"),
            OperandKind::Field => {
                let several = operand.fields(self.text).count() > 1;
                self.note(if several { "fields of fields" } else { "field" });
            }
            OperandKind::Variable => {
                self.note(
                    match (operand.name(self.text), operand.fields(self.text).path().is_empty()) {
                        ("$", _) => "root variable",
                        (_, true) => "variable",
                        (_, false) => "variable's fields",
                    },
                );
            }
            OperandKind::Pipeline(pipeline) => {
                self.note("parentheses");
                self.pipeline(pipeline);
            }
            OperandKind::Chain(inner) => {
                self.note("chained fields of parentheses");
                self.operand(inner);
            }
        }
    }
}

/// Notes what stands in the templates under a folder.
fn templates(folder: &Path, found: &mut BTreeSet<&'static str>) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            templates(&path, found);
        } else if path.components().any(|part| part.as_os_str() == "templates") {
            let text = fs::read_to_string(&path).unwrap();
            if let Ok(template) = go_template::parse(&text) {
                let mut walk = Walk { text: &text, found: std::mem::take(found) };
                walk.template(&template);
                *found = walk.found;
            }
        }
    }
}

#[test]
fn each_construct_stands_in_a_fixture_that_real_helm_judges() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../charts-fixtures/engine");
    let mut found = BTreeSet::new();
    for chart in fs::read_dir(fixtures).unwrap().map(|entry| entry.unwrap().path()) {
        // What Helm refuses is judged by its error alone.
        if !chart.ends_with("refused") {
            templates(&chart, &mut found);
        }
    }
    let missing: Vec<&str> =
        CONSTRUCTS.into_iter().filter(|construct| !found.contains(construct)).collect();
    assert!(missing.is_empty(), "in no fixture: {missing:?}");
    let more: Vec<&&str> = found.iter().filter(|name| !CONSTRUCTS.contains(name)).collect();
    assert!(more.is_empty(), "not in the list: {more:?}");
}
