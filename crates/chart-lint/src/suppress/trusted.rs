//! `--policy-from REV`: only the suppressions that a trusted revision has.

use super::{Suppression, find, in_text};
use std::collections::HashMap;

/// The suppressions of a trusted revision.
///
/// A suppression is known by its file and its words (rules, date and reason).
/// Each one of the revision vouches for one of the present file, so copying a
/// trusted comment to a second place permits nothing there; moving it does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedSuppressions {
    counts: HashMap<(String, String), usize>,
}

impl TrustedSuppressions {
    /// Adds the suppressions of a file of the revision; `path` is relative to
    /// the root, with `/`.
    pub fn add_file(&mut self, path: &str, text: &str, rules: &[&str]) {
        for suppression in find(text, &in_text(text), rules).into_iter().flatten() {
            *self.counts.entry((path.to_owned(), suppression.text)).or_default() += 1;
        }
    }

    /// Parts the suppressions of a file, in the order of its text, into those
    /// that the revision has and those that it does not have.
    pub fn part(
        &self,
        path: &str,
        suppressions: Vec<Suppression>,
    ) -> (Vec<Suppression>, Vec<Suppression>) {
        let mut used: HashMap<String, usize> = HashMap::new();
        suppressions.into_iter().partition(|suppression| {
            let used = used.entry(suppression.text.clone()).or_default();
            *used += 1;
            let key = (path.to_owned(), suppression.text.clone());
            self.counts.get(&key).is_some_and(|&trusted| *used <= trusted)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: [&str; 2] = ["a-rule", "b-rule"];

    #[test]
    fn each_trusted_comment_vouches_for_one() {
        let mut trusted = TrustedSuppressions::default();
        trusted.add_file("values.yaml", "# chart-images: allow a-rule -- why\na: x\n", &RULES);
        let now = "b: y # chart-images:  allow a-rule -- why\n\
                   c: z # chart-images: allow a-rule -- why\n\
                   d: z # chart-images: allow a-rule -- because\n\
                   e: z # chart-images: allow a-rule, b-rule -- why\n";
        let all: Vec<_> = find(now, &in_text(now), &RULES).into_iter().flatten().collect();
        let lines = |list: &[Suppression]| list.iter().map(|s| s.line).collect::<Vec<_>>();
        let (kept, refused) = trusted.part("values.yaml", all.clone());
        assert_eq!((lines(&kept), lines(&refused)), (vec![1], vec![2, 3, 4]));
        assert!(trusted.part("other.yaml", all).0.is_empty());
    }
}
