//! Go's text/template language: a lexer with byte spans.
//!
//! It never fails: what is wrong is in [`Lexed::errors`], and the rest of the
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
mod literal;
mod segment;
mod token;

pub use literal::StringLiteral;
pub use segment::lex;
pub use token::{Action, Error, Lexed, Segment, Token, TokenKind};
