//! What a template means: the tree that a parse gives.
//!
//! Every node knows its bytes in the template. The shape follows Go's
//! `text/template/parse`, so that Go's rules can be read beside it.

use crate::literal::StringLiteral;
use smol_str::SmolStr;
use std::ops::Range;

/// A parsed template: its own body, and the templates that it defines.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Template {
    /// What the template itself prints.
    pub body: List,
    /// `{{ define }}` and `{{ block }}`, in the order of their places.
    pub definitions: Vec<Definition>,
}

/// A named template.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// Its name.
    pub name: StringLiteral,
    /// The bytes of the name with its quotes.
    pub name_span: Range<usize>,
    /// From the `{{` of the definition to the `}}` of its end.
    pub span: Range<usize>,
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
    Text(Range<usize>),
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
    Break(Range<usize>),
    /// `{{ continue }}`: the bytes of the action.
    Continue(Range<usize>),
}

/// `if`, `with` or `range`.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// From the `{{` of the opening action to the `}}` of the end.
    pub span: Range<usize>,
    /// The opening action, with its braces.
    pub head: Range<usize>,
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
    pub span: Range<usize>,
    /// The name of what is invoked.
    pub name: StringLiteral,
    /// The bytes of the name with its quotes.
    pub name_span: Range<usize>,
    /// What becomes its `.`; nil when there is none.
    pub argument: Option<Pipeline>,
}

/// Commands joined by `|`, and the variables that take the result.
#[derive(Debug, Clone, PartialEq)]
pub struct Pipeline {
    /// The bytes, without braces and blanks around.
    pub span: Range<usize>,
    /// `$x :=`; two of them only for `range`.
    pub variables: Vec<Variable>,
    /// True for `=`, false for `:=`.
    pub assigns: bool,
    /// The commands; never empty.
    pub commands: Box<[Command]>,
}

/// A variable that a pipeline declares or assigns.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// The name, with its `$`.
    pub name: SmolStr,
    /// The bytes.
    pub span: Range<usize>,
}

/// A function or value and its arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    /// The bytes.
    pub span: Range<usize>,
    /// What is called, then the arguments; never empty.
    pub operands: Box<[Operand]>,
}

/// One operand of a command.
#[derive(Debug, Clone, PartialEq)]
pub struct Operand {
    /// The bytes, its fields included.
    pub span: Range<usize>,
    /// What it is.
    pub kind: OperandKind,
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
    /// A function.
    Function(SmolStr),
    /// `.a.b`: fields of the dot.
    Field(Box<[Name]>),
    /// `$x` or `$x.a.b`: the name with its `$`, then fields.
    Variable(SmolStr, Box<[Name]>),
    /// `( … )`
    Pipeline(Box<Pipeline>),
    /// `( … ).a.b`: the inner operand, then fields; never empty.
    Chain(Box<Operand>, Box<[Name]>),
}

/// A field's name.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// The name, without its dot.
    pub text: SmolStr,
    /// The bytes, with the dot.
    pub span: Range<usize>,
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
