//! Why a text is no regular expression.

use std::fmt;

/// A mistake, worded as Go words it, with the text that it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mistake {
    what: &'static str,
    text: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error parsing regexp: {}: `{}`", self.what, self.text)
    }
}

impl std::error::Error for Mistake {}

impl Mistake {
    pub(super) fn new(what: &'static str, text: &str) -> Self {
        Self { what, text: text.to_owned() }
    }
}

pub(super) const CHAR_RANGE: &str = "invalid character class range";
pub(super) const ESCAPE: &str = "invalid escape sequence";
pub(super) const NAMED_CAPTURE: &str = "invalid named capture";
pub(super) const PERL: &str = "invalid or unsupported Perl syntax";
pub(super) const REPEAT_OF_REPEAT: &str = "invalid nested repetition operator";
pub(super) const REPEAT_SIZE: &str = "invalid repeat count";
pub(super) const UTF8: &str = "invalid UTF-8";
pub(super) const MISSING_BRACKET: &str = "missing closing ]";
pub(super) const MISSING_PAREN: &str = "missing closing )";
pub(super) const MISSING_ARGUMENT: &str = "missing argument to repetition operator";
pub(super) const BACKSLASH: &str = "trailing backslash at end of expression";
pub(super) const UNEXPECTED_PAREN: &str = "unexpected )";
pub(super) const NESTING: &str = "expression nests too deeply";
pub(super) const LARGE: &str = "expression too large";
