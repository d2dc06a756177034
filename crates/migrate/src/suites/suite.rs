//! How one suite follows: its edits, those of its snapshots, and what is left to do by hand.

use super::judge::Judge;
use super::read::{self, Assert, Test};
use super::sides::{Seen, Sides};
use super::snapshot;
use super::uses::{self, Wanted};
use super::words::{self, Words};
use crate::edit::Edit;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use yaml_span::{Kind, NodeId, Tree};

/// A suite, as it is written.
pub(super) struct Suite<'s> {
    pub(super) path: &'s str,
    pub(super) text: &'s str,
    /// The file of its snapshots, and its text.
    pub(super) of_snapshots: &'s str,
    pub(super) snapshots: &'s str,
}

/// What becomes of a suite.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) edits: Vec<Edit>,
    pub(super) of_snapshots: Vec<Edit>,
    /// Whether a checksum of a snapshot cannot be told.
    pub(super) misses_a_digest: bool,
    pub(super) notes: Vec<String>,
}

/// What can be in an expectation that has to follow.
pub(super) type Signs = BTreeSet<String>;

pub(super) fn mentions(text: &str, signs: &Signs) -> bool {
    // A pattern may have its dots escaped.
    let plain = text.replace("\\.", ".");
    signs.iter().any(|sign| plain.contains(sign.as_str())) || words::has_digest(text)
}

/// An assertion whose test was rendered.
struct Rendered<'t> {
    assert: &'t Assert,
    /// What it expects.
    scalars: Vec<NodeId>,
    seen: Rc<Seen>,
    /// What its test depends on that is not known here.
    beyond: Option<&'static str>,
}

impl Suite<'_> {
    pub(super) fn follow(&self, sides: &Sides, signs: &Signs) -> Outcome {
        let mut outcome = Outcome::default();
        let tree = match yaml_span::parse(self.text) {
            Ok(tree) => tree,
            Err(error) => {
                if mentions(self.text, signs) {
                    let how = "it cannot be read as YAML, and does not follow";
                    outcome.notes.push(self.note(error.offset, how));
                }
                return outcome;
            }
        };
        let Some(tests) = read::tests(&tree, &mut sides.to_give.borrow_mut()) else {
            let how = "the tests of the chart are too many to be read, and those of this suite do \
                       not follow";
            outcome.notes.push(self.note(0, how));
            return outcome;
        };
        let rendered = self.rendered(&tree, &tests, sides, signs, &mut outcome);
        let (rendered, kept) = rendered;
        let mut wanted = Wanted::default();
        for one in &rendered {
            for &scalar in &one.scalars {
                wanted.add(scalar, one.wants(&tree, scalar));
            }
        }
        let uses = uses::uses(&tree);
        for one in &rendered {
            let agreed = one.scalars.iter().filter_map(|&scalar| wanted.agreed(scalar, &uses));
            let edits: Vec<Edit> = agreed.flatten().cloned().collect();
            match one.left_to_do(&tree, &edits, signs) {
                None => outcome.edits.extend(edits),
                Some(how) => {
                    let at = tree.node(one.assert.expected).span.start;
                    outcome.notes.push(self.note(at, &how));
                }
            }
        }
        let of_snapshots = snapshot::edits(self.snapshots, &kept);
        for at in of_snapshots.missed {
            outcome.notes.push(format!(
                "{}:{}: this snapshot has what the chart no longer renders, and cannot follow here: \
                 run `helm unittest --update-snapshot`, and look at what it changes",
                self.of_snapshots,
                line(self.snapshots, at)
            ));
        }
        outcome.of_snapshots = of_snapshots.edits;
        outcome.misses_a_digest = of_snapshots.misses_a_digest;
        outcome
    }

    /// The assertions of tests that render something else, and the words in which snapshots
    /// differ, by the tests' names.
    fn rendered<'t>(
        &self,
        tree: &Tree<'_>,
        tests: &'t [Test],
        sides: &Sides,
        signs: &Signs,
        outcome: &mut Outcome,
    ) -> (Vec<Rendered<'t>>, BTreeMap<String, Words>) {
        let folder = self.path.rsplit_once('/').map(|(folder, _)| folder).unwrap_or_default();
        let mut rendered = Vec::new();
        let mut kept: BTreeMap<String, Words> = BTreeMap::new();
        for test in tests {
            let about = |assert: &&Assert| {
                assert.is_snapshot && !self.snapshots.is_empty() || expects(tree, assert, signs)
            };
            let about: Vec<&Assert> = test.asserts.iter().filter(about).collect();
            if about.is_empty() {
                continue;
            }
            let at = tree.node(test.node).span.start;
            let Some(given) = &test.given else {
                let how = "what this test sets cannot be read, so that its expectations stay: \
                           compare them with what the chart renders now";
                outcome.notes.push(self.note(at, how));
                continue;
            };
            let seen = sides.pair(given, folder).and_then(|pair| {
                let is_same = !pair.differs() && test.beyond.is_none();
                let about = if is_same { &[][..] } else { &about[..] };
                about.iter().map(|assert| Some((*assert, sides.seen(&pair, assert)?))).collect()
            });
            let seen: Option<Vec<(&Assert, Rc<Seen>)>> = seen;
            let Some(seen) = seen else {
                let how = "the tests of the chart take too long to render: those from here on do \
                           not follow";
                outcome.notes.push(self.note(at, how));
                break;
            };
            for (assert, seen) in seen {
                if assert.is_snapshot {
                    kept.entry(test.name.clone()).or_default().join(&seen.words);
                } else {
                    let scalars = read::scalars(tree, assert.expected);
                    rendered.push(Rendered { assert, scalars, seen, beyond: test.beyond });
                }
            }
        }
        (rendered, kept)
    }

    fn note(&self, at: usize, how: &str) -> String {
        format!("{}:{}: {how}; then run `helm unittest`", self.path, line(self.text, at))
    }
}

/// True of an assertion that may be about what is changed.
fn expects(tree: &Tree<'_>, assert: &Assert, signs: &Signs) -> bool {
    let is_of_image = assert.path.as_ref().is_some_and(|path| path.ends_with("image"));
    let scalars = read::scalars(tree, assert.expected);
    is_of_image || scalars.iter().any(|&node| mentions(tree.str(node).unwrap_or_default(), signs))
}

impl Rendered<'_> {
    /// The edits of a scalar that it expects.
    fn wants(&self, tree: &Tree<'_>, scalar: NodeId) -> Vec<Edit> {
        let is_pattern = self.assert.kind.ends_with("atchRegex");
        let edits = self.seen.words.edits(tree, scalar, is_pattern);
        if edits.is_empty()
            && is_pattern
            && Judge::of(tree, self.assert).is_some_and(|j| self.fails(&j))
        {
            return self.seen.words.folders().edits(tree, scalar, is_pattern);
        }
        edits
    }

    /// True when what is seen after no longer does what is seen before.
    fn fails(&self, judge: &Judge) -> bool {
        self.seen.at_path.iter().any(|(old, new)| judge.holds(old) != judge.holds(new))
    }

    /// What is left to do by hand, where these edits do not do.
    fn left_to_do(&self, tree: &Tree<'_>, edits: &[Edit], signs: &Signs) -> Option<String> {
        if let Some(beyond) = self.beyond
            && edits.is_empty()
            && expects(tree, self.assert, signs)
        {
            return Some(format!(
                "this may expect what the chart no longer renders, which depends on `{beyond}` \
                 here: compare it with what is rendered now"
            ));
        }
        let judge = Judge::of(tree, self.assert).filter(|_| !self.seen.at_path.is_empty());
        let is_left = match judge {
            Some(judge) if edits.is_empty() => self.fails(&judge),
            Some(judge) => !self.is_kept(tree, &judge, edits),
            None => edits.is_empty() && self.seen.differs && self.repeats(tree, signs),
        };
        is_left.then(|| {
            let mut now: Vec<&str> =
                self.seen.at_path.iter().map(|(_, new)| new.trim_end()).collect();
            now.dedup();
            let is_short = |now: &&str| now.len() < 200 && !now.contains(char::is_control);
            let how =
                "this expects what the chart no longer renders, and cannot follow here: write";
            match now[..] {
                [now] if is_short(&now) => format!("{how} what it is now, `{now}`, there"),
                _ => format!("{how} what is rendered now there"),
            }
        })
    }

    /// True when what held before holds after, with the edits made.
    fn is_kept(&self, tree: &Tree<'_>, judge: &Judge, edits: &[Edit]) -> bool {
        let edited = self.scalars.iter().find_map(|&node| {
            let Kind::Scalar(scalar) = &tree.node(node).kind else { return None };
            let of_scalar: Vec<&Edit> =
                edits.iter().filter(|edit| tree.node(node).span.contains(&edit.start)).collect();
            let text = scalar.value.to_string();
            (!of_scalar.is_empty()).then(|| {
                of_scalar
                    .iter()
                    .fold(text, |text, edit| text.replacen(&edit.before, &edit.after, 1))
            })
        });
        let edited = edited.and_then(|text| match judge {
            Judge::Equal(_) => Some(Judge::Equal(text)),
            Judge::Matches(_) => Judge::pattern(&text),
        });
        let Some(edited) = edited else { return true };
        self.seen.at_path.iter().all(|(old, new)| judge.holds(old) == edited.holds(new))
    }

    /// True when what is expected repeats something that differs.
    fn repeats(&self, tree: &Tree<'_>, signs: &Signs) -> bool {
        let words = &self.seen.words;
        let mut texts = self.scalars.iter().filter_map(|&node| tree.str(node));
        match words.is_empty() {
            true => texts.any(|text| mentions(text, signs)),
            false => texts.any(|text| words.is_repeated(text)),
        }
    }
}

fn line(text: &str, at: usize) -> usize {
    1 + text.as_bytes().iter().take(at).filter(|&&byte| byte == b'\n').count()
}
