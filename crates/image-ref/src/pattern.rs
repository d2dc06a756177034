//! Patterns over registries and images.

use crate::glob::{self, Token};
use crate::name::{DEFAULT_REGISTRY, Name, OFFICIAL, normalize_registry};
use std::fmt;
use std::ops::Range;

/// A text that is no pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// The bytes of the pattern that are wrong.
    pub span: Range<usize>,
    message: String,
}

impl PatternError {
    pub(crate) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into() }
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PatternError {}

/// A pattern over registries: a host, in which `*` stands for whole labels.
///
/// `*` as the first label stands for one or more labels; elsewhere for exactly one.
/// The pattern is normalised as registries are.
///
/// ```
/// use image_ref::RegistryPattern;
///
/// let regional = RegistryPattern::parse("*.gcr.io")?;
/// assert!(regional.matches("eu.gcr.io"));
/// assert!(!regional.matches("gcr.io"));
///
/// let ecr = RegistryPattern::parse("*.dkr.ecr.*.amazonaws.com")?;
/// assert!(ecr.matches("123456789012.dkr.ecr.eu-west-1.amazonaws.com"));
/// # Ok::<(), image_ref::PatternError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RegistryPattern {
    text: String,
    labels: Vec<String>,
}

impl RegistryPattern {
    /// Parses a pattern.
    ///
    /// # Errors
    /// When it is empty, has a `/`, or a `*` is not a whole label.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        if text.is_empty() {
            return Err(PatternError::new(0..0, "a registry is missing"));
        }
        if let Some(slash) = text.find('/') {
            return Err(PatternError::new(
                slash..text.len(),
                "a registry has no `/`; name a host such as `ghcr.io`",
            ));
        }
        let mut start = 0;
        for label in text.split('.') {
            if label.contains('*') && label != "*" {
                let message = "in a registry `*` stands for a whole label, as in `*.gcr.io`";
                return Err(PatternError::new(start..start + label.len(), message));
            }
            let bad = label.find(|c: char| {
                !(c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '*' | '[' | ']'))
            });
            if let Some(bad) = bad {
                let c = label[bad..].chars().next().unwrap_or_default();
                let span = start + bad..start + bad + c.len_utf8();
                return Err(PatternError::new(span, format!("{c:?} cannot stand in a registry")));
            }
            if label.is_empty() {
                return Err(PatternError::new(start..start, "a label between two dots is empty"));
            }
            start += label.len() + 1;
        }
        let labels = normalize_registry(text).split('.').map(str::to_owned).collect();
        Ok(Self { text: text.to_owned(), labels })
    }

    /// Tells whether a normalised registry (see [`normalize_registry`]) matches.
    pub fn matches(&self, registry: &str) -> bool {
        let labels: Vec<&str> = registry.split('.').collect();
        let same = |pattern: &[String], labels: &[&str]| {
            pattern.len() == labels.len()
                && pattern
                    .iter()
                    .zip(labels)
                    .all(|(p, l)| if p == "*" { !l.is_empty() } else { p == l })
        };
        match self.labels.split_first() {
            Some((first, rest)) if first == "*" => {
                labels.len() > rest.len() && same(rest, &labels[labels.len() - rest.len()..])
            }
            _ => same(&self.labels, &labels),
        }
    }

    /// How narrow the pattern is: the number of bytes that are no wildcard.
    pub fn specificity(&self) -> usize {
        self.labels.join(".").bytes().filter(|&b| b != b'*').count()
    }

    /// Whether the registries that it matches are somebody's: it has no wildcard, or it ends
    /// in two labels without one, as `*.gcr.io` does and `*`, `*.io` and `10.*` do not.
    pub fn is_confined(&self) -> bool {
        let literal = self.labels.iter().rev().take_while(|label| *label != "*").count();
        literal == self.labels.len() || literal >= 2
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// A pattern over images: a registry pattern and a repository pattern, matched apart.
///
/// In the repository `*` stands for text without `/`, `**` for any text. A
/// pattern without a registry is one of Docker Hub, as a reference is:
/// `busybox` is `docker.io/library/busybox`, `bitnami/*` is `docker.io/bitnami/*`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ImagePattern {
    text: String,
    registry: RegistryPattern,
    repository: Vec<Token>,
}

impl ImagePattern {
    /// Parses a pattern.
    ///
    /// # Errors
    /// When it is empty, has a tag or digest, or a character that no image has.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        if text.is_empty() {
            return Err(PatternError::new(0..0, "an image pattern is missing"));
        }
        let first = text.split('/').next().unwrap_or_default();
        let has_registry = first.len() < text.len()
            && (first == "localhost"
                || first.contains(['.', ':'])
                || first == "*"
                || first == "**"
                || first.bytes().any(|b| b.is_ascii_uppercase()));
        let (registry, start) =
            if has_registry { (first, first.len() + 1) } else { (DEFAULT_REGISTRY, 0) };
        let registry = if registry == "**" { "*" } else { registry };
        let registry = RegistryPattern::parse(registry)?;
        let repository = &text[start..];
        check_repository(repository, start)?;
        let hub = !has_registry || registry.labels.join(".") == DEFAULT_REGISTRY;
        let official = hub && !repository.contains('/') && repository != "**";
        let repository =
            if official { format!("{OFFICIAL}{repository}") } else { repository.to_owned() };
        Ok(Self { text: text.to_owned(), registry, repository: glob::tokens(&repository) })
    }

    /// Tells whether an image matches.
    pub fn matches(&self, name: &Name) -> bool {
        self.captures(name).is_some()
    }

    /// What the wildcards of the repository matched, in order; `None` when it does not match.
    pub fn captures(&self, name: &Name) -> Option<Vec<String>> {
        if !self.registry.matches(&name.registry) {
            return None;
        }
        let ranges = glob::captures(&self.repository, &name.repository, b'/')?;
        Some(ranges.into_iter().map(|range| name.repository[range].to_owned()).collect())
    }

    /// Whether some repository matches both patterns, whatever the registries.
    pub fn overlaps(&self, other: &Self) -> bool {
        glob::overlap(&self.repository, &other.repository, b'/')
    }

    /// The pattern over the registry.
    pub fn registry(&self) -> &RegistryPattern {
        &self.registry
    }

    /// How narrow the pattern is: the number of bytes that are no wildcard.
    pub fn specificity(&self) -> usize {
        let literal =
            self.repository.iter().filter(|token| matches!(token, Token::Byte(_))).count();
        self.registry.specificity() + literal
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The number of wildcards in the repository.
    pub(crate) fn wildcards(&self) -> usize {
        self.repository.len()
            - self.repository.iter().filter(|token| matches!(token, Token::Byte(_))).count()
    }
}

fn check_repository(repository: &str, start: usize) -> Result<(), PatternError> {
    let mut at = start;
    for component in repository.split('/') {
        if component.is_empty() {
            return Err(PatternError::new(
                at..at,
                "the part at this place is empty; write a name, `*` or `**`",
            ));
        }
        if component.contains("***") {
            return Err(PatternError::new(at..at + component.len(), "write `*` or `**`"));
        }
        for (index, c) in component.char_indices() {
            let span = at + index..at + index + c.len_utf8();
            match c {
                'a'..='z' | '0'..='9' | '.' | '_' | '-' | '*' => {}
                ':' | '@' => {
                    return Err(PatternError::new(
                        span,
                        "a pattern names images without tag and digest",
                    ));
                }
                'A'..='Z' => {
                    return Err(PatternError::new(
                        span,
                        "a repository is lowercase, so this never matches",
                    ));
                }
                c => {
                    return Err(PatternError::new(
                        span,
                        format!("{c:?} cannot stand in a repository"),
                    ));
                }
            }
        }
        at += component.len() + 1;
    }
    Ok(())
}
