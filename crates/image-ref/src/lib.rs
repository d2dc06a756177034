//! Container image references: parse, normalise, match, with the span of every part.
#![deny(missing_docs)]
