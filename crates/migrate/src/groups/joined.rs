//! Joins images that share bytes, as they come.

use super::{Group, Way};
use chart_lint::model::Image;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Where something is changed: a file and the first byte of an edit of it, or a value.
type Place = (String, usize);

/// The groups of a chart so far.
#[derive(Default)]
pub(super) struct Joined {
    /// Those that were joined to another one are empty.
    groups: Vec<Group>,
    /// The group that each was joined to; itself when it was not.
    into: Vec<usize>,
    /// The groups that change something at a place.
    by_place: HashMap<Place, usize>,
}

impl Joined {
    /// Adds an image, and joins the groups that share a place with it.
    pub(super) fn add(&mut self, index: usize, ways: Vec<Way>) {
        let places = places(&ways);
        let known = places.iter().filter_map(|place| self.by_place.get(place).copied());
        let known: Vec<usize> = known.collect();
        let mut sharing: Vec<usize> = known.into_iter().map(|group| self.joined(group)).collect();
        // The small ones go to the largest.
        sharing.sort_by_key(|&group| (std::cmp::Reverse(self.groups[group].members.len()), group));
        sharing.dedup();
        let new = Group { members: BTreeMap::from([(index, ways)]), ..Group::default() };
        let group = match sharing.split_first() {
            None => {
                self.groups.push(new);
                self.into.push(self.into.len());
                self.groups.len() - 1
            }
            Some((&largest, others)) => {
                for &other in others {
                    let other_group = std::mem::take(&mut self.groups[other]);
                    self.groups[largest].join(other_group);
                    self.into[other] = largest;
                }
                self.groups[largest].join(new);
                largest
            }
        };
        self.by_place.extend(places.into_iter().map(|place| (place, group)));
    }

    /// Lets an image move along with a group that changes bytes which spell it.
    pub(super) fn move_along(&mut self, index: usize, image: &Image) -> bool {
        let mut spelled = image.declarations.iter().map(|declaration| {
            let at = &declaration.location;
            (at.path.to_string(), at.bytes.start)
        });
        let Some(group) = spelled.find_map(|place| self.by_place.get(&place).copied()) else {
            return false;
        };
        let group = self.joined(group);
        self.groups[group].along.insert(index)
    }

    /// The groups, each where its last image came.
    pub(super) fn groups(self) -> Vec<Group> {
        let mut groups: Vec<Group> = self.groups;
        groups.retain(|group| !group.members.is_empty());
        groups.sort_by_key(|group| group.members.keys().next_back().copied());
        groups
    }

    /// The group that one was joined to at last.
    fn joined(&mut self, mut group: usize) -> usize {
        while self.into[group] != group {
            // The way there is half as long the next time.
            self.into[group] = self.into[self.into[group]];
            group = self.into[group];
        }
        group
    }
}

/// Where the edits of an image are, whichever way it takes.
fn places(ways: &[Way]) -> BTreeSet<Place> {
    let edits = ways.iter().flat_map(|way| &way.edits);
    let edits =
        edits.flat_map(|(path, edits)| edits.iter().map(move |edit| (path.clone(), edit.start)));
    // No path has a line feed; a route has one before each key.
    let over = ways.iter().flat_map(|way| &way.overrides);
    let routes = over.map(|one| (format!("\n{}", one.route.join("\n")), 0));
    edits.chain(routes).collect()
}
