//! What is asked about: each image with its target, once, however often charts name it.

use chart_images::sibling::Inventory;
use chart_lint::model::{Image as Found, Status};
use chart_lint::policy::Policy;
use chart_lint::verified;
use image_ref::{Name, Reference};
use migrate::mirror::{self, NoPlace};
use migrate::permitted::Permitted;
use registry::Image;
use std::collections::{BTreeMap, HashSet};

/// An image and what has to be there for it.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    /// The image as a chart names it.
    pub(crate) reference: String,
    /// Its replacement, or itself where it stays.
    pub(crate) target: String,
    /// The first place that names it: `path:line`.
    pub(crate) at: String,
    /// The same two, as registries are asked for them.
    pub(crate) source_image: Image,
    pub(crate) target_image: Image,
    /// Whether the policy names the registry of the image.
    pub(crate) source_is_named: bool,
    /// An exception would permit it if it were pinned.
    pub(crate) needs_digest: bool,
    /// Where the policy would copy the image to.
    pub(crate) mirror: Result<Name, NoPlace>,
}

/// An image that cannot be asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Skipped {
    pub(crate) reference: String,
    pub(crate) at: String,
    pub(crate) because: String,
}

/// All images of an inventory.
#[derive(Debug, Default)]
pub(crate) struct Subjects {
    pub(crate) all: Vec<Subject>,
    /// They keep a run from being complete.
    pub(crate) skipped: Vec<Skipped>,
    /// Images that are to move and have no replacement in the policy.
    pub(crate) without_replacement: usize,
}

impl Subjects {
    pub(crate) fn of(inventory: &Inventory) -> Self {
        let policies: BTreeMap<&str, &Policy> = inventory
            .report
            .charts
            .iter()
            .filter_map(|chart| Some((&*chart.path, &**inventory.policies.get(&*chart.policy)?)))
            .collect();
        let mut subjects = Self::default();
        let unpinned: HashSet<*const Found> =
            inventory.unpinned().map(std::ptr::from_ref).collect();
        let permitted = Permitted::of(&inventory.report);
        for image in &inventory.report.images {
            let Some(policy) = policies.get(&*image.chart) else { continue };
            let needs_digest = unpinned.contains(&std::ptr::from_ref(image));
            let stays = permitted.by(image).is_some();
            subjects.take(image, policy, needs_digest, stays);
        }
        let key = |subject: &Subject| {
            (subject.target_image.to_string(), subject.source_image.to_string())
        };
        // Sorting keeps the first place of each.
        subjects.all.sort_by_key(key);
        subjects.all.dedup_by(|later, first| {
            let same = key(later) == key(first);
            first.needs_digest |= same && later.needs_digest;
            same
        });
        subjects.skipped.dedup();
        subjects
    }

    fn take(&mut self, image: &Found, policy: &Policy, needs_digest: bool, stays: bool) {
        let at = image.declarations.first().map(|declaration| &declaration.location);
        let at = at.map(|at| format!("{}:{}", at.path, at.start.line)).unwrap_or_default();
        let mut skip = |because: String| {
            let reference = image.reference.clone();
            self.skipped.push(Skipped { reference, at: at.clone(), because });
        };
        let is_decided = image.status != Status::Unlisted || image.replacement.is_some();
        if !image.unknown.is_empty() && is_decided {
            let parts: Vec<&str> = image.unknown.iter().map(|part| part.as_str()).collect();
            let parts = parts.join(" and ");
            return skip(format!(
                "its {parts} is not told by the chart: vendor its dependencies, or give the values \
                 that decide it with --values"
            ));
        }
        // It stays, or may stay once it is pinned: its digest is wanted more than a replacement.
        let itself = (needs_digest || stays).then_some(&*image.reference);
        let Some(target) = itself.or_else(|| verified::target(image)) else {
            self.without_replacement += usize::from(image.status == Status::Disallowed);
            return;
        };
        let parsed = Reference::parse(&image.reference).ok().zip(Reference::parse(target).ok());
        // The inventory holds none that are wrong.
        let Some((source, wanted)) = parsed else {
            return skip("it is no reference".to_owned());
        };
        let (source_image, target_image) = (Image::of(&source), Image::of(&wanted));
        if !policy.names(&target_image.registry) {
            return skip(format!(
                "no entry of {} names {}, so it is not asked",
                policy.path(),
                target_image.registry
            ));
        }
        self.all.push(Subject {
            reference: image.reference.clone(),
            target: target.to_owned(),
            at,
            source_is_named: policy.names(&source_image.registry),
            needs_digest,
            mirror: mirror::place_of(policy),
            source_image,
            target_image,
        });
    }
}
