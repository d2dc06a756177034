//! Parses templates.
//!
//! The functions follow those of Go's `text/template/parse`, so that what one
//! accepts the other does. Names of functions are not looked up.

mod action;
mod block;
mod definition;
mod float;
mod number;
mod operand;
mod pipeline;
mod scope;
mod tokens;

use crate::action::{Stop, is_space};
use crate::ast::{Command, Definition, List, Node, Operand, Template};
use crate::segment::{Part, Parts};
use crate::span::Span;
use crate::token::Error;
use block::Open;
use definition::Names;
use scope::Scope;
use std::ops::Range;
use tokens::Tokens;

/// How deep blocks may nest, an `else if` in its `if`. Go has no such bound.
const MAX_BLOCKS: usize = 400;

/// How deep parentheses may nest. Go stops at 10,000, but its stacks grow.
const MAX_PARENTHESES: usize = 100;

/// Parses a template. The error is the first one.
///
/// ```
/// use go_template::ast::Node;
///
/// let text = "{{ if .debug -}} level: debug {{- end }}\n";
/// let template = go_template::parse(text)?;
/// let Node::If(branch) = &template.body.nodes[0] else { panic!() };
/// let Node::Text(body) = &branch.body.nodes[0] else { panic!() };
/// assert_eq!(body.of(text), "level: debug");
///
/// let error = go_template::parse("{{ if }}{{ end }}").unwrap_err();
/// assert_eq!(error.span, 6..8);
/// assert_eq!(error.message, "missing value for if; a value or a function was expected");
/// # Ok::<(), go_template::Error>(())
/// ```
///
/// # Errors
///
/// What Go refuses is refused, and so are more than 400 blocks or 100 parentheses
/// inside each other.
pub fn parse(text: &str) -> Result<Template, Error> {
    if text.len() > Span::LONGEST {
        return Err(Error::new(0..0, "the template is longer than 4 GiB"));
    }
    let mut parser = Parser {
        text,
        trim_next: false,
        nodes: Vec::new(),
        blocks: Vec::new(),
        commands: Vec::new(),
        operands: Vec::new(),
        parentheses: 0,
        scope: Scope::default(),
        names: Names::default(),
        definitions: Vec::new(),
        functions: Vec::new(),
    };
    let mut parts = Parts::new(text);
    while let Some(part) = parts.next() {
        parser.part(part, &mut parts)?;
    }
    if let Some(block) = parser.blocks.pop() {
        return Err(block.unclosed());
    }
    // A block's definition is complete only behind those inside it.
    parser.definitions.sort_by_key(|definition| definition.span.start());
    let body = List { nodes: parser.nodes };
    Ok(Template { body, definitions: parser.definitions, functions: parser.functions })
}

struct Parser<'t> {
    text: &'t str,
    /// The last action or comment takes the white space behind it.
    trim_next: bool,
    /// The nodes of the innermost open block so far.
    nodes: Vec<Node>,
    /// The open blocks, the outermost first.
    blocks: Vec<Open<'t>>,
    /// The commands and operands of what is open: they go into a list of their own once it
    /// is known how many there are.
    commands: Vec<Command>,
    operands: Vec<Operand>,
    /// How many parentheses are open.
    parentheses: usize,
    /// What is known where the parser is. Each definition has its own.
    scope: Scope<'t>,
    names: Names,
    definitions: Vec<Definition>,
    functions: Vec<Span>,
}

impl<'t> Parser<'t> {
    fn part(&mut self, part: Part<'t>, parts: &mut Parts<'t>) -> Result<(), Error> {
        match part {
            Part::Text(span) => {
                let span = self.trimmed(span);
                if !span.is_empty() {
                    self.nodes.push(Node::Text(span.into()));
                }
                Ok(())
            }
            Part::Comment(span, error) => {
                self.trim_next = trims_behind(self.text, &span);
                error.map_or(Ok(()), Err)
            }
            Part::Action { start, tokens, .. } => {
                let mut tokens = Tokens::new(start, tokens);
                let result = self.action(&mut tokens);
                let lexer = tokens.lexed();
                // What is wrong with a token is said before what is wrong with their order.
                if !lexer.errors.is_empty() {
                    return Err(lexer.errors.swap_remove(0));
                }
                self.trim_next = matches!(lexer.stop, Some(Stop::Closed { trim_right: true, .. }));
                parts.behind(lexer);
                result
            }
        }
    }

    /// What the actions around a text leave of it.
    fn trimmed(&self, span: Range<usize>) -> Range<usize> {
        let bytes = self.text.as_bytes().get(span.clone()).unwrap_or_default();
        let left = match self.trim_next {
            true => bytes.iter().take_while(|b| is_space(b)).count(),
            false => 0,
        };
        let right = match trims_before(self.text, span.end) {
            true => bytes[left..].iter().rev().take_while(|b| is_space(b)).count(),
            false => 0,
        };
        span.start + left..span.start + bytes.len() - right
    }
}

/// What begins at an offset takes the white space before it.
fn trims_before(text: &str, at: usize) -> bool {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    rest.starts_with(b"{{-") && rest.get(3).is_some_and(is_space)
}

/// A comment ends with ` -}}`.
fn trims_behind(text: &str, comment: &Range<usize>) -> bool {
    text.get(comment.clone()).is_some_and(|comment| comment.ends_with("-}}"))
}
