//! Renders a finished report: one module for each format, each a pure function
//! of the report. No format filters, sorts or judges.
#![deny(missing_docs)]

pub mod concise;
pub mod escape;
pub mod github;
pub mod human;
pub mod json;
pub mod markdown;
pub mod rdjsonl;
pub mod sarif;
pub mod table;
mod ways;
pub mod words;
