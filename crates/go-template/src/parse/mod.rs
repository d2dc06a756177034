//! Parses templates.
//!
//! The functions follow those of Go's `text/template/parse`, so that what one
//! accepts the other does. Names of functions are not looked up.

mod action;
mod branch;
mod definition;
mod float;
mod number;
mod operand;
mod pipeline;
mod scope;
mod tokens;

use crate::action::is_space;
use crate::ast::{Definition, List, Node, Template};
use crate::token::{Error, Lexed, Segment};
use definition::Names;
use scope::Scope;
use std::ops::Range;
use std::vec;
use tokens::Tokens;

/// How deep blocks and parentheses may nest, together. Go stops at 10,000
/// parentheses and nowhere else; its stacks grow.
const MAX_DEPTH: usize = 400;

/// Parses a template. The error is the first one.
///
/// ```
/// use go_template::ast::Node;
///
/// let text = "{{ if .debug -}} level: debug {{- end }}\n";
/// let template = go_template::parse(text)?;
/// let Node::If(branch) = &template.body.nodes[0] else { panic!() };
/// let Node::Text(body) = &branch.body.nodes[0] else { panic!() };
/// assert_eq!(&text[body.clone()], "level: debug");
///
/// let error = go_template::parse("{{ if }}{{ end }}").unwrap_err();
/// assert_eq!(error.span, 6..8);
/// assert_eq!(error.message, "missing value for if; a value or a function was expected");
/// # Ok::<(), go_template::Error>(())
/// ```
///
/// # Errors
///
/// What Go refuses is refused, and what nests more than 400 levels deep.
pub fn parse(text: &str) -> Result<Template, Error> {
    parse_lexed(text, crate::lex(text))
}

/// Parses a template that is lexed already. `lexed` must be of this text.
///
/// # Errors
///
/// As for [`parse`].
pub fn parse_lexed(text: &str, lexed: Lexed) -> Result<Template, Error> {
    let mut parser = Parser {
        text,
        segments: lexed.segments.into_iter(),
        unlexed: lexed.errors.into_iter().next(),
        trim_next: false,
        depth: 0,
        scope: Scope::default(),
        names: Names::default(),
        definitions: Vec::new(),
    };
    let (body, stop) = parser.list(true)?;
    match stop {
        Stop::Eof => {}
        Stop::End(span) => return Err(Error::new(span, "unexpected {{end}}; no block is open")),
        Stop::Else(span, _) => {
            return Err(Error::new(span, "unexpected {{else}}; no block is open"));
        }
    }
    // A block's definition is complete only behind those inside it.
    parser.definitions.sort_by_key(|definition| definition.span.start);
    Ok(Template { body, definitions: parser.definitions })
}

struct Parser<'t> {
    text: &'t str,
    segments: vec::IntoIter<Segment>,
    /// The first error of the lexer.
    unlexed: Option<Error>,
    /// The last action or comment takes the white space behind it.
    trim_next: bool,
    /// How many blocks and parentheses are open.
    depth: usize,
    /// What is known where the parser is. Each definition has its own.
    scope: Scope<'t>,
    names: Names,
    definitions: Vec<Definition>,
}

/// Why a list of nodes ended.
enum Stop {
    /// The text did.
    Eof,
    /// `{{ end }}`, with its bytes.
    End(Range<usize>),
    /// `{{ else … }}`, with its bytes, and the tokens behind the `else`.
    Else(Range<usize>, Tokens),
}

impl Parser<'_> {
    /// Nodes up to the end of the block, or of the text. Only the `top` of a
    /// template may define others.
    fn list(&mut self, top: bool) -> Result<(List, Stop), Error> {
        let mut nodes = Vec::new();
        while let Some(segment) = self.segments.next() {
            match segment {
                Segment::Text(span) => {
                    let span = self.trimmed(span);
                    if !span.is_empty() {
                        nodes.push(Node::Text(span));
                    }
                }
                Segment::Comment(span) => {
                    self.lexed_well(&span)?;
                    self.trim_next = trims_behind(self.text, &span);
                }
                Segment::Action(action) => {
                    self.lexed_well(&action.span)?;
                    self.trim_next = action.trim_right;
                    if let Some(stop) = self.action(action, top, &mut nodes)? {
                        return Ok((List { nodes }, stop));
                    }
                }
            }
        }
        Ok((List { nodes }, Stop::Eof))
    }

    /// Fails where the lexer did.
    fn lexed_well(&self, span: &Range<usize>) -> Result<(), Error> {
        match &self.unlexed {
            Some(error) if error.span.start < span.end => Err(error.clone()),
            _ => Ok(()),
        }
    }

    /// What the actions around a text leave of it.
    fn trimmed(&self, span: Range<usize>) -> Range<usize> {
        let bytes = self.text.as_bytes().get(span.clone()).unwrap_or_default();
        let mut left = 0;
        if self.trim_next {
            left = bytes.iter().take_while(|b| is_space(b)).count();
        }
        let mut right = bytes.len();
        let trim = match self.segments.as_slice().first() {
            Some(Segment::Action(action)) => action.trim_left,
            Some(Segment::Comment(span)) => trims_before(self.text, span),
            _ => false,
        };
        if trim {
            right -= bytes[left..].iter().rev().take_while(|b| is_space(b)).count();
        }
        span.start + left..span.start + right
    }

    /// Takes note of a block or parenthesis that opens.
    fn enter(&mut self, span: &Range<usize>) -> Result<(), Error> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let message = format!("blocks and parentheses nest more than {MAX_DEPTH} levels deep");
            return Err(Error::new(span.clone(), message));
        }
        Ok(())
    }

    fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }
}

/// A comment begins with `{{- `.
fn trims_before(text: &str, comment: &Range<usize>) -> bool {
    text.get(comment.clone()).is_some_and(|comment| comment.starts_with("{{-"))
}

/// A comment ends with ` -}}`.
fn trims_behind(text: &str, comment: &Range<usize>) -> bool {
    text.get(comment.clone()).is_some_and(|comment| comment.ends_with("-}}"))
}
