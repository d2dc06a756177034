//! The file of what a verification found: whether the images that a policy would have
//! exist, and whether they are the images that they replace.
//!
//! `chart-images verify` asks the registries and writes it; everything else reads it, so
//! that no other command needs a network.
//!
//! ```json
//! {
//!   "version": 1,
//!   "entries": [
//!     {
//!       "reference": "ghcr.io/dexidp/dex:v2.42.0",
//!       "target": "public.ecr.aws/dexidp/dex:v2.42.0",
//!       "answer": "same-platforms",
//!       "sourceDigest": "sha256:…",
//!       "targetDigest": "sha256:…",
//!       "platforms": ["linux/amd64", "linux/arm64"],
//!       "lost": [],
//!       "asked": "2026-11-25T22:00:00Z",
//!       "said": "the digests differ, every platform is the same"
//!     }
//!   ]
//! }
//! ```
//!
//! Fields may be added; none changes meaning.

mod answer;
mod file;
mod moment;

pub use answer::Answer;
pub use file::{LARGEST, VerifiedError, read};
pub use moment::Moment;

use crate::model::{Image, Status};
use image_ref::Reference;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where the file is, relative to the root of what was asked about.
pub const PATH: &str = ".chart-images/verified.json";

/// What verifications found: one entry for each image and each target of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    entries: BTreeMap<Key, Entry>,
}

/// The image and its target, however they are spelled.
type Key = (String, String);

/// What was found of one image and its target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// The image as the chart names it.
    pub reference: String,
    /// The image that was looked for: the replacement, or the image itself where nothing
    /// replaces it.
    pub target: String,
    /// What was found.
    pub answer: Answer,
    /// The digest of the image, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_digest: Option<String>,
    /// The digest of the target, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_digest: Option<String>,
    /// The platforms of the target, for instance `linux/amd64`, where they were asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub platforms: Vec<String>,
    /// Platforms that the image has and the target has not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<String>,
    /// When the registries answered.
    pub asked: Moment,
    /// The registry's words, or what was seen; empty where the answer says it all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub said: String,
}

impl Verified {
    /// What is known of an image and its target. Spellings of the same image are the same:
    /// `busybox:1` is `docker.io/library/busybox:1`.
    pub fn find(&self, reference: &str, target: &str) -> Option<&Entry> {
        self.entries.get(&key(reference, target))
    }

    /// What shows that an image is there: the last answer by which it is what another image
    /// was to become. Once that has moved, nobody has asked for the image by itself.
    pub fn there(&self, target: &str) -> Option<&Entry> {
        let target = canonical(target);
        let same = |(key, entry): &(&Key, &Entry)| key.1 == target && entry.answer.is_same();
        let entries = self.entries.iter().filter(same).map(|(_, entry)| entry);
        entries.max_by_key(|entry| entry.asked)
    }

    /// Takes an entry in, in the place of an earlier one of the same image and target.
    pub fn insert(&mut self, entry: Entry) {
        self.entries.insert(key(&entry.reference, &entry.target), entry);
    }

    /// The entries, in the order of the file.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }
}

/// The image that has to be there for an image: what it is to become, or itself where it
/// stays. Nothing where nobody has decided, and where a part of it is not known.
pub fn target(image: &Image) -> Option<&str> {
    if !image.unknown.is_empty() {
        return None;
    }
    match image.status {
        Status::Allowed | Status::Excepted => Some(&image.reference),
        Status::Disallowed | Status::Unlisted => image.replacement.as_deref(),
    }
}

fn key(reference: &str, target: &str) -> Key {
    (canonical(reference), canonical(target))
}

/// A reference in its one spelling; a text that is none stays as it is.
fn canonical(text: &str) -> String {
    let Ok(reference) = Reference::parse(text) else { return text.to_owned() };
    let mut canonical = reference.name().to_string();
    match (reference.tag(), reference.digest()) {
        // A runtime does not look at the tag where there is a digest.
        (_, Some(digest)) => canonical.extend(["@", digest]),
        (tag, None) => canonical.extend([":", tag.unwrap_or("latest")]),
    }
    canonical
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(reference: &str, target: &str, answer: Answer) -> Entry {
        Entry {
            reference: reference.into(),
            target: target.into(),
            answer,
            source_digest: None,
            target_digest: None,
            platforms: Vec::new(),
            lost: Vec::new(),
            asked: Moment::EPOCH,
            said: String::new(),
        }
    }

    #[test]
    fn an_image_is_found_however_it_is_spelled() {
        let mut verified = Verified::default();
        verified.insert(entry("busybox", "public.ecr.aws/a/b", Answer::Identical));
        let found = |reference, target| verified.find(reference, target).map(|e| e.answer);
        assert_eq!(
            found("index.docker.io/library/busybox:latest", "public.ecr.aws/a/b:latest"),
            Some(Answer::Identical)
        );
        assert_eq!(found("busybox:1", "public.ecr.aws/a/b:1"), None);
        assert_eq!(found("busybox", "public.ecr.aws/a/c"), None);
    }

    #[test]
    fn what_another_image_was_to_become_is_there_when_it_was_found_the_same() {
        let mut verified = Verified::default();
        let target = "public.ecr.aws/a/b:1";
        let later = "2026-11-25T22:00:00Z".parse().unwrap();
        verified.insert(entry("b:1", target, Answer::Identical));
        verified.insert(Entry { asked: later, ..entry("c:1", target, Answer::SamePlatforms) });
        verified.insert(entry("d:1", "public.ecr.aws/a/d:1", Answer::Different));
        let there = |target| verified.there(target).map(|entry| &*entry.reference);
        assert_eq!(there(target), Some("c:1"));
        assert_eq!(there("public.ecr.aws/a/d:1"), None);
        assert_eq!(there("public.ecr.aws/a/b:2"), None);
    }

    #[test]
    fn the_tag_before_a_digest_does_not_count() {
        let digest = format!("sha256:{}", "a".repeat(64));
        let mut verified = Verified::default();
        let text = format!("ghcr.io/a/b:1@{digest}");
        verified.insert(entry(&text, &text, Answer::Identical));
        let other = format!("ghcr.io/a/b@{digest}");
        assert!(verified.find(&other, &other).is_some());
    }

    #[test]
    fn the_later_entry_takes_the_place_of_the_earlier() {
        let mut verified = Verified::default();
        verified.insert(entry("a.io/b:1", "c.io/b:1", Answer::Throttled));
        verified.insert(entry("a.io/b:1", "c.io/b:1", Answer::Identical));
        let answers: Vec<Answer> = verified.entries().map(|entry| entry.answer).collect();
        assert_eq!(answers, [Answer::Identical]);
    }
}
