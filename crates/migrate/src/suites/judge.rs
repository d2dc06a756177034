//! Whether an assertion holds, as far as that can be told.

use super::read::Assert;
use regex::Regex;
use yaml_span::Tree;

/// What an assertion says of one value.
pub(super) enum Judge {
    Equal(String),
    Matches(Box<Regex>),
}

impl Judge {
    /// Of an assertion that expects a text or a pattern at a path; `None` for any other one.
    pub(super) fn of(tree: &Tree<'_>, assert: &Assert) -> Option<Self> {
        let expected = |key: &str| {
            let node = tree.get(assert.expected, key)?.value;
            tree.str(node).map(str::to_owned)
        };
        // What is encoded is not what is seen here.
        if tree.get(assert.expected, "decodeBase64").is_some() {
            return None;
        }
        match assert.kind.as_str() {
            "equal" | "notEqual" => Some(Self::Equal(expected("value")?)),
            "matchRegex" | "notMatchRegex" => Self::pattern(&expected("pattern")?),
            _ => None,
        }
    }

    /// Of a pattern; `None` for one that is none.
    pub(super) fn pattern(pattern: &str) -> Option<Self> {
        Regex::new(pattern).ok().map(|regex| Self::Matches(Box::new(regex)))
    }

    pub(super) fn holds(&self, seen: &str) -> bool {
        // Scalars are printed a line each.
        let seen = seen.strip_suffix('\n').unwrap_or(seen);
        match self {
            Self::Equal(value) => seen == value,
            Self::Matches(regex) => regex.is_match(seen),
        }
    }
}
