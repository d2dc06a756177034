//! Go's text/template language: lexer, parser and a syntax tree with byte spans.
#![deny(missing_docs)]
