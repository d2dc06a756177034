//! A YAML tree in which every key and scalar has an exact byte span.
#![deny(missing_docs)]
