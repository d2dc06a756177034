//! What holds for every template, right or wrong.
#![allow(clippy::unwrap_used)]

use go_template::ast::{Command, List, Node, Operand, OperandKind, Pipeline};
use go_template::{lex, parse, parse_lexed};
use proptest::prelude::*;
use std::ops::Range;

/// Checks that spans come in order and lie inside those around them.
struct Inside {
    at: usize,
    end: usize,
}

impl Inside {
    fn of(span: &Range<usize>) -> Self {
        Self { at: span.start, end: span.end }
    }

    fn take(&mut self, span: &Range<usize>) -> Self {
        assert!(self.at <= span.start && span.start <= span.end && span.end <= self.end);
        self.at = span.end;
        Self::of(span)
    }

    fn list(&mut self, list: &List) {
        for node in &list.nodes {
            match node {
                Node::Text(span) | Node::Break(span) | Node::Continue(span) => {
                    assert!(!span.is_empty());
                    self.take(span);
                }
                Node::Action(pipeline) => self.pipeline(pipeline),
                Node::Template(invocation) => {
                    let mut inside = self.take(&invocation.span);
                    inside.take(&invocation.name_span);
                    invocation.argument.iter().for_each(|p| inside.pipeline(p));
                }
                Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
                    let mut inside = self.take(&branch.span);
                    inside.take(&branch.head).pipeline(&branch.pipeline);
                    inside.list(&branch.body);
                    branch.otherwise.iter().for_each(|list| inside.list(list));
                }
            }
        }
    }

    fn pipeline(&mut self, pipeline: &Pipeline) {
        let mut inside = self.take(&pipeline.span);
        for variable in &pipeline.variables {
            inside.take(&variable.span);
        }
        assert!(!pipeline.commands.is_empty());
        for Command { span, operands } in &pipeline.commands {
            let mut inside = inside.take(span);
            assert!(!operands.is_empty());
            operands.iter().for_each(|operand| inside.operand(operand));
        }
    }

    fn operand(&mut self, operand: &Operand) {
        let mut inside = self.take(&operand.span);
        let names = match &operand.kind {
            OperandKind::Pipeline(pipeline) => return inside.pipeline(pipeline),
            OperandKind::Chain(inner, names) => {
                inside.operand(inner);
                names
            }
            OperandKind::Field(names) | OperandKind::Variable(_, names) => names,
            _ => return,
        };
        for name in names {
            inside.take(&name.span);
        }
    }
}

/// Parses, and checks what must hold of the tree or the error.
fn check(text: &str) {
    let result = parse(text);
    assert_eq!(parse_lexed(text, lex(text)), result);
    match result {
        Ok(template) => {
            Inside { at: 0, end: text.len() }.list(&template.body);
            assert!(template.definitions.is_sorted_by_key(|d| d.span.start));
            for definition in &template.definitions {
                let mut inside = Inside { at: 0, end: text.len() }.take(&definition.span);
                inside.take(&definition.name_span);
                inside.list(&definition.body);
            }
            for node in &template.body.nodes {
                parses_alone(text, node);
            }
        }
        Err(error) => assert!(text.get(error.span).is_some()),
    }
}

/// The bytes of a node are a template of that one node.
fn parses_alone(text: &str, node: &Node) {
    let alone = match node {
        Node::Text(span) => text[span.clone()].to_owned(),
        Node::Action(pipeline) => format!("{{{{ {} }}}}", &text[pipeline.span.clone()]),
        Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
            text[branch.span.clone()].to_owned()
        }
        _ => return,
    };
    match parse(&alone) {
        Ok(template) => assert_eq!(template.body.nodes.len(), 1, "{alone}"),
        // What it uses may have been declared before.
        Err(error) => assert!(error.message.starts_with("undefined variable"), "{alone}: {error}"),
    }
}

fn operand() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "\\.|\\.a|\\.a\\.b|\\$|\\$x|\\$\\.a|f|nil|true|'c'|\"a\\\\n\"|`r`",
        "[-+]?(0x|0b|0)?[0-9a-f_.]{1,4}(e|p|i)?[0-9]?",
    ];
    leaf.prop_recursive(4, 16, 3, |inner| {
        (prop::collection::vec(inner, 1..3), "(\\.a)?")
            .prop_map(|(operands, fields)| format!("({}){fields}", operands.join(" ")))
    })
}

fn pipeline() -> impl Strategy<Value = String> {
    let command = prop::collection::vec(operand(), 1..3).prop_map(|operands| operands.join(" "));
    ("(\\$x :?= )?", prop::collection::vec(command, 1..3))
        .prop_map(|(variable, commands)| variable + &commands.join(" | f "))
}

fn template() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "[ \n]{0,2}[a{}]{0,3}[ \n]{0,2}",
        pipeline().prop_map(|p| format!("{{{{- {p} -}}}}")),
        pipeline().prop_map(|p| format!("{{{{ template \"a\" {p} }}}}")),
        "\\{\\{(- )?/\\* c \\*/( -)?\\}\\}",
        "\\{\\{(break|continue)\\}\\}",
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let opens = prop_oneof!["if", "with", "range", "range \\$x, \\$y :=", "block \"b\""];
        let body = prop::collection::vec(inner, 0..4).prop_map(|nodes| nodes.concat());
        (opens, pipeline(), body.clone(), "(\\{\\{ else( if \\.| with \\.)? \\}\\})?", body)
            .prop_map(|(opens, pipeline, body, other, rest)| {
                format!("{{{{ {opens} {pipeline} }}}}{body}{other}{rest}{{{{ end }}}}")
            })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_text(text in any::<String>()) {
        check(&text);
        check(&format!("{{{{{text}}}}}"));
    }

    #[test]
    fn text_of_the_language(text in "([{]{2}|[}]{2}|-| |/\\*|\\*/|\n|x|\\.|\"|`|'|\\\\|\\(|\\)|\\$|1|end|if |é|\\||:=|,){0,24}") {
        check(&text);
    }

    #[test]
    fn templates(text in prop::collection::vec(template(), 1..4)) {
        check(&text.concat());
    }
}
