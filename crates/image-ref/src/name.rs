//! Names: registry and repository, normalised.

use crate::error::ParseError;
use crate::reference::Reference;
use std::fmt;

/// The registry that a name without one comes from.
pub(crate) const DEFAULT_REGISTRY: &str = "docker.io";
/// Where that registry keeps names of one part.
pub(crate) const OFFICIAL: &str = "library/";

/// A registry and a repository, normalised: the same image has the same name,
/// however it was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// For instance `docker.io`.
    pub registry: String,
    /// For instance `library/busybox`.
    pub repository: String,
}

impl Name {
    /// A name of these parts, normalised.
    pub fn new(registry: &str, repository: &str) -> Self {
        let registry = normalize_registry(registry);
        let official = registry == DEFAULT_REGISTRY && !repository.contains('/');
        let repository =
            if official { format!("{OFFICIAL}{repository}") } else { repository.to_owned() };
        Self { registry, repository }
    }

    /// Parses a name without tag and digest, for instance `ghcr.io/dexidp/dex`.
    ///
    /// # Errors
    /// When the text is no reference, or has a tag or digest.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let reference = Reference::parse(text)?;
        match reference.tag_span().or_else(|| reference.digest_span()) {
            Some(span) => Err(ParseError {
                character: text[span.clone()].chars().next(),
                span,
                rule: crate::Rule::RepositoryCharacter,
            }),
            None => Ok(reference.name()),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.registry, self.repository)
    }
}

/// The one spelling of a registry: lowercase, without a default port and a
/// final dot, Docker Hub under its first name.
///
/// distribution/reference rewrites `index.docker.io` alone; to a person the
/// others are the same place.
///
/// ```
/// assert_eq!(image_ref::normalize_registry("GCR.io:443"), "gcr.io");
/// assert_eq!(image_ref::normalize_registry("registry-1.docker.io"), "docker.io");
/// ```
pub fn normalize_registry(registry: &str) -> String {
    let lower = registry.to_ascii_lowercase();
    let host = [":443", ":80"].iter().find_map(|port| lower.strip_suffix(port)).unwrap_or(&lower);
    let host = host.strip_suffix('.').unwrap_or(host);
    match host {
        "index.docker.io"
        | "registry-1.docker.io"
        | "registry.hub.docker.com"
        | "hub.docker.com" => DEFAULT_REGISTRY.to_owned(),
        host => host.to_owned(),
    }
}
