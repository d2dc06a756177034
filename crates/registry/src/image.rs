//! What is asked about.

use image_ref::Reference;
use std::fmt;

/// An image in a registry: a repository, and a tag or digest in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Image {
    /// The registry, normalised, for instance `docker.io`.
    pub registry: String,
    /// The repository, for instance `library/busybox`.
    pub repository: String,
    /// The digest where there is one, else the tag: as a runtime decides.
    pub version: String,
}

impl Image {
    /// The image that a runtime would pull for a reference.
    pub fn of(reference: &Reference) -> Self {
        let name = reference.name();
        let version = reference.digest().or(reference.tag()).unwrap_or("latest");
        Self { registry: name.registry, repository: name.repository, version: version.to_owned() }
    }

    /// The same image by the digest that its tag has.
    pub(crate) fn at(&self, digest: &str) -> Self {
        Self { version: digest.to_owned(), ..self.clone() }
    }

    /// The digest, when the version is one.
    pub fn digest(&self) -> Option<&str> {
        self.version.contains(':').then_some(&*self.version)
    }
}

impl fmt::Display for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.digest().is_some() { '@' } else { ':' };
        write!(f, "{}/{}{mark}{}", self.registry, self.repository, self.version)
    }
}
