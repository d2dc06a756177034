//! "Did you mean …?"

/// The candidate that `word` most likely stands for, if one is near enough:
/// at most a third of its letters are wrong, or it is the beginning of one (`warn`).
pub fn closest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    // Hostile input may be long, and a long word is no typing mistake.
    if word.len() > 64 {
        return None;
    }
    let begins = |candidate: &str| word.len() >= 3 && candidate.starts_with(word);
    candidates
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|&(distance, candidate)| distance * 3 <= candidate.len() || begins(candidate))
        .min()
        .map(|(_, candidate)| candidate)
}

/// Levenshtein's distance in characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_near_one_only() {
        let rules = ["disallowed-registry", "unlisted-registry"];
        assert_eq!(closest("unlisted-registy", rules), Some("unlisted-registry"));
        assert_eq!(closest("banana", rules), None);
        assert_eq!(closest("warn", ["error", "warning", "off"]), Some("warning"));
        assert_eq!(closest("", []), None);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
