//! What a rendered line becomes when images move: the image in it, and what a chart makes of
//! images and of its version.

use crate::migration::ChartChange;
use helm_engine::encode::base64;
use image_ref::Reference;
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

/// What becomes what in a change.
pub(crate) struct Known {
    /// By the text before: a chart can have thousands, and each place of a line asks. Of one
    /// text the longest comes first.
    pairs: HashMap<String, Vec<New>>,
    /// How many bytes the texts before have, the most first.
    lengths: Vec<usize>,
    /// No text of them has more bytes.
    longest: usize,
}

/// What a text becomes.
struct New {
    text: String,
    what: What,
}

/// What a text is, which tells where it may stand.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    /// A version of the chart, anywhere.
    Version,
    /// An image, or its name with a registry.
    Image,
    /// A part that could be anything else: it is one where a key says so.
    Part,
}

impl Known {
    pub(crate) fn of(change: &ChartChange) -> Self {
        let mut all = BTreeSet::new();
        let mut add = |before: &str, after: &str, what| {
            if !before.is_empty() && before != after {
                all.insert((before.to_owned(), after.to_owned(), what));
            }
        };
        for edit in change.files.iter().flat_map(|file| &file.edits) {
            add(&edit.before, &edit.after, What::Part);
        }
        if let Some((before, after)) = &change.version {
            add(before, after, What::Version);
        }
        for (before, after) in change.moved.values() {
            add(before, after, What::Image);
            let (Ok(old), Ok(new)) = (Reference::parse(before), Reference::parse(after)) else {
                continue;
            };
            let (name, new_name) = (name(&old), name(&new));
            let (repository, new_repository) = (old.repository(), new.repository());
            match old.registry() {
                Some(_) => add(name, new_name, What::Image),
                None => add(name, new_name, What::Part),
            }
            add(repository, new_repository, What::Part);
            // The registry takes along what stands before the old repository, and so do the
            // first folders of a repository that is given in pieces.
            let home = new_name.strip_suffix(repository).map(|home| home.trim_end_matches('/'));
            if let Some(registry) = old.registry() {
                add(registry, new.registry().unwrap_or_default(), What::Part);
                add(registry, home.unwrap_or_default(), What::Part);
            }
            for (at, _) in repository.match_indices('/') {
                let (Some(home), folders) = (home, &repository[..at]) else { continue };
                let to = format!("{home}/{folders}");
                add(folders, &to, What::Part);
                add(&name[..name.len() - repository.len() + at], &to, What::Part);
            }
        }
        let longest = all.iter().map(|(before, after, _)| before.len().max(after.len())).max();
        let lengths: BTreeSet<usize> = all.iter().map(|(before, ..)| before.len()).collect();
        let mut pairs: HashMap<String, Vec<New>> = HashMap::new();
        for (before, text, what) in all {
            pairs.entry(before).or_default().push(New { text, what });
        }
        for news in pairs.values_mut() {
            news.sort_by_key(|new| Reverse(new.text.len()));
        }
        let lengths = lengths.into_iter().rev().collect();
        Self { pairs, lengths, longest: longest.unwrap_or_default() }
    }

    /// The longest text with which a line goes on at a place that becomes one with which the
    /// other line goes on: the bytes of both.
    fn pair(&self, above: &str, line: &str, at: usize, new: &str) -> Option<(usize, usize)> {
        self.lengths.iter().find_map(|&length| {
            let end = at + length;
            let news = self.pairs.get(line.get(at..end)?)?;
            let is_it = |one: &&New| {
                new.starts_with(&one.text) && one.what.may_stand(above, &line[..at], &line[end..])
            };
            news.iter().find(is_it).map(|one| (length, one.text.len()))
        })
    }

    /// True when a line becomes another one by that. `above` is the line before it.
    pub(crate) fn leads_to(&self, above: &str, before: &str, after: &str) -> bool {
        self.walks(above, before, after) || self.encodes(before, after)
    }

    fn walks(&self, above: &str, before: &str, after: &str) -> bool {
        let (mut at, mut to) = (0, 0);
        while at < before.len() || to < after.len() {
            let (old, new) = (&before[at..], &after[to..]);
            // Nothing becomes something else that far before the texts part.
            let far = self.far_from_parting(old, new);
            if far > 0 {
                (at, to) = (at + far, to + far);
                continue;
            }
            if let Some((of_old, of_new)) = self.pair(above, before, at, new) {
                (at, to) = (at + of_old, to + of_new);
                continue;
            }
            match (old.chars().next(), new.chars().next()) {
                (Some(one), Some(other)) if one == other => {
                    at += one.len_utf8();
                    to += one.len_utf8();
                }
                _ => match checksum(before, at).zip(checksum(after, to)) {
                    Some((one, other))
                        if may_follow(&before[one.clone()], &after[other.clone()]) =>
                    {
                        (at, to) = (one.end, other.end);
                    }
                    _ => return false,
                },
            }
        }
        true
    }

    /// How many bytes two texts have in common before anything that makes them part can begin.
    fn far_from_parting(&self, old: &str, new: &str) -> usize {
        const AT_ONCE: usize = 4096;
        let pairs = old.bytes().zip(new.bytes()).take(self.longest + AT_ONCE);
        let same = pairs.take_while(|(one, other)| one == other).count();
        old.floor_char_boundary(same.saturating_sub(self.longest))
    }

    /// True when both lines end with a text in base 64, and these differ in no more either.
    fn encodes(&self, before: &str, after: &str) -> bool {
        let decoded = |line: &str| {
            let word = line.trim_end().rsplit(' ').next().unwrap_or_default();
            let key = line.trim_end().strip_suffix(word)?.to_owned();
            let bytes = base64::decode(word.trim_matches(['"', '\'']))?;
            Some((key, String::from_utf8(bytes).ok()?))
        };
        let Some(((key, old), (new_key, new))) = decoded(before).zip(decoded(after)) else {
            return false;
        };
        let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
        let above = std::iter::once("").chain(old.iter().copied());
        let mut lines = above.zip(&old).zip(&new);
        key == new_key
            && old.len() == new.len()
            && lines.all(|((above, old), new)| old == new || self.walks(above, old, new))
    }
}

/// A reference without tag and digest.
fn name(reference: &Reference) -> &str {
    &reference.text()[..reference.repository_span().end]
}

impl What {
    /// True between these parts of a line.
    fn may_stand(self, above: &str, before: &str, behind: &str) -> bool {
        let in_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/');
        let goes_on = behind.starts_with(in_name)
            || behind.strip_prefix('.').is_some_and(|rest| rest.starts_with(in_name));
        let scheme = before.ends_with("docker://") || before.ends_with("oci://");
        let begins = scheme || !before.ends_with(|c| in_name(c) || matches!(c, '.' | '@'));
        match self {
            What::Version => true,
            What::Image => begins && !goes_on,
            What::Part => begins && !goes_on && is_of_image(above, before),
        }
    }
}

/// True when what comes next in a line is the value of a key that is about images.
fn is_of_image(above: &str, before: &str) -> bool {
    let is_about = |key: &str| {
        let mut key = key.to_ascii_lowercase();
        // These only sound so: Argo CD has repositories of Git and of charts at the last one.
        for other in ["report", "github", "repourl"] {
            key = key.replace(other, "");
        }
        ["image", "registry", "repo", "hub"].iter().any(|word| key.contains(word))
    };
    match key(before) {
        // `- name: WEB_IMAGE`, then `value: …`
        "value" => is_about(last_word(above)),
        // `image:`, then `name: …`
        "name" => above.trim_end().strip_suffix(':').is_some_and(|key| is_about(last_word(key))),
        key => is_about(key),
    }
}

/// The key whose value begins where a text ends.
fn key(before: &str) -> &str {
    last_word(before.trim_end_matches(['"', '\'', ' ', ':', '=', '\\']))
}

fn last_word(text: &str) -> &str {
    let text = text.trim_end_matches(['"', '\'', ' ', '\\']);
    let start = text.rfind(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')));
    &text[start.map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8))..]
}

/// A checksum of so many digits may have another length than the one before: in decimals.
const LONG: usize = 8;
/// The shortest that a chart cuts a checksum to, for a name.
const SHORT: usize = 5;

/// True when one checksum may stand for another: short ones have as many digits, and two of
/// decimals are numbers, as of ports.
fn may_follow(one: &str, other: &str) -> bool {
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    one.len().min(other.len()) >= LONG
        || one.len() == other.len() && !(is_number(one) && is_number(other))
}

/// The checksum around a place of a line.
fn checksum(line: &str, at: usize) -> Option<Range<usize>> {
    let is_digit = |byte: &&u8| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase();
    let (before, behind) = line.as_bytes().split_at(at);
    let start = at - before.iter().rev().take_while(is_digit).count();
    let end = at + behind.iter().take_while(is_digit).count();
    let is_word = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let ends =
        !is_word(line.as_bytes()[..start].last()) && !is_word(line.as_bytes()[end..].first());
    let counts = line[start..end].bytes().any(|byte| byte.is_ascii_digit());
    (ends && counts && end - start >= SHORT).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::Edit;
    use crate::migration::FileChange;

    /// A chart whose version goes up and whose image moves, with a registry of its own and
    /// without one.
    fn change() -> ChartChange {
        let moved = [
            ("ghcr.io/acme/web:1.2", "m.io/gh/acme/web:1.2"),
            ("redis:7", "m.io/hub/library/redis:7"),
        ];
        let edit = |before: &str, after: &str| Edit {
            start: 0,
            before: before.to_owned(),
            after: after.to_owned(),
        };
        let file = FileChange {
            path: "c/values.yaml".to_owned(),
            before: None,
            after: String::new(),
            edits: vec![edit("redis", "m.io/hub/library/redis"), edit("acme/web", "gh/acme/web")],
        };
        ChartChange {
            chart: "c".to_owned(),
            version: Some(("1.0.0".to_owned(), "1.0.1".to_owned())),
            moved: (0..).zip(moved.map(|(a, b)| (a.to_owned(), b.to_owned()))).collect(),
            overridden: BTreeSet::new(),
            files: vec![file],
        }
    }

    fn leads_to(above: &str, before: &str, after: &str) -> bool {
        Known::of(&change()).leads_to(above, before, after)
    }

    #[test]
    fn an_image_and_what_is_made_of_it_follows() {
        for (before, after) in [
            ("image: ghcr.io/acme/web:1.2", "image: m.io/gh/acme/web:1.2"),
            ("image: redis:7", "image: m.io/hub/library/redis:7"),
            ("- --with=docker://ghcr.io/acme/web", "- --with=docker://m.io/gh/acme/web"),
            ("[ghcr.io/acme/web:1.2, redis:7]", "[m.io/gh/acme/web:1.2, m.io/hub/library/redis:7]"),
            ("{\"registry\":\"ghcr.io\"}", "{\"registry\":\"m.io\"}"),
            ("repository: 'acme/web'", "repository: 'gh/acme/web'"),
            ("- --image-repo ghcr.io/acme", "- --image-repo m.io/gh/acme"),
            ("imageRepoURL: ghcr.io/acme", "imageRepoURL: m.io/gh/acme"),
            ("helm.sh/chart: web-1.0.0", "helm.sh/chart: web-1.0.1"),
            ("name: web-1a2b3", "name: web-00fff"),
            ("name: web-1a2b3", "name: web-12345"),
            ("adler: 3456789012", "adler: 123456789"),
        ] {
            assert!(leads_to("", before, after), "{before}");
        }
        assert!(leads_to(
            "- name: CACHE_IMAGE",
            "  value: redis",
            "  value: m.io/hub/library/redis"
        ));
        assert!(leads_to("  image:", "    name: redis", "    name: m.io/hub/library/redis"));
        let far = "é".repeat(10_000);
        let long = |image: &str| format!("{far} {image} {far} {image} {far}");
        assert!(leads_to("", &long("redis:7"), &long("m.io/hub/library/redis:7")));
        let coded = |text: &str| format!("  values: \"{}\"", base64::encode(text.as_bytes()));
        let texts = ("a: 1\nimage: redis:7\n", "a: 1\nimage: m.io/hub/library/redis:7\n");
        assert!(leads_to("", &coded(texts.0), &coded(texts.1)));
        assert!(!leads_to("", &coded(texts.0), &coded("a: 2\nimage: redis:7\n")));
    }

    #[test]
    fn what_happens_to_be_spelled_by_the_same_value_does_not() {
        for (before, after) in [
            ("app: redis", "app: m.io/hub/library/redis"),
            ("- name: redis", "- name: m.io/hub/library/redis"),
            ("url: https://ghcr.io/api", "url: https://m.io/api"),
            ("url: https://ghcr.io/acme/web/tags", "url: https://m.io/gh/acme/web/tags"),
            ("image: redis:7", "image: m.io/hub/library/redis:8"),
            ("image: redis:7", "image: other"),
            ("image: my-redis:7", "image: my-m.io/hub/library/redis:7"),
            ("pullSecrets: true", "pullSecrets: false"),
            ("name: decade", "name: facade"),
            ("containerPort: 10250", "containerPort: 10255"),
            ("repoURL: ghcr.io/acme", "repoURL: m.io/gh/acme"),
            ("reportHost: ghcr.io", "reportHost: m.io"),
            ("GITHUB_HOST: ghcr.io", "GITHUB_HOST: m.io"),
        ] {
            assert!(!leads_to("", before, after), "{before}");
        }
        assert!(!leads_to("- name: redis", "  value: redis", "  value: m.io/hub/library/redis"));
        assert!(!leads_to("- image: my-image", "  name: redis", "  name: m.io/hub/library/redis"));
    }
}
