//! Go's text/template language: a lexer and a parser with byte spans.
//!
//! [`parse`] gives the tree of [`ast`] for what Go accepts, and the first error
//! for what it refuses. Function names are not looked up.
//!
//! ```
//! use go_template::ast::{Node, OperandKind};
//!
//! let text = "image: {{ .Values.image | quote }}\n";
//! let template = go_template::parse(text)?;
//! let Node::Action(pipeline) = &template.body.nodes[1] else { panic!() };
//! let operand = &pipeline.commands[0].operands[0];
//! assert_eq!(operand.kind, OperandKind::Field);
//! assert_eq!(operand.fields(text).collect::<Vec<_>>(), ["Values", "image"]);
//! # Ok::<(), go_template::Error>(())
//! ```
//!
//! [`lex`] never fails: what is wrong is in [`Lexed::errors`], and the rest of the
//! text is still there to be used.
//!
//! ```
//! let text = "image: {{ .Values.image | quote }}\n";
//! let lexed = go_template::lex(text);
//! assert!(lexed.errors.is_empty());
//! let go_template::Segment::Action(action) = &lexed.segments[1] else { panic!() };
//! let words: Vec<&str> = action.tokens.iter().map(|t| &text[t.span.clone()]).collect();
//! assert_eq!(words, [" ", ".Values", ".image", " ", "|", " ", "quote", " "]);
//! ```
#![deny(missing_docs)]

mod action;
pub mod ast;
mod letters;
mod literal;
mod number;
mod parse;
mod segment;
mod span;
mod token;

pub use literal::StringLiteral;
pub use parse::parse;
pub use segment::lex;
pub use span::Span;
pub use token::{Action, Error, Lexed, Segment, Token, TokenKind};
