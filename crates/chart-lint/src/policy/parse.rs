//! From the text of a policy to what judges.

use super::document::{Document, Endpoint};
use super::mistake::Mistake;
use super::shape;
use super::{Exception, Listed, Narrowing, Place, Policy, Priority, Substitute};
use crate::date::Date;
use crate::model::Level;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use helm_engine::source::{FileId, SourceMap, Span};
use image_ref::{
    ImagePattern, Name, PatternError, Reference, RegistryPattern, Replacement, normalize_registry,
};
use std::collections::HashMap;
use std::sync::Arc;
use yaml_span::{Kind, NodeId, Tree};

/// Reads a policy. All mistakes are told, not only the first.
pub(super) fn parse(text: &str, path: &str) -> Result<Policy, Vec<Mistake>> {
    let tree = yaml_span::parse(text).map_err(|error| {
        let end = text[error.offset.min(text.len())..].chars().next().map_or(0, char::len_utf8);
        let start = error.offset.min(text.len());
        vec![Mistake {
            span: start..start + end,
            message: format!("the policy is not YAML: {error}"),
            help: "correct the text at this place".into(),
        }]
    })?;
    let root = match *tree.documents() {
        [root] => root,
        [] => {
            return Err(vec![whole(
                text,
                "the policy is empty",
                "write `version: 1` and what applies",
            )]);
        }
        [_, second, ..] => {
            let help = "keep one document";
            return Err(vec![Mistake::at(
                &tree,
                second,
                "a policy is one document, and this is a second one",
                help,
            )]);
        }
    };
    let mut mistakes = Vec::new();
    shape::check(&tree, root, &shape::POLICY, &mut mistakes);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let document: Document = serde_yaml::from_str(text).map_err(|error| {
        let at = error.location().map_or(0, |location| location.index().min(text.len()));
        vec![Mistake {
            span: at..at,
            message: format!("the policy cannot be read: {error}"),
            help: "see docs/policy.md for what stands where".into(),
        }]
    })?;
    let mut sources = SourceMap::new();
    let file = sources.add(path, text);
    let mut reader = Reader { tree: &tree, file, mistakes: Vec::new() };
    let policy = reader.policy(root, document, Arc::new(sources));
    reader.mistakes.extend(policy.forbidden_targets());
    if reader.mistakes.is_empty() { Ok(policy) } else { Err(reader.mistakes) }
}

fn whole(text: &str, message: &str, help: &str) -> Mistake {
    Mistake { span: 0..text.len().min(1), message: message.into(), help: help.into() }
}

/// The registries of the lists and of the replacements' targets. A last label that is a
/// wildcard would make a registry of any host or file.
fn hosts<'a>(
    listed: impl Iterator<Item = &'a Listed>,
    replacements: &[Substitute],
) -> Vec<RegistryPattern> {
    let of_target = |substitute: &Substitute| {
        let host = substitute.replacement.to().split('/').next()?;
        RegistryPattern::parse(host).ok()
    };
    let listed = listed.map(|listed| listed.pattern.clone());
    let mut hosts: Vec<RegistryPattern> =
        listed.chain(replacements.iter().filter_map(of_target)).collect();
    hosts.retain(|host| host.as_str().contains(['.', ':']) && !host.as_str().ends_with('*'));
    hosts.sort_by(|a, b| a.as_str().cmp(b.as_str()));
    hosts.dedup();
    hosts
}

struct Reader<'t> {
    tree: &'t Tree<'t>,
    file: FileId,
    mistakes: Vec<Mistake>,
}

impl Reader<'_> {
    fn policy(&mut self, root: NodeId, document: Document, sources: Arc<SourceMap>) -> Policy {
        let registries = self.tree.get(root, "registries").map(|entry| entry.value);
        let allowed = self.registries(registries, "allowed");
        let disallowed = self.registries(registries, "disallowed");
        for listed in &disallowed {
            if let Some(twice) =
                allowed.iter().find(|other| other.pattern.as_str() == listed.pattern.as_str())
            {
                self.mistakes.push(Mistake {
                    span: twice.place.0.range(),
                    message: format!("`{}` is disallowed too", twice.pattern.as_str()),
                    help: "keep it in one of the lists; disallowed wins over allowed".into(),
                });
            }
        }
        let exceptions = self.each(root, "exceptions", document.exceptions, Self::exception);
        let replacements =
            self.each(root, "replacements", document.replacements, Self::replacement);
        let priorities = self.each(root, "priorities", document.priorities, Self::priority);
        let endpoints = self.each(root, "endpoints", document.endpoints, Self::endpoint);
        let mirror = document.mirror.and_then(|text| self.mirror(root, &text));
        let mut levels: HashMap<String, Level> = document.rules.into_iter().collect();
        if let Some(unlisted) = document.registries.unlisted {
            levels.entry("unlisted-registry".into()).or_insert(unlisted);
        }
        let replacements: Vec<Substitute> = replacements.into_iter().flatten().collect();
        let hosts = hosts(allowed.iter().chain(&disallowed), &replacements);
        Policy {
            hosts,
            sources,
            allowed,
            disallowed,
            exceptions: exceptions.into_iter().flatten().collect(),
            replacements,
            priorities: priorities.into_iter().flatten().collect(),
            endpoints: endpoints.into_iter().flatten().collect(),
            mirror,
            levels,
            inline: document.suppressions.inline,
            bump: document.migration.bump,
        }
    }

    fn place(&self, node: NodeId) -> Place {
        Place(Span::new(self.file, self.tree.node(node).span.clone()))
    }

    /// The entries of a list with their nodes.
    fn each<T, R>(
        &mut self,
        root: NodeId,
        key: &str,
        items: Vec<T>,
        read: fn(&mut Self, NodeId, T) -> R,
    ) -> Vec<R> {
        let nodes = self
            .tree
            .get(root, key)
            .map(|entry| self.tree.items(entry.value).to_vec())
            .unwrap_or_default();
        nodes.into_iter().zip(items).map(|(node, item)| read(self, node, item)).collect()
    }

    fn texts(&self, map: NodeId, key: &str) -> Vec<NodeId> {
        self.tree
            .get(map, key)
            .map(|entry| self.tree.items(entry.value).to_vec())
            .unwrap_or_default()
    }

    /// The text of a scalar, and what its mistakes say of its bytes.
    fn pattern<T>(
        &mut self,
        node: NodeId,
        parse: impl Fn(&str) -> Result<T, PatternError>,
    ) -> Option<T> {
        let Kind::Scalar(scalar) = &self.tree.node(self.tree.resolve(node)).kind else {
            return None;
        };
        match parse(&scalar.value) {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                let mut span = scalar.source(error.span.clone());
                if span.is_empty() {
                    span = self.tree.node(node).span.clone();
                }
                let message = format!("`{}` is no pattern: {error}", scalar.value);
                self.mistakes.push(Mistake {
                    span,
                    message,
                    help: "see docs/policy.md, section Patterns".into(),
                });
                None
            }
        }
    }

    fn registries(&mut self, registries: Option<NodeId>, key: &str) -> Vec<Listed> {
        let nodes = registries.map(|map| self.texts(map, key)).unwrap_or_default();
        let mut listed: Vec<Listed> = Vec::new();
        for node in nodes {
            if let Some(pattern) = self.pattern(node, RegistryPattern::parse) {
                listed.push(Listed { pattern, place: self.place(node) });
            }
        }
        // The longer pattern first.
        listed.sort_by_key(|listed| std::cmp::Reverse(listed.pattern.specificity()));
        listed
    }

    fn images(&mut self, map: NodeId) -> Vec<(ImagePattern, Place)> {
        let nodes = self.texts(map, "images");
        nodes
            .into_iter()
            .filter_map(|node| Some((self.pattern(node, ImagePattern::parse)?, self.place(node))))
            .collect()
    }

    fn exception(&mut self, node: NodeId, item: super::document::Exception) -> Option<Exception> {
        let images = self.images(node);
        if item.images.is_empty() {
            self.mistakes.push(Mistake::at(
                self.tree,
                node,
                "this exception names no images",
                "add patterns to `images`",
            ));
        }
        Some(Exception {
            images,
            requires_digest: item.requires.is_some(),
            reason: item.reason,
            expires: item.expires.and_then(|date| date.parse::<Date>().ok()),
            owner: item.owner,
            narrowing: self.narrowing(node),
            place: self.place(node),
        })
    }

    fn replacement(
        &mut self,
        node: NodeId,
        item: super::document::Replacement,
    ) -> Option<Substitute> {
        let from = self.tree.get(node, "from")?.value;
        let to = self.tree.get(node, "to")?.value;
        let pattern = self.pattern(from, ImagePattern::parse)?;
        self.pattern(to, |text| Replacement::check_target(&pattern, text))?;
        let replacement = Replacement::new(&item.from, &item.to).ok()?;
        Some(Substitute { replacement, place: self.place(to) })
    }

    fn priority(&mut self, node: NodeId, item: super::document::Priority) -> Option<Priority> {
        Some(Priority {
            images: self.images(node),
            narrowing: self.narrowing(node),
            urgency: item.priority,
            reason: item.reason,
            place: self.place(node),
        })
    }

    fn endpoint(&mut self, node: NodeId, item: Endpoint) -> Option<Endpoint> {
        let registry = self.tree.get(node, "registry")?.value;
        if item.registry.contains('*') {
            let message = "an endpoint is of one registry, not of a pattern";
            self.mistakes.push(Mistake::at(self.tree, registry, message, "name it in full"));
            return None;
        }
        self.pattern(registry, RegistryPattern::parse)?;
        if let Some(address) = &item.endpoint
            && !(address.starts_with("https://") || address.starts_with("http://"))
        {
            let node = self.tree.get(node, "endpoint")?.value;
            let message = format!("`{address}` is no address");
            let help = "write it with https://, or with http:// where it may be insecure";
            self.mistakes.push(Mistake::at(self.tree, node, message, help));
        }
        Some(Endpoint { registry: normalize_registry(&item.registry), ..item })
    }

    fn mirror(&mut self, root: NodeId, text: &str) -> Option<Name> {
        let node = self.tree.get(root, "mirror")?.value;
        // A registry alone is no name of an image, so one is made of it.
        let sample = format!("{}/x", text.trim_end_matches('/'));
        let parsed = Reference::parse(&sample).ok().filter(|name| {
            name.registry().is_some() && name.tag().is_none() && name.digest().is_none()
        });
        let Some(name) = parsed.map(|reference| reference.name()) else {
            let message = format!("`{text}` is no registry, with or without a folder");
            let help = "write a host such as `123456789012.dkr.ecr.us-east-1.amazonaws.com/mirror`";
            self.mistakes.push(Mistake::at(self.tree, node, message, help));
            return None;
        };
        let repository = name.repository.strip_suffix('x').unwrap_or_default();
        let repository = repository.trim_end_matches('/').to_owned();
        Some(Name { registry: name.registry, repository })
    }

    fn narrowing(&mut self, map: NodeId) -> Narrowing {
        Narrowing { charts: self.globs(map, "charts"), paths: self.globs(map, "paths") }
    }

    fn globs(&mut self, map: NodeId, key: &str) -> Option<GlobSet> {
        let nodes = self.texts(map, key);
        if nodes.is_empty() {
            return None;
        }
        let mut set = GlobSetBuilder::new();
        for node in nodes {
            let text = self.tree.str(node).unwrap_or_default();
            // `*` stays within a part of the path, as it does in images.
            match GlobBuilder::new(text).literal_separator(true).build() {
                Ok(glob) => {
                    set.add(glob);
                }
                Err(error) => {
                    let message = format!("`{text}` is no glob: {}", error.kind());
                    self.mistakes.push(Mistake::at(
                        self.tree,
                        node,
                        message,
                        "write a path such as `charts/*`",
                    ));
                }
            }
        }
        set.build().ok()
    }
}
