//! What each named template reads, and what it puts where a tag is empty.

use super::scope::{ANY, Chain, Reach};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// A named template, or the value of an `image:` line.
#[derive(Debug, Clone, Default)]
pub(crate) struct Unit {
    pub(crate) reach: Reach,
    /// It falls back to the chart's `appVersion`, with this prefix.
    pub(crate) app_version: Option<&'static str>,
}

impl Unit {
    /// Takes in what one action reads.
    pub(crate) fn add(&mut self, reach: Reach, text: &str) {
        // `.root.Chart.AppVersion` too: a helper that takes a `dict` reads it so.
        let app_version = |chain: &Chain| match chain {
            Chain::Chart(path) => path.first().is_some_and(|field| field == "AppVersion"),
            Chain::Other(path) => path.ends_with(&["Chart".to_owned(), "AppVersion".to_owned()]),
            Chain::Values(_) => false,
        };
        if reach.chains.iter().any(app_version) {
            let prefixed =
                text.contains("\"v%s\"") || text.contains("\"v\"") || text.contains("\"v%v\"");
            self.app_version = Some(if prefixed { "v" } else { self.app_version.unwrap_or("") });
        }
        self.reach.chains.extend(reach.chains);
        self.reach.includes.extend(reach.includes);
    }
}

/// The named templates of a chart and of its parents and subcharts.
#[derive(Debug, Default)]
pub(crate) struct Units {
    named: BTreeMap<String, Unit>,
    /// The chains that each named template is called with.
    arguments: BTreeMap<String, Vec<Chain>>,
    /// The named templates that an action includes by their name.
    included: BTreeSet<String>,
}

impl Units {
    /// The named template, made when it is new.
    pub(crate) fn entry(&mut self, name: &str) -> &mut Unit {
        self.named.entry(name.to_owned()).or_default()
    }

    /// A unit and everything it includes.
    pub(crate) fn reachable<'a>(&'a self, start: &'a Unit) -> Vec<&'a Unit> {
        let mut seen: HashSet<&str> = HashSet::new();
        let mut reachable = vec![start];
        let mut next = 0;
        while let Some(unit) = reachable.get(next) {
            for name in &unit.reach.includes {
                if let Some(unit) = self.named.get(name.as_str()).filter(|_| seen.insert(name)) {
                    reachable.push(unit);
                }
            }
            next += 1;
        }
        reachable
    }

    /// Notes what the templates that an action includes are called with.
    pub(crate) fn note_call(&mut self, reach: &Reach) {
        self.included.extend(reach.includes.iter().cloned());
        for name in reach.includes.iter().filter(|_| !reach.chains.is_empty()) {
            self.arguments.entry(name.clone()).or_default().extend(reach.chains.iter().cloned());
        }
    }

    /// True when a named template is there.
    pub(crate) fn is_defined(&self, name: &str) -> bool {
        self.named.contains_key(name)
    }

    /// True when an action that was read includes it.
    pub(crate) fn is_included(&self, name: &str) -> bool {
        self.included.contains(name)
    }

    /// The chains that a named template is called with.
    pub(crate) fn arguments(&self, name: &str) -> &[Chain] {
        self.arguments.get(name).map_or(&[], Vec::as_slice)
    }

    /// All units.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Unit> {
        self.named.values()
    }
}

/// True when a chain reads the map or scalar at a route of the values, or a part of it.
pub(crate) fn touches(chain: &Chain, route: &[String]) -> bool {
    let Chain::Values(path) = chain else { return false };
    if path.is_empty() || route.is_empty() {
        return false;
    }
    let common = path.iter().zip(route).take_while(|(a, b)| *a == *b || *a == ANY).count();
    // The whole of the shorter one: `.Values.image` or `.Values.image.tag` for `image`;
    // a chain of one key reaches an image only when that key is all of its route.
    common == path.len().min(route.len())
        && path.len() <= route.len() + 1
        && path.len() + 1 >= route.len()
}
