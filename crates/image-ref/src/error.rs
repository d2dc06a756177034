//! What is wrong with a text that is no reference.

use std::fmt;
use std::ops::Range;

/// A text that is no image reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// The bytes that break the rule. Empty at the place where something is missing.
    pub span: Range<usize>,
    /// The rule.
    pub rule: Rule,
    /// The first character of `span`, when there is one.
    pub character: Option<char>,
}

/// The rules of the grammar, each as the way it is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// There is no text.
    Empty,
    /// White space or a control character.
    Blank,
    /// What Go prints in place of a value that is missing: `%!s(<nil>)`, `<no value>`.
    MissingValue,
    /// It is a URL.
    Scheme,
    /// A part between slashes is empty.
    EmptyComponent,
    /// An uppercase letter in a repository.
    Uppercase,
    /// A character that a repository cannot have.
    RepositoryCharacter,
    /// A separator (`.`, `_`, `-`) where a letter or digit has to stand.
    Separator,
    /// A registry that is no host name.
    Registry,
    /// A port that is no number.
    Port,
    /// Nothing behind the colon.
    EmptyTag,
    /// A character that a tag cannot have.
    TagCharacter,
    /// A tag of more than 128 characters.
    TagLength,
    /// A digest that is not `algorithm:hex`.
    Digest,
    /// A digest with the wrong number of hex digits for its algorithm.
    DigestLength,
    /// A repository path of more than 255 characters.
    NameLength,
    /// A bare name of 64 hex digits, which runtimes take for an image id.
    Identifier,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.span.start + 1;
        let rule = match self.rule {
            Rule::Empty => return f.write_str("it is empty"),
            Rule::Blank => "an image reference has no white space",
            Rule::MissingValue => {
                return write!(f, "a template printed a missing value at character {place}");
            }
            Rule::Scheme => return f.write_str("it is a URL; leave out the scheme"),
            Rule::EmptyComponent => {
                return write!(
                    f,
                    "the part at character {place} is empty; write one `/` between two names"
                );
            }
            Rule::Uppercase => "a repository is lowercase",
            Rule::RepositoryCharacter => {
                "a repository has only lowercase letters, digits and the separators `.` `_` `-` `/`"
            }
            Rule::Separator => {
                "each part of a repository begins and ends with a letter or digit, with one `.`, `_`, `__` or dashes between"
            }
            Rule::Registry => {
                "a registry is a host name of letters, digits, `-` and `.`, with an optional port"
            }
            Rule::Port => "a port is a number",
            Rule::EmptyTag => {
                return write!(
                    f,
                    "there is no tag behind the `:` at character {}",
                    self.span.start
                );
            }
            Rule::TagCharacter => {
                "a tag has only letters, digits, `_`, `.` and `-`, and begins with none of the last two"
            }
            Rule::TagLength => return f.write_str("a tag has at most 128 characters"),
            Rule::Digest => "a digest is `algorithm:hex`, for instance `sha256:` and 64 hex digits",
            Rule::DigestLength => {
                return f.write_str(
                    "the digest has the wrong length: sha256 has 64 hex digits, sha512 has 128",
                );
            }
            Rule::NameLength => return f.write_str("a repository has at most 255 characters"),
            Rule::Identifier => {
                return f.write_str("64 hex digits alone are an image id, not a name");
            }
        };
        match self.character {
            Some(c) => write!(f, "{:?} at character {place}: {rule}", c),
            None => write!(f, "it ends at character {place}: {rule}"),
        }
    }
}

impl std::error::Error for ParseError {}
