//! Brings together what the files of a chart gave: uses find their
//! declarations, and what was found twice is one image.

use super::found::{Extraction, Found, Site, Unresolved, Why};
use super::fragment::Piece;
use super::group::DefaultTag;
use super::lookup::Lookup;
use super::rendered::{Evaluated, is_at};
use super::template::{Chain, DynamicSite, Unit, Units, touches};
use super::unresolved;
use crate::model::{Evidence, Part, Role};
use helm_engine::source::{FileId, Span};
use std::collections::{HashMap, HashSet};

/// What a chart's templates put where a tag is empty.
pub(crate) struct DefaultTags<'a> {
    pub(crate) units: &'a Units,
    pub(crate) sites: &'a [DynamicSite],
    pub(crate) version: Option<Piece>,
    /// The keys of the values of dependencies that are not vendored.
    pub(crate) missing: &'a [String],
}

impl DefaultTags<'_> {
    /// For the map at a route of the values.
    pub(crate) fn at(&self, route: &[String]) -> DefaultTag {
        // The values are for another chart, which has a version of its own.
        if route.first().is_some_and(|key| self.missing.contains(key)) {
            return DefaultTag::Unknown;
        }
        let Some(version) = &self.version else { return DefaultTag::None };
        let reads = |unit: &Unit| unit.reach.chains.iter().any(|chain| touches(chain, route));
        let mut touched = false;
        let mut prefix = None;
        let units = self.sites.iter().map(|site| &site.unit).chain(self.units.all());
        for unit in units.filter(|unit| reads(unit)) {
            touched = true;
            let mut reachable = self.units.reachable(unit);
            reachable.retain(|unit| unit.app_version.is_some());
            prefix = prefix.or(reachable.first().and_then(|unit| unit.app_version));
        }
        if !touched {
            // Read in a way that only evaluation follows: as the chart's other images are.
            prefix = self.units.all().find_map(|unit| unit.app_version);
        }
        match prefix {
            Some(prefix) => DefaultTag::AppVersion { prefix, version: version.clone() },
            None => DefaultTag::None,
        }
    }
}

/// What is known when the uses of a chart are settled.
pub(super) struct Known<'a, 'l> {
    pub(super) units: &'a Units,
    pub(super) lookup: &'a Lookup<'l>,
    pub(super) evaluated: &'a Evaluated,
    /// The keys of the values of dependencies that are not vendored.
    pub(super) missing: &'a [String],
}

/// Links uses to declarations and drops what was found twice. `apart` tells the
/// files that the evaluation did not read.
pub(super) fn settle(
    extraction: &mut Extraction,
    sites: Vec<DynamicSite>,
    known: &Known<'_, '_>,
    apart: &HashSet<FileId>,
) {
    let evaluated = known.evaluated;
    let mut blanks = std::mem::take(&mut extraction.blanks);
    for site in sites {
        let found = link(&mut extraction.images, &site, known.units) || site.known;
        let before = blanks.len();
        blanks.retain(|blank| !is_at(blank.span, site.site.span));
        // What the chart's own values leave empty is so, whatever values look alike.
        let is_blank = blanks.len() < before;
        if (is_blank || !found && !evaluated.printed(site.site.span))
            && let Some((why, is_run)) = unresolved::why(&site, is_blank, known)
        {
            extraction.unresolved.push(Unresolved {
                site: site.site,
                text: site.text,
                why,
                is_run,
            });
        }
    }
    for site in blanks {
        let why = Why::Empty(Vec::new());
        extraction.unresolved.push(Unresolved { site, text: String::new(), why, is_run: true });
    }
    prefer_evaluated(extraction, evaluated, apart);
    merge(&mut extraction.images);
    extraction.invalid.sort_by_key(|invalid| invalid.span);
    extraction.invalid.dedup_by_key(|invalid| invalid.span);
}

/// Gives a use to the images of the values that it reads. False when there are none.
fn link(images: &mut [Found], site: &DynamicSite, units: &Units) -> bool {
    let mut linked = false;
    let reachable = units.reachable(&site.unit);
    let callers = site.define.as_deref().map(|name| units.arguments(name)).unwrap_or_default();
    let chains: Vec<&Chain> =
        reachable.iter().flat_map(|unit| &unit.reach.chains).chain(callers).collect();
    for image in images.iter_mut().filter(|image| !image.route.is_empty()) {
        if !chains.iter().any(|chain| touches(chain, &image.route)) {
            continue;
        }
        linked = true;
        image.role = stronger(image.role, site.role);
        if !image.uses.contains(&site.site) {
            image.uses.push(site.site.clone());
        }
    }
    linked
}

/// Of two roles the one that weighs more: an image that serves anywhere is a runtime image.
fn stronger(a: Option<Role>, b: Option<Role>) -> Option<Role> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// What Helm renders is exact, so what reading made of the same bytes goes; what
/// it knew of their place stays.
fn prefer_evaluated(extraction: &mut Extraction, evaluated: &Evaluated, apart: &HashSet<FileId>) {
    let mut read: HashMap<Span, (Vec<String>, Vec<Site>)> = HashMap::new();
    extraction.images.retain(|image| {
        let elsewhere = || image.declarations.iter().any(|(_, p)| apart.contains(&p.span.file));
        let exact = matches!(image.evidence, Evidence::Evaluation | Evidence::Annotation);
        if exact || !image.names().all(|name| evaluated.names(name)) || elsewhere() {
            return true;
        }
        let kept = read.entry(image.identity()).or_default();
        if kept.0.is_empty() {
            kept.0.clone_from(&image.route);
        }
        kept.1.extend(image.uses.iter().cloned());
        false
    });
    for (_, uses) in read.values_mut() {
        uses.retain(|site| !evaluated.printed(site.span));
    }
    // Each template that prints an image has it once; they are one before long.
    let mut given = HashSet::new();
    for image in &mut extraction.images {
        let Some((route, uses)) = read.get(&image.identity()) else { continue };
        if image.evidence != Evidence::Evaluation {
            continue;
        }
        image.route.clone_from(route);
        if given.insert((image.identity(), image.reference.text().to_owned())) {
            image.uses.extend(uses.iter().cloned());
        }
    }
    let valid: HashSet<Span> = extraction
        .images
        .iter()
        .filter(|image| image.evidence == Evidence::Evaluation)
        .flat_map(|image| image.declarations.iter().map(|(_, piece)| piece.span))
        .collect();
    extraction.invalid.retain(|invalid| !valid.contains(&invalid.span));
}

/// A literal that a template completes (`printf "%s:%s" "ghcr.io/acme/web" .Values.tag`)
/// is half of the image that was found there, and no image of its own.
fn drop_halves(images: &mut Vec<Found>) {
    let joined: HashSet<Span> = images
        .iter()
        .filter(|image| image.evidence == Evidence::Template)
        .map(|image| image.primary)
        .collect();
    images.retain(|image| {
        let versioned = image.reference.tag().is_some() || image.reference.digest().is_some();
        image.evidence != Evidence::Literal || versioned || !joined.contains(&image.primary)
    });
}

fn merge(images: &mut Vec<Found>) {
    // What was followed through a template is exact, so what convention makes of
    // the same bytes goes.
    let followed: HashSet<Span> = images
        .iter()
        .filter(|image| image.evidence == Evidence::Template)
        .flat_map(|image| image.declarations.iter().filter(|(part, _)| *part != Part::Tag))
        .map(|(_, piece)| piece.span)
        .collect();
    images.retain(|image| {
        image.evidence != Evidence::Convention || !followed.contains(&image.identity())
    });
    drop_halves(images);
    images.sort_by_key(|image| {
        let weight = (image.condition.is_some(), image.evidence, image.unknown.len());
        (image.identity(), image.reference.text().to_owned(), weight, image.primary)
    });
    images.dedup_by(|later, first| {
        // Templates can each write the registry for a name of the values: these are
        // several places to change, where other values would only say the same again.
        let apart = later.primary != first.primary
            && later.condition.is_none()
            && later.evidence == Evidence::Evaluation;
        let same = later.identity() == first.identity()
            && later.reference.text() == first.reference.text()
            && !apart;
        if same {
            first.role = stronger(first.role, later.role);
            first.ways.append(&mut later.ways);
            first.uses.append(&mut later.uses);
        }
        same
    });
    for image in images {
        let mut seen = HashSet::new();
        image.uses.retain(|site| seen.insert(site.clone()));
    }
}
