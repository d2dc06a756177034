//! Renders a finished report: one module for each format, each a pure function
//! of the report. No format filters, sorts or judges.
#![deny(missing_docs)]

pub mod json;
