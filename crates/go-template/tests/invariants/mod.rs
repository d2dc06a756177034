//! What holds for every text, right or wrong. The fuzz targets check it too.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use std::ops::Range;

use go_template::ast::{Command, List, Node, Operand, OperandKind, Pipeline};
use go_template::{Action, Segment, Span, Token, TokenKind, lex, parse};

/// Lexes a text: the segments cover it, the tokens cover what is in an action, and
/// each token's bytes are what its kind says.
pub fn lexed(text: &str) {
    let lexed = lex(text);
    let mut at = 0;
    for segment in &lexed.segments {
        let span = match segment {
            Segment::Text(span) | Segment::Comment(span) => span,
            Segment::Action(action) => &action.span,
        };
        assert_eq!(span.start, at);
        assert!(!span.is_empty());
        assert!(text.get(span.clone()).is_some());
        at = span.end;
        if let Segment::Action(action) = segment {
            let is_closed = lexed.errors.iter().all(|error| error.span != action.span);
            tokens(text, action, is_closed);
        }
    }
    assert_eq!(at, text.len());
    assert!(lexed.errors.iter().all(|error| text.get(error.span.clone()).is_some()));
}

fn tokens(text: &str, action: &Action, is_closed: bool) {
    let spelled = &text[action.span.clone()];
    assert!(spelled.starts_with("{{"));
    let mut at = action.span.start + if action.trim_left { 4 } else { 2 };
    for found in &action.tokens {
        assert_eq!(found.span.start, at);
        at = found.span.end;
        token(text, found);
    }
    let end = if action.trim_right { at + "-}}".len() } else { at + "}}".len() };
    // Blanks before a trim marker are no token.
    let blanks = text[at..action.span.end].bytes().take_while(u8::is_ascii_whitespace).count();
    match is_closed {
        true => assert_eq!(end + blanks, action.span.end, "{spelled:?}"),
        false => assert!(at <= action.span.end, "{spelled:?}"),
    }
}

fn token(text: &str, token: &Token) {
    let word = &text[token.span.clone()];
    assert!(!word.is_empty());
    let is = |expected: &str| assert_eq!(word, expected);
    match &token.kind {
        TokenKind::Space => assert!(word.trim_matches([' ', '\t', '\r', '\n']).is_empty()),
        TokenKind::Field => assert!(word.starts_with('.') && word.len() > 1),
        TokenKind::Dot => is("."),
        TokenKind::Variable => assert!(word.starts_with('$')),
        TokenKind::Bool => assert!(word == "true" || word == "false"),
        TokenKind::Nil => is("nil"),
        TokenKind::Char => assert!(word.starts_with('\'')),
        TokenKind::Pipe => is("|"),
        TokenKind::Declare => is(":="),
        TokenKind::Assign => is("="),
        TokenKind::Comma => is(","),
        TokenKind::LeftParen => is("("),
        TokenKind::RightParen => is(")"),
        TokenKind::String(literal) => {
            for (start, character) in literal.value.char_indices() {
                let source = literal.source(start..start + character.len_utf8());
                assert!(token.span.start < source.start && source.end < token.span.end);
                let there = &text[source];
                if character.is_ascii_alphanumeric() && !there.starts_with('\\') {
                    assert_eq!(there, character.to_string());
                }
            }
        }
        TokenKind::Identifier | TokenKind::Keyword | TokenKind::Number | TokenKind::Unknown => {}
    }
}

/// Checks that spans come in order and lie inside those around them.
struct Inside<'t> {
    text: &'t str,
    at: usize,
    end: usize,
}

impl<'t> Inside<'t> {
    fn take(&mut self, span: Span) -> Self {
        let Range { start, end } = span.range();
        assert!(self.at <= start && start <= end && end <= self.end);
        self.at = end;
        Self { at: start, end, ..*self }
    }

    fn list(&mut self, list: &List) {
        for node in &list.nodes {
            match node {
                Node::Text(span) | Node::Break(span) | Node::Continue(span) => {
                    assert!(!span.is_empty());
                    self.take(*span);
                }
                Node::Action(pipeline) => self.pipeline(pipeline),
                Node::Template(invocation) => {
                    let mut inside = self.take(invocation.span);
                    inside.take(invocation.name_span);
                    invocation.argument.iter().for_each(|p| inside.pipeline(p));
                }
                Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
                    let mut inside = self.take(branch.span);
                    inside.take(branch.head).pipeline(&branch.pipeline);
                    inside.list(&branch.body);
                    branch.otherwise.iter().for_each(|list| inside.list(list));
                }
            }
        }
    }

    fn pipeline(&mut self, pipeline: &Pipeline) {
        let mut inside = self.take(pipeline.span);
        for variable in &pipeline.variables {
            inside.take(variable.span);
        }
        assert!(!pipeline.commands.is_empty());
        for Command { span, operands } in &pipeline.commands {
            let mut inside = inside.take(*span);
            assert!(!operands.is_empty());
            operands.iter().for_each(|operand| inside.operand(operand));
        }
    }

    fn operand(&mut self, operand: &Operand) {
        let mut inside = self.take(operand.span);
        match &operand.kind {
            OperandKind::Pipeline(pipeline) => return inside.pipeline(pipeline),
            OperandKind::Chain(inner) => inside.operand(inner),
            OperandKind::Function | OperandKind::Variable => {
                assert!(operand.span.of(self.text).starts_with(operand.name(self.text)));
            }
            _ => {}
        }
        let path = operand.fields(self.text).path();
        let fields: String = operand.fields(self.text).flat_map(|name| [".", name]).collect();
        assert_eq!(path, fields);
        assert!(operand.fields(self.text).all(|name| !name.is_empty()));
        let takes = matches!(operand.kind, OperandKind::Field | OperandKind::Chain(_));
        assert!(!takes || !path.is_empty());
    }
}

/// Parses a text, and checks what must hold of the tree or the error.
pub fn parsed(text: &str) {
    let result = parse(text);
    // What the lexer refuses is refused, by its first error unless another comes before.
    if let Some(error) = lex(text).errors.first() {
        let refused = result.as_ref().expect_err("the lexer's error");
        assert!(refused == error || refused.span.start <= error.span.start);
    }
    match result {
        Ok(template) => {
            Inside { text, at: 0, end: text.len() }.list(&template.body);
            assert!(template.definitions.is_sorted_by_key(|d| d.span.start()));
            for definition in &template.definitions {
                let mut inside = Inside { text, at: 0, end: text.len() }.take(definition.span);
                inside.take(definition.name_span);
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
        Node::Text(span) => span.of(text).to_owned(),
        Node::Action(pipeline) => format!("{{{{ {} }}}}", pipeline.span.of(text)),
        Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
            branch.span.of(text).to_owned()
        }
        _ => return,
    };
    match parse(&alone) {
        Ok(template) => assert_eq!(template.body.nodes.len(), 1, "{alone}"),
        // What it uses may have been declared before.
        Err(error) => assert!(error.message.starts_with("undefined variable"), "{alone}: {error}"),
    }
}
