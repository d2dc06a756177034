//! The convention of values files: a map whose keys are the parts of a reference.
//!
//! `{registry, repository, tag, digest}` in all of its spellings, an `image:`
//! beside a `tag:`, a global registry that replaces the map's own, a tag that
//! is left empty for the chart's `appVersion`.

use super::found::{Found, Invalid};
use super::fragment::Piece;
use super::lookup::Lookup;
use super::words::{KeyWord, is_another_address, is_placeholder};
use crate::model::{Evidence, Part};
use helm_engine::source::Span;
use image_ref::Reference;

/// A scalar under a key of the map.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) word: KeyWord,
    /// The text as Helm prints it (`1.10` unquoted is `1.1`).
    pub(crate) value: Piece,
}

/// The scalars of one map, and where the map stands.
#[derive(Debug, Default)]
pub(crate) struct Group {
    /// The keys that lead to the map.
    pub(crate) route: Vec<String>,
    pub(crate) fields: Vec<Field>,
}

/// What the chart supplies where a map leaves a part out.
#[derive(Debug, Clone, Default)]
pub(crate) struct Surroundings {
    /// `global.imageRegistry`: it replaces the map's own registry.
    pub(crate) global_registry: Option<Piece>,
    /// `global.image.registry` or a `hub`, for maps that have no registry.
    pub(crate) shared_registry: Option<Piece>,
}

impl Surroundings {
    /// What the values say for the whole chart.
    pub(crate) fn of(lookup: &Lookup<'_>) -> Self {
        let value = |path: &[&str]| {
            let path: Vec<String> = path.iter().map(|&key| key.to_owned()).collect();
            lookup.value(&path).flatten()
        };
        let shared: [&[&str]; 3] = [&["global", "image", "registry"], &["global", "hub"], &["hub"]];
        Self {
            global_registry: value(&["global", "imageRegistry"]),
            shared_registry: shared.into_iter().find_map(value),
        }
    }

    /// The shared registry, for an image that has room for it: `pilot` under
    /// `docker.io/istio`, `org/app` under `registry.k8s.io`.
    fn shared(&self, name: &str) -> Option<&Piece> {
        let shared = self.shared_registry.as_ref()?;
        let complete = if shared.text.contains('/') {
            name.contains('/')
        } else {
            Reference::parse(name).is_ok_and(|reference| reference.registry().is_some())
        };
        (!complete).then_some(shared)
    }
}

/// What stands in for an empty tag.
#[derive(Debug, Clone, Default)]
pub(crate) enum DefaultTag {
    /// Nothing: a runtime takes `latest`.
    #[default]
    None,
    /// What a chart that is not there says.
    Unknown,
    /// The chart's `appVersion`, with a prefix such as `v`.
    AppVersion {
        /// The text before it.
        prefix: &'static str,
        /// The scalar in Chart.yaml.
        version: Piece,
    },
}

/// What a group turned out to be.
#[derive(Debug)]
pub(crate) enum Grouped {
    /// An image.
    Image(Box<Found>),
    /// An image whose parts make no reference.
    Invalid(Invalid),
    /// Not an image, or one that names nothing.
    Nothing,
}

impl Group {
    fn get(&self, word: KeyWord) -> Option<&Piece> {
        // The last of several keys with the same meaning wins, as it does in a map.
        self.fields
            .iter()
            .rev()
            .find(|f| f.word == word && !f.value.text.is_empty())
            .map(|f| &f.value)
    }

    fn has(&self, word: KeyWord) -> bool {
        self.fields.iter().any(|f| f.word == word)
    }

    /// The scalar that names the image, if this is a map of an image.
    fn name(&self) -> Option<(&Piece, KeyWord)> {
        let key_is_image =
            self.route.iter().rev().find(|k| !k.starts_with('[')).is_some_and(|key| {
                matches!(super::words::key_word(key), KeyWord::Image | KeyWord::Images)
            }) || self.route.iter().rev().nth(1).is_some_and(|key| key == "images");
        let parts = self.has(KeyWord::Tag) || self.has(KeyWord::Digest);
        let signs = parts || self.has(KeyWord::Registry) || self.has(KeyWord::PullPolicy);
        if let Some(piece) = self.get(KeyWord::Repository) {
            return (key_is_image || signs).then_some((piece, KeyWord::Repository));
        }
        if let Some(piece) = self.get(KeyWord::Image) {
            let completed = self.has(KeyWord::Registry) || self.completes(&piece.text);
            return completed.then_some((piece, KeyWord::Image));
        }
        let piece = self.get(KeyWord::Name)?;
        (key_is_image && (signs || self.fields.len() == 1)).then_some((piece, KeyWord::Name))
    }

    /// True when the map has a tag or a digest that the text under `image` lacks:
    /// beside `acme/web:1` the `version` of an operator's resource is the program's.
    fn completes(&self, image: &str) -> bool {
        let whole = Reference::parse(image).ok();
        let lacks =
            |f: fn(&Reference) -> Option<&str>| whole.as_ref().is_none_or(|r| f(r).is_none());
        lacks(Reference::digest)
            && (self.has(KeyWord::Digest) || self.has(KeyWord::Tag) && lacks(Reference::tag))
    }

    /// Judges the map by convention.
    pub(crate) fn image(
        &self,
        around: &Surroundings,
        default_tag: impl FnOnce() -> DefaultTag,
    ) -> Grouped {
        let Some((name, word)) = self.name() else { return Grouped::Nothing };
        if is_another_address(&name.text) || is_placeholder(&name.text) || name.text.contains("{{")
        {
            return Grouped::Nothing;
        }
        if word != KeyWord::Name && name.text.contains(char::is_whitespace) {
            return Grouped::Nothing;
        }
        let own = self.get(KeyWord::Registry).or_else(|| self.get(KeyWord::DefaultRegistry));
        let registry = match (&around.global_registry, self.has(KeyWord::Registry)) {
            (Some(global), true) => Some(global),
            _ if own.is_some() => own,
            _ => around.shared(&name.text),
        };
        let Some(parts) = self.compose(name, registry, default_tag) else {
            return Grouped::Nothing;
        };
        parts.finish(self.route.clone(), name)
    }

    fn compose(
        &self,
        name: &Piece,
        registry: Option<&Piece>,
        default_tag: impl FnOnce() -> DefaultTag,
    ) -> Option<Parts> {
        let templated = |piece: &&Piece| piece.text.contains("{{");
        let mut parts = Parts { registry: registry.cloned(), ..Parts::default() };
        if parts.registry.as_ref().is_some_and(|r| r.text.contains("{{")) {
            return None;
        }
        if let Some(registry) = &mut parts.registry {
            // Some charts write the slash with the registry.
            registry.text.truncate(registry.text.trim_end_matches('/').len());
        }
        let whole = Reference::parse(&name.text).ok();
        let carries =
            |f: fn(&Reference) -> Option<&str>| whole.as_ref().is_some_and(|r| f(r).is_some());
        if let Some(digest) = self.get(KeyWord::Digest).filter(|p| !templated(p)) {
            parts.digest = Some(digest.clone());
        }
        if parts.digest.is_none() && self.get(KeyWord::OneDigest).is_some() {
            parts.unknown.push(Part::Digest);
        }
        match self.get(KeyWord::Tag) {
            Some(tag) if templated(&tag) => parts.unknown.push(Part::Tag),
            // `version: sha256:…`: the tag's key carries the digest.
            Some(tag) if tag.text.starts_with("sha256:") => {
                parts.digest.get_or_insert_with(|| tag.clone());
            }
            Some(tag) => parts.tag = Some((String::new(), tag.clone())),
            None if carries(Reference::tag) || carries(Reference::digest) => {}
            None if parts.digest.is_some() => {}
            None => match default_tag() {
                DefaultTag::AppVersion { prefix, version } => {
                    parts.tag = Some((prefix.to_owned(), version));
                }
                DefaultTag::Unknown => parts.unknown.push(Part::Tag),
                DefaultTag::None => {}
            },
        }
        Some(parts)
    }
}

/// The parts of a reference before they are joined.
#[derive(Debug, Default)]
struct Parts {
    registry: Option<Piece>,
    /// A prefix that the template writes, and the scalar.
    tag: Option<(String, Piece)>,
    digest: Option<Piece>,
    unknown: Vec<Part>,
}

impl Parts {
    fn finish(self, route: Vec<String>, name: &Piece) -> Grouped {
        let mut text = String::new();
        if let Some(registry) = self.registry.as_ref().filter(|r| !r.text.is_empty()) {
            text.push_str(&registry.text);
            text.push('/');
        }
        let name_start = text.len();
        text.push_str(&name.text);
        if let Some((prefix, tag)) = &self.tag {
            text.push(':');
            text.push_str(prefix);
            text.push_str(tag.text.strip_prefix(':').unwrap_or(&tag.text));
        }
        if let Some(digest) = &self.digest {
            text.push('@');
            if !digest.text.contains(':') {
                text.push_str("sha256:");
            }
            text.push_str(digest.text.strip_prefix('@').unwrap_or(&digest.text));
        }
        let reference = match Reference::parse(&text) {
            Ok(reference) => reference,
            Err(error) => {
                let culprit = self.culprit(error.span.start, name_start, name);
                return Grouped::Invalid(Invalid { text, span: culprit, error });
            }
        };
        let mut declarations = Vec::new();
        let mut primary = name.span;
        if let Some(registry) = self.registry {
            primary = registry.span;
            declarations.push((Part::Registry, registry));
        } else if let Some(span) = inside(name, &reference) {
            primary = span;
        }
        declarations.push((Part::Repository, name.clone()));
        declarations.extend(self.tag.map(|(_, tag)| (Part::Tag, tag)));
        declarations.extend(self.digest.map(|digest| (Part::Digest, digest)));
        Grouped::Image(Box::new(Found {
            reference,
            primary,
            declarations,
            unknown: self.unknown,
            evidence: Evidence::Convention,
            role: None,
            condition: None,
            uses: Vec::new(),
            ways: Vec::new(),
            route,
        }))
    }

    /// The piece in which an error at `offset` of the joined text stands.
    fn culprit(&self, offset: usize, name_start: usize, name: &Piece) -> Span {
        let name_end = name_start + name.text.len();
        match (&self.registry, &self.tag, &self.digest) {
            (Some(registry), _, _) if offset < name_start => registry.span,
            (_, Some((prefix, tag)), digest) if offset >= name_end => {
                let tag_end = name_end + 1 + prefix.len() + tag.text.len();
                digest.as_ref().filter(|_| offset > tag_end).map_or(tag.span, |d| d.span)
            }
            (_, None, Some(digest)) if offset >= name_end => digest.span,
            _ => name.span,
        }
    }
}

/// The registry inside a repository scalar (`repository: ghcr.io/o/n`), when the
/// scalar's bytes are its text.
fn inside(name: &Piece, reference: &Reference) -> Option<Span> {
    let registry = reference.registry_span()?;
    let exact = name.span.end - name.span.start == name.text.len();
    exact.then(|| Span::new(name.span.file, name.span.start..name.span.start + registry.len()))
}
