//! Inline suppressions: a comment that permits a finding, and says why.
//!
//! ```yaml
//! # chart-images: allow disallowed-registry until 2027-06-30 -- the vendor moves in June
//! image: ghcr.io/vendor/agent:1.2
//! tag: v1 # chart-images: allow invalid-reference, unresolved-image -- filled in by the release
//! ```
//!
//! In a template a comment of the template does as well:
//! `{{- /* chart-images: allow unlisted-registry -- mirrored by hand */}}`.
//!
//! A suppression stands beside what it permits, or alone on the line above it;
//! several that stand alone may be stacked. One without a reason, with a rule
//! that does not exist or with a bad date permits nothing and is a finding.

mod comments;
mod grammar;
mod trusted;

pub use comments::in_text;
pub use grammar::{Malformed, Suppression};
pub use trusted::TrustedSuppressions;

use std::ops::Range;

/// The word that every suppression starts with.
pub const MARKER: &str = "chart-images";

/// Rules that no comment can permit: those that say that the gate could not do
/// its work, and the one about suppressions themselves.
pub const NEVER_SUPPRESSED: [&str; 3] = ["unreadable-file", "invalid-policy", "unused-suppression"];

/// The suppressions of a file, in the order of its text, each well-formed or
/// with what is wrong of it.
///
/// `comments` are the byte ranges of the file's comments in order: a YAML
/// comment from its `#` to the end of its line, a template's comment with or
/// without its braces. [`in_text`] finds them where no parser has. `rules` are
/// the names of all rules.
pub fn find(
    text: &str,
    comments: &[Range<usize>],
    rules: &[&str],
) -> Vec<Result<Suppression, Malformed>> {
    if memchr::memmem::find(text.as_bytes(), MARKER.as_bytes()).is_none() {
        return Vec::new();
    }
    let lines = comments::Lines::new(text, comments);
    comments
        .iter()
        .filter_map(|comment| {
            let parsed = grammar::parse(text, comment.clone(), rules)?;
            Some(parsed.map(|mut suppression| {
                suppression.line = lines.applies_to(comment);
                suppression
            }))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: [&str; 3] = ["disallowed-registry", "unlisted-registry", "unreadable-file"];

    fn found(text: &str) -> Vec<Result<Suppression, Malformed>> {
        find(text, &in_text(text), &RULES)
    }

    fn lines(text: &str) -> Vec<u32> {
        found(text).into_iter().map(|s| s.unwrap().line).collect()
    }

    #[test]
    fn applies_to_its_own_line_or_the_next() {
        let beside = "a: 1\nimage: x # chart-images: allow unlisted-registry -- why\n";
        assert_eq!(lines(beside), [2]);
        let above = "a: 1\r\n  # chart-images: allow unlisted-registry -- why\r\nimage: x\r\n";
        assert_eq!(lines(above), [3]);
        let template = "{{- /* chart-images: allow unlisted-registry -- why */ -}}\nimage: x";
        assert_eq!(lines(template), [2]);
        let before = "{{/* chart-images: allow unlisted-registry -- why */}}image: x";
        assert_eq!(lines(before), [1]);
        let long = "{{- /* chart-images: allow unlisted-registry\n  -- why\n  so */}}\nimage: x";
        assert_eq!(lines(long), [4]);
        assert_eq!(found(long)[0].as_ref().unwrap().reason, "why so");
    }

    #[test]
    fn stacked_comments_apply_to_the_same_line() {
        let text = "# chart-images: allow unlisted-registry -- why\n# words\n\
                    {{/* chart-images: allow disallowed-registry -- too */}}\nimage: x\n";
        assert_eq!(lines(text), [4, 4]);
    }

    #[test]
    fn an_empty_line_ends_the_reach() {
        assert_eq!(lines("# chart-images: allow unlisted-registry -- why\n\nimage: x\n"), [2]);
    }

    #[test]
    fn text_that_is_no_comment_suppresses_nothing() {
        assert!(found("a: chart-images: allow unlisted-registry -- why\n").is_empty());
        assert!(found("a: x#chart-images: allow unlisted-registry -- why\n").is_empty());
        assert!(found("# see chart-images: allow unlisted-registry -- why\n").is_empty());
        assert!(found("{{ /* chart-images is a tool */ }}").is_empty());
    }

    #[test]
    fn what_cannot_be_permitted_is_said() {
        let text = "# chart-images: allow unreadable-file -- why\n";
        let error = found(text).remove(0).unwrap_err();
        assert_eq!(&text[error.span], "unreadable-file");
        assert!(error.message.contains("cannot be suppressed"), "{}", error.message);
    }
}
