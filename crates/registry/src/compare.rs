//! Whether two images are the same.

use crate::client::Client;
use crate::failure::Failure;
use crate::image::Image;
use crate::manifest::{Manifest, Platform};
use std::collections::BTreeMap;

/// How a target compares to its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comparison {
    /// Both have this digest.
    Identical {
        /// The digest.
        digest: String,
    },
    /// The digests differ.
    Apart {
        /// The digest of the source.
        source: String,
        /// The digest of the target.
        target: String,
        /// The platforms of the target.
        platforms: Vec<Platform>,
        /// Platforms that the source has and the target has not.
        lost: Vec<Platform>,
        /// Platforms that both have, with other content.
        changed: Vec<Platform>,
    },
}

/// Why a target and its source were not compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Uncompared {
    /// The target has no answer.
    Target(Failure),
    /// The target is there with this digest; the source has no answer.
    Source {
        /// The digest of the target.
        target: String,
        /// Why the source has none.
        failure: Failure,
    },
    /// Both are there with these digests, and what the target consists of has no answer.
    Content {
        /// The digest of the source.
        source: String,
        /// The digest of the target.
        target: String,
        /// Why there is none.
        failure: Failure,
    },
}

/// What an image is on a platform.
struct Part {
    manifest: String,
    /// The digest of its configuration, once it was asked for.
    config: Option<String>,
}

impl Client {
    /// Compares a target with its source, with as few questions as it takes.
    ///
    /// # Errors
    /// Says which of both has no answer, and why.
    pub fn compare(&self, source: &Image, target: &Image) -> Result<Comparison, Uncompared> {
        let target_digest = self.digest(target).map_err(Uncompared::Target)?;
        let unknown = |failure| Uncompared::Source { target: target_digest.clone(), failure };
        // A reference by digest says itself what the source is.
        let source_digest = match source.digest() {
            Some(digest) => digest.to_owned(),
            None => self.digest(source).map_err(unknown)?,
        };
        if source_digest == target_digest {
            return Ok(Comparison::Identical { digest: target_digest });
        }
        let (source, target) = (source.at(&source_digest), target.at(&target_digest));
        let mut before = self.parts(&source).map_err(unknown)?;
        let content = |failure| Uncompared::Content {
            source: source_digest.clone(),
            target: target_digest.clone(),
            failure,
        };
        let mut after = self.parts(&target).map_err(content)?;
        let platforms = after.keys().cloned().collect();
        let (mut lost, mut changed) = (Vec::new(), Vec::new());
        for (platform, source_part) in &mut before {
            let Some(target_part) = after.get_mut(platform) else {
                lost.push(platform.clone());
                continue;
            };
            if source_part.manifest == target_part.manifest {
                continue;
            }
            let was = self.config(&source, source_part).map_err(unknown)?;
            if was != self.config(&target, target_part).map_err(content)? {
                changed.push(platform.clone());
            }
        }
        Ok(Comparison::Apart {
            source: source_digest,
            target: target_digest,
            platforms,
            lost,
            changed,
        })
    }

    /// What an image is on each of its platforms.
    fn parts(&self, image: &Image) -> Result<BTreeMap<Platform, Part>, Failure> {
        let (digest, manifest) = self.manifest(image)?;
        Ok(match &*manifest {
            Manifest::Index(platforms) => platforms
                .iter()
                .map(|(platform, manifest)| {
                    (platform.clone(), Part { manifest: manifest.clone(), config: None })
                })
                .collect(),
            Manifest::Single(config) => {
                let platform = self.platform(image, config)?;
                [(platform, Part { manifest: digest, config: Some(config.clone()) })].into()
            }
        })
    }

    fn config(&self, image: &Image, part: &Part) -> Result<String, Failure> {
        if let Some(config) = &part.config {
            return Ok(config.clone());
        }
        match &*self.manifest(&image.at(&part.manifest))?.1 {
            Manifest::Single(config) => Ok(config.clone()),
            Manifest::Index(_) => Err(Failure::unreachable("the index has another index in it")),
        }
    }
}
