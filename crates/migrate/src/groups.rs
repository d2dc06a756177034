//! Images that can only move together, since some bytes spell several of them.

use crate::copies::{Copies, Override};
use crate::edit::Edit;
use crate::migration::{Request, file_of, is_below, top_chart};
use crate::permitted::Permitted;
use crate::propose::{self, Edits, Refusal};
use chart_lint::model::{Image, Status};
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
#[derive(Debug, Clone)]
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
            Ok(ways) => add(grouped.by_chart.entry(&top.display).or_default(), index, ways),
            Err(refusal) => stuck.push((index, refusal)),
        }
    }
    let spells = Spells::of(request);
    for (index, refusal) in stuck {
        if !spells.move_along(request, &mut grouped, index) {
            grouped.refused.push((index, refusal));
        }
    }
    for groups in grouped.by_chart.values_mut() {
        groups.retain_mut(|group| {
            // A way that would change an image which stays is none.
            while let Some(Stays { before, path, image }) = spells.stays(request, group) {
                let because = format!("`{before}` at {path} spells `{}` too", image.reference);
                if !group.next_way() {
                    let refusal = Refusal::new(because, apart(request, image));
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
fn apart(request: &Request<'_>, stays: &Image) -> String {
    let own = "ive the image a registry or repository of its own, then try again.";
    let could = stays.status == Status::Disallowed
        && stays.replacement.is_some()
        && Permitted::of(request.report).by(stays).is_none();
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

/// Adds an image to the groups of its chart, with those that share a place with it.
fn add(groups: &mut Vec<Group>, index: usize, ways: Vec<Way>) {
    let mut new = Group {
        members: BTreeMap::from([(index, ways)]),
        along: BTreeSet::new(),
        way: 0,
        first: 0,
        also: Edits::new(),
    };
    let places = places(&new);
    let shares = |group: &mut Group| !self::places(group).is_disjoint(&places);
    for group in groups.extract_if(.., shares) {
        new.join(group);
    }
    groups.push(new);
}

/// Where the edits of a group are, whichever way it takes.
fn places(group: &Group) -> BTreeSet<(String, usize)> {
    let ways = || group.members.values().flatten();
    let edits = ways()
        .flat_map(|way| &way.edits)
        .flat_map(|(path, edits)| edits.iter().map(move |edit| (path.clone(), edit.start)));
    // No path has a line feed; a route has one before each key.
    let routes =
        ways().flat_map(|way| &way.overrides).map(|one| (format!("\n{}", one.route.join("\n")), 0));
    edits.chain(routes).collect()
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

    /// Lets an image move along with a group that changes bytes which spell it.
    fn move_along(&self, request: &Request<'_>, grouped: &mut Grouped<'_>, index: usize) -> bool {
        let Some(image) = request.report.images.get(index).filter(|i| i.replacement.is_some())
        else {
            return false;
        };
        let spelled: BTreeSet<(String, usize)> = image
            .declarations
            .iter()
            .map(|declaration| &declaration.location)
            .map(|at| (at.path.to_string(), at.bytes.start))
            .collect();
        let mut groups = grouped.by_chart.values_mut().flatten();
        match groups.find(|group| !places(group).is_disjoint(&spelled)) {
            Some(group) => group.along.insert(index),
            None => false,
        }
    }
}
