//! Manifests: what an image consists of, as far as it tells two images apart.

use crate::digest;
use serde::Deserialize;
use std::fmt;

/// The kinds of manifests that are understood, for `Accept`.
pub(crate) const KINDS: &str = "application/vnd.oci.image.index.v1+json, \
     application/vnd.docker.distribution.manifest.list.v2+json, \
     application/vnd.oci.image.manifest.v1+json, \
     application/vnd.docker.distribution.manifest.v2+json";
/// A longer manifest is not read, in bytes: as much as registries have to take.
pub(crate) const LONGEST: u64 = 4 << 20;
/// An index of more platforms is not an image's.
const MOST_PLATFORMS: usize = 256;

/// What an image runs on, for instance `linux/arm64`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Platform(String);

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Manifest {
    /// Of several platforms, each with the digest of its manifest.
    Index(Vec<(Platform, String)>),
    /// Of one, with the digest of its configuration.
    Single(String),
}

/// An image's configuration, or the same in an index.
#[derive(Deserialize)]
pub(crate) struct PlatformFields {
    #[serde(default)]
    os: String,
    #[serde(default)]
    architecture: String,
    #[serde(default)]
    variant: String,
    #[serde(default, rename = "os.version")]
    os_version: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields {
    schema_version: u32,
    #[serde(default)]
    manifests: Option<Vec<Descriptor>>,
    #[serde(default)]
    config: Option<Descriptor>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    #[serde(default)]
    media_type: String,
    digest: String,
    #[serde(default)]
    platform: Option<PlatformFields>,
}

impl Manifest {
    /// Reads a manifest; why it is none, else.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, String> {
        let fields: Fields = serde_json::from_slice(body)
            .map_err(|error| format!("the manifest cannot be read: {error}"))?;
        if fields.schema_version != 2 {
            return Err(format!(
                "the manifest has the old format {}, which cannot be compared",
                fields.schema_version
            ));
        }
        match (fields.manifests, fields.config) {
            (Some(entries), _) => Self::index(entries),
            (None, Some(config)) if digest::is_digest(&config.digest) => {
                Ok(Self::Single(config.digest))
            }
            _ => Err("the manifest names neither platforms nor a configuration".to_owned()),
        }
    }

    fn index(entries: Vec<Descriptor>) -> Result<Self, String> {
        if entries.len() > MOST_PLATFORMS {
            return Err(format!("the index has more than {MOST_PLATFORMS} entries"));
        }
        let mut platforms = Vec::new();
        for entry in entries {
            if !digest::is_digest(&entry.digest) {
                return Err("the index has an entry without a digest".to_owned());
            }
            if entry.media_type.contains("index") || entry.media_type.contains("manifest.list") {
                return Err("the index has another index in it".to_owned());
            }
            let Some(platform) = entry.platform.map(|fields| fields.platform()) else {
                return Err("the index has an entry without a platform".to_owned());
            };
            // Attestations stand beside the images that they are about, and run nowhere.
            if platform != unknown() {
                platforms.push((platform, entry.digest));
            }
        }
        platforms.sort();
        platforms.dedup();
        if platforms.is_empty() {
            return Err("the index names no platform".to_owned());
        }
        // A runtime takes one of the two; which one is not for this to guess.
        if let Some(twice) = platforms.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(format!("the index has {} twice", twice[0].0));
        }
        Ok(Self::Index(platforms))
    }
}

impl PlatformFields {
    /// The platform in its one spelling.
    pub(crate) fn platform(&self) -> Platform {
        let or_unknown = |text: &str| match text {
            "" => "unknown".to_owned(),
            text => text.to_owned(),
        };
        let (os, architecture) = (or_unknown(&self.os), or_unknown(&self.architecture));
        let mut text = format!("{os}/{architecture}");
        // What every arm64 is.
        let implied = architecture == "arm64" && self.variant == "v8";
        if !self.variant.is_empty() && !implied {
            text.push_str(&format!("/{}", self.variant));
        }
        if !self.os_version.is_empty() {
            text.push_str(&format!(" {}", self.os_version));
        }
        Platform(crate::failure::harmless(&text))
    }
}

/// The platform of an image's configuration.
pub(crate) fn platform_of(config: &[u8]) -> Platform {
    serde_json::from_slice(config)
        .map_or_else(|_| unknown(), |fields: PlatformFields| fields.platform())
}

fn unknown() -> Platform {
    Platform("unknown/unknown".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(letter: char) -> String {
        format!("sha256:{}", letter.to_string().repeat(64))
    }

    #[test]
    fn what_an_index_does_not_tell_apart_is_not_compared() {
        let entry = |digit: char, platform: &str| {
            let digest = digit.to_string().repeat(64);
            format!(r#"{{"digest": "sha256:{digest}"{platform}}}"#)
        };
        let amd64 = r#", "platform": {"os": "linux", "architecture": "amd64"}"#;
        let none = r#", "platform": {"os": "unknown", "architecture": "unknown"}"#;
        let of = |entries: &[String]| {
            let entries = entries.join(",");
            Manifest::parse(
                format!(r#"{{"schemaVersion": 2, "manifests": [{entries}]}}"#).as_bytes(),
            )
        };
        assert!(
            of(&[entry('a', amd64), entry('b', "")]).unwrap_err().contains("without a platform")
        );
        assert!(of(&[entry('a', none)]).unwrap_err().contains("no platform"));
        assert!(of(&[entry('a', amd64), entry('b', amd64)]).unwrap_err().contains("twice"));
        assert!(of(&[entry('a', amd64), entry('a', amd64)]).is_ok());
    }

    #[test]
    fn an_index_lists_platforms_without_attestations() {
        let (a, b, c) = (digest('a'), digest('b'), digest('c'));
        let text = format!(
            r#"{{"schemaVersion": 2, "manifests": [
                {{"digest": "{b}", "platform": {{"os": "linux", "architecture": "arm", "variant": "v7"}}}},
                {{"digest": "{a}", "platform": {{"os": "linux", "architecture": "arm64", "variant": "v8"}}}},
                {{"digest": "{c}", "platform": {{"os": "unknown", "architecture": "unknown"}}}}
            ]}}"#
        );
        let platforms =
            vec![(Platform("linux/arm/v7".into()), b), (Platform("linux/arm64".into()), a)];
        assert_eq!(Manifest::parse(text.as_bytes()), Ok(Manifest::Index(platforms)));
    }

    #[test]
    fn a_manifest_of_one_platform_names_its_configuration() {
        let text = format!(r#"{{"schemaVersion": 2, "config": {{"digest": "{}"}}}}"#, digest('a'));
        assert_eq!(Manifest::parse(text.as_bytes()), Ok(Manifest::Single(digest('a'))));
        let config = br#"{"os": "windows", "architecture": "amd64", "os.version": "10.0"}"#;
        assert_eq!(platform_of(config).to_string(), "windows/amd64 10.0");
        assert_eq!(platform_of(b"[]").to_string(), "unknown/unknown");
    }

    #[test]
    fn what_is_no_manifest_says_why() {
        for (text, why) in [
            ("", "cannot be read"),
            ("{", "cannot be read"),
            (r#"{"schemaVersion": 1}"#, "old format"),
            (r#"{"schemaVersion": 2}"#, "neither"),
            (r#"{"schemaVersion": 2, "config": {"digest": "../x"}}"#, "neither"),
            (r#"{"schemaVersion": 2, "manifests": [{"digest": "sha256:a"}]}"#, "without a digest"),
        ] {
            let said = Manifest::parse(text.as_bytes()).unwrap_err();
            assert!(said.contains(why), "{text}: {said}");
        }
    }
}
