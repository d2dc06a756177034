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

/// The candidates that are nearest to `word`, the nearest first, at most so many. Each has
/// the names that it goes by.
pub fn nearest<'c, C>(
    word: &str,
    candidates: impl IntoIterator<Item = (C, Vec<&'c str>)>,
    at_most: usize,
) -> Vec<C> {
    // Hostile input may be long.
    let short = |text: &str| text.chars().take(64).collect::<String>();
    let word = short(word);
    let far = |(_, names): &(C, Vec<&str>)| {
        names.iter().map(|name| distance(&word, &short(name))).min().unwrap_or(usize::MAX)
    };
    let mut sorted: Vec<(C, Vec<&str>)> = candidates.into_iter().collect();
    sorted.sort_by_cached_key(far);
    sorted.into_iter().take(at_most).map(|(candidate, _)| candidate).collect()
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

    #[test]
    fn names_the_nearest_ones() {
        let charts = [("charts/base", "base"), ("charts/web", "shop"), ("charts/app", "app")];
        let near = |word: &str| nearest(word, charts.map(|(a, b)| (b, vec![a, b])), 2);
        assert_eq!(near("shpo"), ["shop", "app"]);
        assert_eq!(near("charts/bas"), ["base", "shop"]);
        assert_eq!(near(&"x".repeat(1 << 20)).len(), 2);
    }
}
