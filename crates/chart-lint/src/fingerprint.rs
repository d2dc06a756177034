//! What makes two findings of different runs the same finding.
//!
//! A baseline and `--since` compare runs over texts that differ, so a
//! fingerprint is made of nothing that an unrelated edit changes: no line, no
//! column, no byte offset, no line ending. It is a hash of
//!
//! 1. the rule's name,
//! 2. the path of the primary label,
//! 3. the *anchor*: words that stay when the text around them moves. A finding
//!    about an image gives its normalised name without tag and digest and, in
//!    YAML, the route to the node (`image.repository`), so that a new version
//!    of the same image is the same finding and a second image is not. Where
//!    there is no route it gives the trimmed line,
//! 4. an ordinal, which tells apart findings that agree in all of these: the
//!    first in the file is 0, the next 1.
//!
//! So adding an equal violation above a known one reports one new finding,
//! though it may point at the older of the two.

use crate::model::Finding;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// The hash of one finding: 32 hex digits, equal on every machine.
///
/// Parts are hashed with their lengths, so that no choice of texts makes two
/// different findings look alike.
pub fn fingerprint(rule: &str, path: &str, anchor: &str, ordinal: usize) -> String {
    let mut hash = Sha256::new();
    // A change of the recipe changes this word, so that an old baseline
    // matches nothing instead of the wrong thing.
    for part in ["chart-images/1", rule, path, anchor, &ordinal.to_string()] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Gives every finding its fingerprint; `anchor` names what stays.
///
/// The ordinals count in the order given, so sort by path and position first.
pub fn assign(findings: &mut [Finding], anchor: impl Fn(&Finding) -> String) {
    let mut seen: HashMap<(&'static str, String, String), usize> = HashMap::new();
    for finding in findings {
        let path = finding.primary.location.path.to_string();
        let anchor = anchor(finding);
        let ordinal = seen.entry((finding.rule, path.clone(), anchor.clone())).or_default();
        finding.fingerprint = fingerprint(finding.rule, &path, &anchor, *ordinal);
        *ordinal += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::finding;

    #[test]
    fn is_the_same_on_every_machine() {
        let known = fingerprint("disallowed-registry", "a/values.yaml", "image.repository", 0);
        assert_eq!(known, "3d324bbaabf5f89463e38553f1ead594");
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(fingerprint("ab", "c", "d", 0), fingerprint("a", "bc", "d", 0));
        assert_ne!(fingerprint("r", "p", "a1", 0), fingerprint("r", "p", "a", 10));
    }

    #[test]
    fn equal_findings_are_told_apart_and_others_are_not_numbered() {
        let mut all =
            vec![finding("r", "a.yaml", 1), finding("r", "a.yaml", 9), finding("r", "b.yaml", 1)];
        assign(&mut all, |_| "same".into());
        let moved = {
            let mut all = vec![finding("r", "a.yaml", 40), finding("r", "a.yaml", 50)];
            assign(&mut all, |_| "same".into());
            all
        };
        assert_eq!(all[0].fingerprint, moved[0].fingerprint);
        assert_eq!(all[1].fingerprint, moved[1].fingerprint);
        assert_ne!(all[0].fingerprint, all[1].fingerprint);
        assert_eq!(all[2].fingerprint, fingerprint("r", "b.yaml", "same", 0));
    }
}
