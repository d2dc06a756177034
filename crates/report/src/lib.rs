//! Renders a finished report: human, concise, JSON, SARIF, GitHub.
#![deny(missing_docs)]
