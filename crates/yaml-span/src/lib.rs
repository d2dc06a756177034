//! A YAML tree in which every key and scalar has an exact byte span.
//!
//! It is built on the events of `yaml-rust2`. Their markers are not spans, so
//! spans are derived from the source: each scalar is followed through the text
//! that spells it.
//!
//! ```
//! let text = "image:\n  repository: ghcr.io/o/n # the image\n  tag: \"1.4\"\n";
//! let tree = yaml_span::parse(text)?;
//! let root = tree.documents()[0];
//! let image = tree.get(root, "image").unwrap().value;
//! let tag = tree.get(image, "tag").unwrap().value;
//! assert_eq!(tree.str(tag), Some("1.4"));
//! assert_eq!(&text[tree.node(tag).span.clone()], "\"1.4\"");
//! # Ok::<(), yaml_span::Error>(())
//! ```
//!
//! A scalar knows which bytes spell each part of its value, through quotes,
//! escapes, folding and the indentation of blocks; see [`Scalar::source`].
#![deny(missing_docs)]

mod block;
mod comments;
mod error;
mod flow;
mod lines;
mod number;
mod padding;
mod parse;
mod resolve;
mod scalar;
mod tree;

pub use error::Error;
pub use number::{print_float, shortest};
pub use parse::{DEEPEST, parse, parse_first};
pub use resolve::Value;
pub use scalar::{Piece, Scalar, Style, Tag};
pub use tree::{Entry, Kind, Node, NodeId, Tree};
