//! A chart as it was and as it is to be, rendered once for whatever is the same of tests.

use super::given::Given;
use super::paths;
use super::read::Assert;
use super::side::{Manifest, Side};
use super::words::Words;
use crate::written::Left;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// The steps that the tests of a chart may take; what is read of manifests counts too.
const MOST_STEPS: usize = 30_000_000;
/// How many bytes are looked through in a step.
const READ_IN_A_STEP: usize = 8;
/// How many bytes of manifests are kept for tests that give the same.
const MOST_KEPT: usize = 64 << 20;

/// A chart as it was and as it is to be.
pub(super) struct Sides {
    before: Side,
    after: Side,
    pairs: RefCell<HashMap<(String, Given), Rc<Pair>>>,
    kept: Cell<usize>,
    left: Cell<usize>,
    /// What the tests of the chart may still give.
    pub(super) to_give: RefCell<Left>,
}

/// What both render for a test.
pub(super) struct Pair {
    before: Vec<Manifest>,
    after: Vec<Manifest>,
    seen: RefCell<HashMap<Place, Rc<Seen>>>,
}

/// Where an assertion looks.
type Place = (Rc<[String]>, Option<String>);

/// What an assertion sees.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// What is at its path, before and after; nothing where that cannot be told.
    pub(super) at_path: Vec<(String, String)>,
    /// The words in which that differs, or the manifests do.
    pub(super) words: Words,
    /// Whether it differs.
    pub(super) differs: bool,
}

impl Sides {
    pub(super) fn new(before: Side, after: Side) -> Self {
        let left = Cell::new(MOST_STEPS);
        let to_give = RefCell::new(Left::of_tests());
        Self { before, after, pairs: RefCell::default(), kept: Cell::new(0), left, to_give }
    }

    /// What both render for a test of a suite in a folder; `None` where the tests of the chart
    /// took too long already.
    pub(super) fn pair(&self, given: &Given, folder: &str) -> Option<Rc<Pair>> {
        let key = (folder.to_owned(), given.clone());
        if let Some(pair) = self.pairs.borrow().get(&key) {
            return Some(Rc::clone(pair));
        }
        self.spend(0)?;
        let (before, of_before) = self.before.manifests(given, folder)?;
        let (after, of_after) = self.after.manifests(given, folder)?;
        let bytes = before.iter().chain(&after).map(|manifest| manifest.text.len()).sum::<usize>();
        let spent = self.left.get().saturating_sub(of_before + of_after + bytes / READ_IN_A_STEP);
        self.left.set(spent);
        let pair = Rc::new(Pair { before, after, seen: RefCell::default() });
        self.keep(bytes);
        self.pairs.borrow_mut().insert(key, Rc::clone(&pair));
        Some(pair)
    }

    /// What an assertion sees; `None` where the tests of the chart took too long already.
    pub(super) fn seen(&self, pair: &Pair, assert: &Assert) -> Option<Rc<Seen>> {
        let place = (Rc::clone(&assert.templates), assert.path.clone());
        if let Some(seen) = pair.seen.borrow().get(&place) {
            return Some(Rc::clone(seen));
        }
        let (seen, bytes) = pair.see(assert);
        self.spend(bytes / READ_IN_A_STEP)?;
        let seen = Rc::new(seen);
        self.keep(bytes);
        pair.seen.borrow_mut().insert(place, Rc::clone(&seen));
        Some(seen)
    }

    fn spend(&self, steps: usize) -> Option<()> {
        let left = self.left.get().checked_sub(steps + 1);
        self.left.set(left.unwrap_or_default());
        left.map(drop)
    }

    /// Makes room for what is kept from now on.
    fn keep(&self, bytes: usize) {
        let kept = self.kept.get() + bytes;
        if kept > MOST_KEPT {
            self.pairs.borrow_mut().clear();
        }
        self.kept.set(if kept > MOST_KEPT { bytes } else { kept });
    }
}

impl Pair {
    pub(super) fn differs(&self) -> bool {
        self.before != self.after
    }

    /// What an assertion sees, and the bytes that it took.
    fn see(&self, assert: &Assert) -> (Seen, usize) {
        let pairs: Vec<(&Manifest, &Manifest)> = self
            .before
            .iter()
            .filter(|old| assert.is_about(&old.path))
            .filter_map(|old| Some((old, self.after.iter().find(|new| new.path == old.path)?)))
            .collect();
        let bytes = pairs.iter().map(|(old, new)| old.text.len() + new.text.len()).sum();
        let mut at_path = Vec::new();
        if let Some(path) = &assert.path {
            for (old, new) in &pairs {
                at_path
                    .extend(paths::at(&old.text, path).into_iter().zip(paths::at(&new.text, path)));
            }
        }
        let texts: Vec<(&str, &str)> = match at_path.is_empty() {
            true => pairs.iter().map(|(old, new)| (&*old.text, &*new.text)).collect(),
            false => at_path.iter().map(|(old, new)| (&**old, &**new)).collect(),
        };
        let words = Words::of(texts.iter().copied(), !at_path.is_empty());
        let differs = texts.iter().any(|(old, new)| old != new);
        (Seen { at_path, words, differs }, bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::super::given::Release;
    use super::*;
    use chart_lint::discover::FoundChart;
    use std::fs;
    use std::sync::Arc;

    #[test]
    fn what_is_the_same_is_rendered_once_and_the_steps_of_a_chart_end() {
        let root = tempfile::tempdir().unwrap();
        let chart = root.path().join("a");
        fs::create_dir_all(chart.join("templates")).unwrap();
        fs::write(chart.join("Chart.yaml"), "apiVersion: v2\nname: a\nversion: 1.0.0\n").unwrap();
        fs::write(chart.join("templates/t.yaml"), "# {{ range until 1000 }}{{ . }}{{ end }}")
            .unwrap();
        let found = FoundChart { dir: chart, display: "a".to_owned() };
        let side = || Side::load(root.path(), &found, Arc::default());
        let sides = Sides::new(side(), side());
        sides.left.set(20_000);
        let given = |revision| Given {
            release: Release { revision: Some(revision), ..Release::default() },
            ..Given::default()
        };
        let first = sides.pair(&given(0), "a").unwrap();
        let left = sides.left.get();
        assert!(left < 20_000, "{left}");
        assert!(Rc::ptr_eq(&first, &sides.pair(&given(0), "a").unwrap()));
        assert_eq!(sides.left.get(), left);
        let most = 20_000 / (20_000 - left) + 1;
        let rendered = (1..100).take_while(|&n| sides.pair(&given(n), "a").is_some()).count();
        assert!(rendered <= most, "{rendered} with {left}");
        // What is there already costs nothing.
        assert!(sides.pair(&given(0), "a").is_some());
    }

    #[test]
    fn values_are_read_as_long_as_they_are_few() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("Chart.yaml"), "apiVersion: v2\nname: a\nversion: 1.0.0\n")
            .unwrap();
        fs::write(root.path().join("large.yaml"), format!("a: {}\n", "x".repeat(1 << 20))).unwrap();
        let found = FoundChart { dir: root.path().to_owned(), display: ".".to_owned() };
        let side = || Side::load(root.path(), &found, Arc::default());
        let sides = Sides::new(side(), side());
        let given =
            |times| Given { files: vec!["large.yaml".to_owned(); times], ..Given::default() };
        assert!(sides.pair(&given(3), ".").is_some());
        assert!(sides.left.get() < MOST_STEPS - (6 << 20));
        assert!(sides.pair(&given(4), ".").is_none());
    }
}
