//! Images that can only move together, since some bytes spell several of them.

mod joined;

use crate::copies::{Copies, Override};
use crate::edit::Edit;
use crate::migration::{Request, file_of, is_below, top_chart};
use crate::permitted::Permitted;
use crate::propose::{self, Edits, Refusal};
use chart_lint::model::{Image, Status};
use joined::Joined;
use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

/// How an image's text becomes its replacement's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Way {
    /// Edits of files of the chart.
    pub(crate) edits: Edits,
    /// Values over those of copies of dependencies.
    pub(crate) overrides: Vec<Override>,
}

/// Images that share bytes, and the way that they are to take together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Group {
    /// The ways of each, by its index in the report: one or more.
    members: BTreeMap<usize, Vec<Way>>,
    /// Images without bytes of their own that could be changed, which the others' edits
    /// move along.
    along: BTreeSet<usize>,
    /// The number of the way that is tried.
    way: usize,
    /// The first one that leaves alone what is to stay.
    first: usize,
    /// Other places that turned out to spell the same images.
    pub(crate) also: Edits,
}

impl Group {
    /// The images that move.
    pub(crate) fn images(&self) -> impl Iterator<Item = usize> + '_ {
        self.members.keys().chain(&self.along).copied()
    }

    /// The way of each image that is tried.
    pub(crate) fn ways(&self) -> impl Iterator<Item = &Way> {
        // An image with one way takes it whatever the others do.
        self.members.values().filter_map(|ways| ways.get(self.way).or_else(|| ways.last()))
    }

    /// The images whose text is given by values over a copy's.
    pub(crate) fn overridden(&self) -> impl Iterator<Item = usize> + '_ {
        let over = |ways: &[Way]| ways.iter().any(|way| !way.overrides.is_empty());
        self.members.iter().filter(move |(_, ways)| over(ways)).map(|(index, _)| *index).chain(
            // What moves along may be spelled by the same bytes.
            self.along.iter().copied().filter(move |_| self.members.values().any(|w| over(w))),
        )
    }

    /// Goes on to the next way; false when there is none.
    pub(crate) fn next_way(&mut self) -> bool {
        self.way += 1;
        self.also.clear();
        self.members.values().any(|ways| ways.len() > self.way)
    }

    /// The same, with its first way to be tried.
    pub(crate) fn restarted(self) -> Self {
        Self { way: self.first, also: Edits::new(), ..self }
    }

    fn join(&mut self, other: Self) {
        self.members.extend(other.members);
        self.along.extend(other.along);
    }
}

/// The groups of each chart that Helm is given, and the images that cannot move.
pub(crate) struct Grouped<'a> {
    pub(crate) by_chart: BTreeMap<&'a str, Vec<Group>>,
    pub(crate) refused: Vec<(usize, Refusal)>,
}

/// Groups the chosen images.
pub(crate) fn of<'a>(request: &Request<'a>) -> Grouped<'a> {
    let mut grouped = Grouped { by_chart: BTreeMap::new(), refused: Vec::new() };
    let mut joined: BTreeMap<&str, Joined> = BTreeMap::new();
    let mut copies: BTreeMap<&str, Copies> = BTreeMap::new();
    let mut stuck: Vec<(usize, Refusal)> = Vec::new();
    for (index, image) in request.report.images.iter().enumerate() {
        if image.status != Status::Disallowed || !(request.is_chosen)(image) {
            continue;
        }
        if let Err(refusal) = (request.vouch)(image) {
            grouped.refused.push((index, refusal));
            continue;
        }
        let Some(top) = top_chart(request.charts, &image.chart) else { continue };
        let proposed = propose::ways(image).and_then(|ways| {
            let mut copies = |path: &str, edit: &Edit| {
                let loaded =
                    copies.entry(&top.display).or_insert_with(|| Copies::load(request.root, top));
                loaded.overrides(path, edit)
            };
            ways.into_iter().map(|way| place(way, &top.display, &mut copies)).collect()
        });
        match proposed {
            Ok(ways) => joined.entry(&top.display).or_default().add(index, ways),
            Err(refusal) => stuck.push((index, refusal)),
        }
    }
    for (index, refusal) in stuck {
        let image = request.report.images.get(index).filter(|image| image.replacement.is_some());
        if !image.is_some_and(|image| joined.values_mut().any(|of| of.move_along(index, image))) {
            grouped.refused.push((index, refusal));
        }
    }
    grouped.by_chart = joined.into_iter().map(|(chart, of)| (chart, of.groups())).collect();
    let spells = Spells::of(request);
    let permitted = LazyCell::new(|| Permitted::of(request.report));
    for groups in grouped.by_chart.values_mut() {
        groups.retain_mut(|group| {
            // A way that would change an image which stays is none.
            while let Some(Stays { before, path, image }) = spells.stays(request, group) {
                let because = format!("`{before}` at {path} spells `{}` too", image.reference);
                if !group.next_way() {
                    let refusal = Refusal::new(because, apart(request, &permitted, image));
                    grouped.refused.extend(group.images().map(|index| (index, refusal.clone())));
                    return false;
                }
            }
            group.first = group.way;
            true
        });
    }
    grouped.by_chart.retain(|_, groups| !groups.is_empty());
    grouped
}

/// What to do where an image that stays is spelled by the same bytes.
fn apart(request: &Request<'_>, permitted: &Permitted<'_>, stays: &Image) -> String {
    let own = "ive the image a registry or repository of its own, then try again.";
    let could = stays.status == Status::Disallowed
        && stays.replacement.is_some()
        && permitted.by(stays).is_none();
    match could && !(request.is_chosen)(stays) {
        true => format!("Choose `{}` too, so that both move, or g{own}", stays.reference),
        false => format!("G{own}"),
    }
}

/// True of an image that the policy disallows, that was chosen, and whose new place can be
/// relied on.
pub(crate) fn moves(request: &Request<'_>, image: &Image) -> bool {
    image.status == Status::Disallowed
        && (request.is_chosen)(image)
        && (request.vouch)(image).is_ok()
}

/// Gives the values that go over an edit of a copy's file.
type Over<'f> = &'f mut dyn FnMut(&str, &Edit) -> Result<Vec<Override>, Refusal>;

/// Parts the edits of a chart's own files from those of its copies, which become values.
fn place(edits: Edits, top: &str, overrides: Over<'_>) -> Result<Way, Refusal> {
    let mut way = Way::default();
    for (path, edits) in edits {
        if !is_below(&path, &file_of(top, "charts")) {
            way.edits.insert(path, edits);
            continue;
        }
        for edit in edits {
            way.overrides.extend(overrides(&path, &edit)?);
        }
    }
    Ok(way)
}

/// An image that stays, with the bytes of it that would change.
struct Stays<'a> {
    before: String,
    path: String,
    image: &'a Image,
}

/// Which images are spelled with which bytes.
struct Spells<'a>(BTreeMap<(&'a str, usize), BTreeSet<usize>>);

impl<'a> Spells<'a> {
    fn of(request: &Request<'a>) -> Self {
        let mut images: BTreeMap<_, BTreeSet<usize>> = BTreeMap::new();
        for (index, image) in request.report.images.iter().enumerate() {
            for declaration in &image.declarations {
                let at = &declaration.location;
                images.entry((&*at.path, at.bytes.start)).or_default().insert(index);
            }
        }
        Self(images)
    }

    /// What a group would change that is to stay.
    fn stays(&self, request: &Request<'a>, group: &Group) -> Option<Stays<'a>> {
        let moving: BTreeSet<usize> = group.images().collect();
        for (path, edits) in group.ways().flat_map(|way| &way.edits) {
            for edit in edits {
                let spelled = self.0.get(&(path.as_str(), edit.start)).into_iter().flatten();
                let mut others = spelled.filter(|other| !moving.contains(other));
                if let Some(image) = others.find_map(|&other| request.report.images.get(other)) {
                    return Some(Stays { before: edit.before.clone(), path: path.clone(), image });
                }
            }
        }
        None
    }
}
