//! What a template means: the tree that a parse gives.
//!
//! Every node knows its bytes in the template. The shape follows Go's
//! `text/template/parse`, so that Go's rules can be read beside it. Names of functions,
//! variables and fields are not repeated: they are those bytes, in the text that was parsed.

use crate::literal::StringLiteral;
use crate::span::Span;

/// A parsed template: its own body, and the templates that it defines.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Template {
    /// What the template itself prints.
    pub body: List,
    /// `{{ define }}` and `{{ block }}`, in the order of their places.
    pub definitions: Vec<Definition>,
    /// The names of functions, in the order of their places: who knows which there are need
    /// not look for them.
    pub functions: Vec<Span>,
}

/// A named template.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// Its name.
    pub name: StringLiteral,
    /// The bytes of the name with its quotes.
    pub name_span: Span,
    /// From the `{{` of the definition to the `}}` of its end.
    pub span: Span,
    /// What it prints.
    pub body: List,
}

/// Nodes, one after the other.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct List {
    /// The nodes, in order.
    pub nodes: Vec<Node>,
}

/// A part of a template's body.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// Literal text, after trimming; never empty.
    Text(Span),
    /// `{{ pipeline }}`. With variables it assigns and prints nothing.
    Action(Pipeline),
    /// `{{ if }}`
    If(Box<Branch>),
    /// `{{ with }}`
    With(Box<Branch>),
    /// `{{ range }}`
    Range(Box<Branch>),
    /// `{{ template "name" pipeline }}`, and the use that a `block` makes of itself.
    Template(Box<Invocation>),
    /// `{{ break }}`: the bytes of the action.
    Break(Span),
    /// `{{ continue }}`: the bytes of the action.
    Continue(Span),
}

/// `if`, `with` or `range`.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// From the `{{` of the opening action to the `}}` of the end.
    pub span: Span,
    /// The opening action, with its braces.
    pub head: Span,
    /// What decides.
    pub pipeline: Pipeline,
    /// What runs when it holds, or for each item.
    pub body: List,
    /// `else`; an `else if` or `else with` is a list of that one branch.
    pub otherwise: Option<List>,
}

/// `template` or `block`.
#[derive(Debug, Clone, PartialEq)]
pub struct Invocation {
    /// The bytes of the action.
    pub span: Span,
    /// The name of what is invoked.
    pub name: StringLiteral,
    /// The bytes of the name with its quotes.
    pub name_span: Span,
    /// What becomes its `.`; nil when there is none.
    pub argument: Option<Pipeline>,
}

/// Commands joined by `|`, and the variables that take the result.
#[derive(Debug, Clone, PartialEq)]
pub struct Pipeline {
    /// The bytes, without braces and blanks around.
    pub span: Span,
    /// `$x :=`; two of them only for `range`.
    pub variables: Box<[Variable]>,
    /// True for `=`, false for `:=`.
    pub assigns: bool,
    /// The commands; never empty.
    pub commands: Box<[Command]>,
}

/// A variable that a pipeline declares or assigns: its bytes are its name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Variable {
    /// The bytes, with the `$`.
    pub span: Span,
}

impl Variable {
    /// The name, with its `$`. `text` is what was parsed.
    pub fn name<'t>(&self, text: &'t str) -> &'t str {
        self.span.of(text)
    }
}

/// A function or value and its arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    /// The bytes.
    pub span: Span,
    /// What is called, then the arguments; never empty.
    pub operands: Box<[Operand]>,
}

/// One operand of a command.
#[derive(Debug, Clone, PartialEq)]
pub struct Operand {
    /// The bytes, its fields included.
    pub span: Span,
    /// What it is.
    pub kind: OperandKind,
}

impl Operand {
    /// The name of a function, or of a variable with its `$`. `text` is what was parsed.
    pub fn name<'t>(&self, text: &'t str) -> &'t str {
        let all = self.span.of(text);
        match self.kind {
            OperandKind::Variable => all.split_at(first_name(all)).0,
            _ => all,
        }
    }

    /// The fields that are taken, in order. `text` is what was parsed.
    pub fn fields<'t>(&self, text: &'t str) -> Fields<'t> {
        let all = self.span.of(text);
        let path = match &self.kind {
            OperandKind::Field => all,
            OperandKind::Variable => all.split_at(first_name(all)).1,
            OperandKind::Chain(inner) => Span::from(inner.span.end()..self.span.end()).of(text),
            _ => "",
        };
        Fields { path }
    }
}

/// The names of fields, one after the other.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'t> {
    path: &'t str,
}

impl<'t> Fields<'t> {
    /// As they are written, each with a dot before it: `.a.b`; empty where there are none.
    pub fn path(&self) -> &'t str {
        self.path
    }

    /// The last one.
    pub fn last(&self) -> Option<&'t str> {
        let dot = self.path.bytes().rposition(|byte| byte == b'.')?;
        self.path.get(dot + 1..)
    }
}

impl<'t> Iterator for Fields<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let names = self.path.get(1..)?;
        let (name, rest) = names.split_at(first_name(names));
        self.path = rest;
        Some(name)
    }
}

/// Where a name ends. Names are too short for a faster search.
fn first_name(path: &str) -> usize {
    path.bytes().position(|byte| byte == b'.').unwrap_or(path.len())
}

/// What an operand is.
#[derive(Debug, Clone, PartialEq)]
pub enum OperandKind {
    /// `.`
    Dot,
    /// `nil`
    Nil,
    /// `true` or `false`
    Bool(bool),
    /// A number or a character.
    Number(Box<Number>),
    /// A string.
    String(Box<StringLiteral>),
    /// A function; its bytes are its name.
    Function,
    /// `.a.b`: fields of the dot.
    Field,
    /// `$x` or `$x.a.b`: a variable, then fields of it.
    Variable,
    /// `( … )`
    Pipeline(Box<Pipeline>),
    /// `( … ).a.b`: the inner operand, then fields of it; never none.
    Chain(Box<Operand>),
}

/// A constant number: every type that can hold it, as in Go.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Number {
    /// Its value as an integer, when it has one.
    pub int: Option<i64>,
    /// Its value as an unsigned integer, when it has one.
    pub uint: Option<u64>,
    /// Its value as a float, when it has one.
    pub float: Option<f64>,
    /// Its value as a complex number (real, imaginary).
    pub complex: Option<(f64, f64)>,
    /// It is written as a character (`'x'`).
    pub is_char: bool,
    /// It is written as a float (`1.0`, `1e3`, `0x1p4`), so it is no integer constant by
    /// default even though [`Number::int`] may hold it.
    pub looks_like_float: bool,
}
