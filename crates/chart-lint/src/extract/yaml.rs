//! Images in a YAML tree: a values file, a manifest, a string that holds either.

use super::found::{Extraction, Found, Site};
use super::fragment::Fragment;
use super::group::{DefaultTag, Field, Group, Grouped, Surroundings};
use super::lookup::{Layer, Lookup};
use super::manifest::Manifest;
use super::scan::Demand;
use super::settle::DefaultTags;
use super::template;
use super::text::{document, running_text};
use super::words::{KeyWord, is_another_address, is_placeholder, key_word};
use crate::model::{Evidence, Role};
use std::collections::{HashMap, HashSet};
use yaml_span::{Entry, Kind, NodeId, Scalar, Tree};

/// How deep strings may hold YAML that holds strings.
const DEEPEST_NESTING: usize = 4;

/// Where the tree stands, so what its keys mean.
#[derive(Clone, Default)]
pub(crate) struct Place<'a> {
    /// The kind of the manifest; `None` in values.
    pub(crate) kind: Option<String>,
    /// What the manifest's containers are for.
    pub(crate) role: Option<Role>,
    /// How the text came about, when it stands in no file.
    pub(crate) evidence: Option<Evidence>,
    /// Strings around this one.
    pub(crate) nesting: usize,
    /// What the chart supplies for parts that are left out.
    pub(crate) around: Surroundings,
    /// The values that reach the chart.
    pub(crate) lookup: Lookup<'a>,
    /// What its templates put where a tag is empty.
    pub(crate) tags: Option<&'a DefaultTags<'a>>,
    /// Keys at the root that belong to subcharts, which are read with them.
    pub(crate) apart: &'a [String],
}

/// Walks every document of a tree.
pub(crate) fn extract(
    fragment: &Fragment<'_>,
    tree: &Tree<'_>,
    place: &Place<'_>,
    out: &mut Extraction,
) {
    for &root in tree.documents() {
        extract_node(fragment, tree, root, place, out);
    }
}

/// Walks one map of a tree as the root.
pub(crate) fn extract_node(
    fragment: &Fragment<'_>,
    tree: &Tree<'_>,
    root: NodeId,
    place: &Place<'_>,
    out: &mut Extraction,
) {
    let mut place = place.clone();
    if let Some(manifest) = Manifest::of(tree, root) {
        // A list of manifests, each for what it is itself.
        if manifest.kind == "List"
            && let Some(items) = tree.get(root, "items")
        {
            for &item in tree.items(items.value) {
                extract_node(fragment, tree, item, &place, out);
            }
            return;
        }
        place.kind = Some(manifest.kind);
        // What Helm renders says what it is for; the folder of a file that is only read
        // says more than its text.
        place.role = match place.evidence {
            Some(Evidence::Evaluation) => manifest.role.or(place.role),
            _ => place.role.or(manifest.role),
        };
    }
    let own = place
        .lookup
        .layers
        .iter()
        .position(|layer| std::ptr::eq(layer.tree, tree) && layer.node == root);
    let (stronger, weaker) = match own {
        Some(own) => (place.lookup.layers[..own].to_vec(), place.lookup.layers[own + 1..].to_vec()),
        None => (Vec::new(), Vec::new()),
    };
    let mut walk = Walk { fragment, tree, place, stronger, weaker, route: Vec::new(), out };
    walk.node(root, KeyWord::Other);
}

struct Walk<'a, 'o> {
    fragment: &'a Fragment<'a>,
    tree: &'a Tree<'a>,
    place: Place<'a>,
    /// The same map in the layers of values above and below this one.
    stronger: Vec<Layer<'a>>,
    weaker: Vec<Layer<'a>>,
    route: Vec<String>,
    out: &'o mut Extraction,
}

impl<'a> Walk<'a, '_> {
    fn node(&mut self, id: NodeId, word: KeyWord) {
        match &self.tree.node(id).kind {
            Kind::Mapping(entries) => self.map(id, entries, word),
            Kind::Sequence(items) => {
                for (index, &item) in items.iter().enumerate() {
                    self.below(format!("[{index}]"), item, word);
                }
            }
            Kind::Scalar(scalar) => self.scalar(scalar, word, None),
            // The anchor's node is walked where it stands; only an image that is
            // nothing but an alias needs the key that stands here.
            Kind::Alias(_) => {
                if let (KeyWord::Image, Kind::Scalar(scalar)) =
                    (word, &self.tree.node(self.tree.resolve(id)).kind)
                {
                    self.scalar(scalar, word, None);
                }
            }
        }
    }

    fn map(&mut self, id: NodeId, entries: &[Entry], word: KeyWord) {
        if self.place.kind.as_deref() == Some("CustomResourceDefinition") && self.at_schema() {
            return;
        }
        let group = self.group(id);
        let tag = || self.place.tags.map_or(DefaultTag::None, |tags| tags.at(&self.route));
        let consumed = match group.image(&self.place.around, tag) {
            Grouped::Image(found) => {
                self.found(*found, id);
                true
            }
            Grouped::Invalid(invalid) => {
                self.out.invalid.push(invalid);
                true
            }
            Grouped::Nothing => false,
        };
        let env = self.environment(id);
        let dead = overridden(self.tree, entries);
        for entry in entries {
            let key = self.tree.str(entry.key).unwrap_or_default();
            if self.route.is_empty() && self.place.apart.iter().any(|apart| apart == key) {
                continue;
            }
            let own = match key_word(key) {
                // `images: {web: "repo:tag"}`
                KeyWord::Other | KeyWord::Name if word == KeyWord::Images => KeyWord::Image,
                own => own,
            };
            let part = matches!(
                own,
                KeyWord::Registry
                    | KeyWord::DefaultRegistry
                    | KeyWord::Repository
                    | KeyWord::Tag
                    | KeyWord::Digest
            );
            if consumed && (part || matches!(key, "name" | "image")) {
                continue;
            }
            if dead.contains(&entry.value) {
                continue;
            }
            match &self.tree.node(entry.value).kind {
                // The parent's values say which image it is.
                Kind::Scalar(_) if own == KeyWord::Image && self.is_given_above(key) => {}
                Kind::Scalar(scalar) if own == KeyWord::Image => {
                    let container = self.tree.get(id, "name").and_then(|e| self.tree.str(e.value));
                    if key == "image" && is_hollow(scalar) {
                        self.blank(entry, scalar, container);
                        continue;
                    }
                    self.route.push(key.to_owned());
                    self.scalar(scalar, own, container.map(str::to_owned).as_deref());
                    self.route.pop();
                }
                Kind::Scalar(scalar) if env && key == "value" => {
                    self.argument(scalar, Demand::Registry)
                }
                _ => self.below(key.to_owned(), entry.value, own),
            }
        }
    }

    /// True inside the schema of a CRD, where keys are names of properties.
    fn at_schema(&self) -> bool {
        self.route.iter().any(|key| key == "openAPIV3Schema" || key == "validation")
    }

    /// True of `{name: X_IMAGE, value: …}`.
    fn environment(&self, id: NodeId) -> bool {
        self.tree
            .get(id, "name")
            .and_then(|entry| self.tree.str(entry.value))
            .is_some_and(|name| name.to_ascii_uppercase().contains("IMAGE"))
    }

    /// Text in a manifest is what Kubernetes reads; text in values is what a
    /// template may make of it.
    fn evidence(&self) -> Evidence {
        let of_text =
            if self.place.kind.is_some() { Evidence::Literal } else { Evidence::Convention };
        self.place.evidence.unwrap_or(of_text)
    }

    /// True when stronger values have a text under this key of the map.
    fn is_given_above(&self, key: &str) -> bool {
        let above = self.stronger.iter().filter_map(|layer| layer.child(&[key]));
        above.into_iter().any(|layer| match &layer.tree.node(layer.node).kind {
            Kind::Scalar(scalar) => !scalar.is_null() && !scalar.value.is_empty(),
            _ => false,
        })
    }

    /// The scalars of a map, with those of the same map in the other layers of values.
    fn group(&self, id: NodeId) -> Group {
        let mut fields = Vec::new();
        // The last one counts, so the strongest is read last.
        for layer in self.weaker.iter().rev() {
            gather(layer.fragment, layer.tree, layer.node, 0, &mut fields);
        }
        gather(self.fragment, self.tree, id, 0, &mut fields);
        for layer in self.stronger.iter().rev() {
            gather(layer.fragment, layer.tree, layer.node, 0, &mut fields);
        }
        Group { route: self.route.clone(), fields }
    }

    /// Walks into a value, in every layer at once.
    fn below(&mut self, key: String, id: NodeId, word: KeyWord) {
        let child = |layers: &mut Vec<Layer<'a>>| {
            let inner = layers.iter().filter_map(|layer| layer.child(&[&key])).collect();
            std::mem::replace(layers, inner)
        };
        let (stronger, weaker) = (child(&mut self.stronger), child(&mut self.weaker));
        self.route.push(key);
        self.node(id, word);
        self.route.pop();
        (self.stronger, self.weaker) = (stronger, weaker);
    }

    fn found(&mut self, mut found: Found, id: NodeId) {
        found.role = self.place.role;
        found.evidence = self.evidence();
        if self.place.evidence.is_some() {
            found.route.clear();
        }
        if let Some(kind) = &self.place.kind {
            let container =
                self.tree.get(id, "name").and_then(|e| self.tree.str(e.value)).map(str::to_owned);
            let site = self.fragment.site(self.tree.node(id).span.clone());
            let span = site.unwrap_or(found.primary);
            found.uses.push(Site { span, kind: Some(kind.clone()), container });
        }
        self.out.images.push(found);
    }

    fn scalar(&mut self, scalar: &Scalar<'_>, word: KeyWord, container: Option<&str>) {
        let text = &*scalar.value;
        if text.is_empty() {
            return;
        }
        if text.contains("{{") || (text.contains('\n') && text.trim().lines().nth(1).is_some()) {
            self.nested(scalar, word);
        } else if word == KeyWord::Image {
            self.image(scalar, container);
        } else {
            let demand =
                if text.contains("image") { Demand::Registry } else { Demand::RegistryAndVersion };
            self.argument(scalar, demand);
        }
    }

    /// A container whose image was evaluated to nothing.
    fn blank(&mut self, entry: &Entry, scalar: &Scalar<'_>, container: Option<&str>) {
        let (Some(container), Some(Evidence::Evaluation)) = (container, self.place.evidence) else {
            return;
        };
        // What is not there at all has no place: it belongs behind `image: `.
        let place = match scalar.value.is_empty() && scalar.is_null() {
            true => self.tree.node(entry.key).span.end + ": ".len(),
            false => self.tree.node(entry.value).span.start,
        };
        if let Some(span) = self.fragment.site(place..place) {
            let (kind, container) = (self.place.kind.clone(), Some(container.to_owned()));
            self.out.blanks.push(Site { span, kind, container });
        }
    }

    /// A string under a key that says that it is an image.
    fn image(&mut self, scalar: &Scalar<'_>, container: Option<&str>) {
        let fragment = Fragment::scalar(self.fragment, scalar);
        let start = fragment.text.len() - fragment.text.trim_start().len();
        let range = start..start + fragment.text.trim().len();
        let text = &fragment.text[range.clone()];
        let exact = self.route.last().is_some_and(|key| key == "image");
        if is_placeholder(text) || is_another_address(text) || (scalar.is_not_text() && !exact) {
            return;
        }
        let plain_word = !text.contains(['/', ':', '@']);
        if scalar.is_not_text() || (plain_word && !exact && self.place.kind.is_none()) {
            return;
        }
        let site = fragment.site(range.clone());
        match Found::in_one_piece(&fragment, range, self.evidence()) {
            Ok(mut found) => {
                found.role = self.place.role;
                if self.place.evidence.is_none() {
                    found.route.clone_from(&self.route);
                }
                if let Some(kind) = &self.place.kind {
                    let container = container.map(str::to_owned);
                    let span = site.unwrap_or(found.primary);
                    found.uses.push(Site { span, kind: Some(kind.clone()), container });
                }
                self.out.images.push(found);
            }
            // Prose under such a key is no image that went wrong.
            Err(invalid) if exact && !text.contains(char::is_whitespace) => {
                self.out.invalid.push(invalid)
            }
            Err(_) => {}
        }
    }

    /// A string that may name an image in passing.
    fn argument(&mut self, scalar: &Scalar<'_>, demand: Demand) {
        let fragment = Fragment::scalar(self.fragment, scalar);
        running_text(&fragment, demand, &self.place, &self.route, self.out);
    }

    /// A string that holds YAML or a template.
    fn nested(&mut self, scalar: &Scalar<'_>, word: KeyWord) {
        if self.place.nesting >= DEEPEST_NESTING {
            return;
        }
        let fragment = Fragment::scalar(self.fragment, scalar);
        let mut place = self.place.clone();
        place.nesting += 1;
        if fragment.text.contains("{{") {
            template::extract_string(&fragment, word, &place, self.out);
        } else {
            place.apart = &[];
            document(&fragment, &place, &self.route, self.out);
        }
    }
}

/// True of what is left of a reference when the value of its name is not set: nothing,
/// `:`, `:1.4`.
fn is_hollow(scalar: &Scalar<'_>) -> bool {
    let name = scalar.value.split([':', '@']).next().unwrap_or_default();
    name.trim_matches('/').trim().is_empty()
}

/// The values of keys that the same map has again: the last one counts.
fn overridden(tree: &Tree<'_>, entries: &[Entry]) -> HashSet<NodeId> {
    let mut last: HashMap<&str, NodeId> = HashMap::with_capacity(entries.len());
    let mut dead = HashSet::new();
    for entry in entries {
        let key = tree.str(entry.key).unwrap_or_default();
        dead.extend(last.insert(key, entry.value).filter(|_| key != "<<"));
    }
    dead
}

/// The scalars of a map whose keys mean something, those that it merges in first.
fn gather(
    fragment: &Fragment<'_>,
    tree: &Tree<'_>,
    map: NodeId,
    depth: usize,
    fields: &mut Vec<Field>,
) {
    for entry in tree.entries(map) {
        let key = tree.str(entry.key).unwrap_or_default();
        if key == "<<" && depth < DEEPEST_NESTING {
            gather(fragment, tree, entry.value, depth + 1, fields);
            for &item in tree.items(entry.value) {
                gather(fragment, tree, item, depth + 1, fields);
            }
            continue;
        }
        let word = key_word(key);
        if word == KeyWord::Other || (word == KeyWord::Image && key != "image") {
            continue;
        }
        let Kind::Scalar(scalar) = &tree.node(tree.resolve(entry.value)).kind else { continue };
        let mut value = Fragment::scalar(fragment, scalar).whole();
        value.text = scalar.printed().into_owned();
        fields.push(Field { word, value });
    }
}
