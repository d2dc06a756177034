//! The words in which two renders differ, and where a text repeats them.

use crate::edit::Edit;
use crate::lines;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;
use yaml_span::{Kind, NodeId, Style, Tree};

/// Words that became others. A word that stays at some place, or became two others,
/// is none.
#[derive(Debug, Default)]
pub(super) struct Words {
    became: BTreeMap<String, BTreeSet<String>>,
    stays: HashSet<String>,
}

/// True of a character of a word: of an image, a version, a checksum, a path.
fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || "./:@_+-".contains(c)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| !is_part(c)).filter(|word| !word.is_empty())
}

fn is_digest(word: &str) -> bool {
    word.len() >= 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// True of a text with a checksum, which nothing else in it may tell of.
pub(super) fn has_digest(text: &str) -> bool {
    words(text).any(is_digest)
}

impl Words {
    /// Those of pairs of texts. Where they are `precise`, what an assertion looks at and
    /// no more, the bare name of an image is one too.
    pub(super) fn of<'t>(pairs: impl Iterator<Item = (&'t str, &'t str)>, precise: bool) -> Self {
        let mut found = Self::default();
        for (before, after) in pairs {
            let (old, new): (Vec<&str>, Vec<&str>) =
                (before.split('\n').collect(), after.split('\n').collect());
            for run in lines::differing(&old, &new) {
                // Lines that came or went are not told apart from those that changed.
                if run.old.len() == run.new.len() {
                    for (old, new) in old[run.old].iter().zip(&new[run.new]) {
                        found.compare(old, new, precise);
                    }
                }
            }
            found.stays.extend(words(after).map(str::to_owned));
        }
        found
    }

    fn compare(&mut self, before: &str, after: &str, precise: bool) {
        let (old, new): (Vec<&str>, Vec<&str>) = (words(before).collect(), words(after).collect());
        if old.len() != new.len() {
            return;
        }
        for (old, new) in old.into_iter().zip(new).filter(|(old, new)| old != new) {
            self.add(old, new);
            let (mut old, mut new) = (old, new);
            // The name, for expectations that leave the tag to a pattern or to a value.
            while let Some(((name, tail), (new_name, new_tail))) = parted(old).zip(parted(new))
                && tail == new_tail
            {
                (old, new) = (name, new_name);
                if precise || old.contains('/') {
                    self.add(old, new);
                }
            }
        }
    }

    fn add(&mut self, old: &str, new: &str) {
        self.became.entry(old.to_owned()).or_default().insert(new.to_owned());
    }

    pub(super) fn join(&mut self, other: &Self) {
        for (old, new) in &other.became {
            self.became.entry(old.clone()).or_default().extend(new.iter().cloned());
        }
        self.stays.extend(other.stays.iter().cloned());
    }

    /// True where nothing is told to differ.
    pub(super) fn is_empty(&self) -> bool {
        self.became.is_empty()
    }

    /// True of a text that repeats a word that differs, whether or not it is told what it
    /// became.
    pub(super) fn is_repeated(&self, text: &str) -> bool {
        let text = text.replace("\\.", ".");
        words(&text).any(|word| self.became.contains_key(word))
    }

    /// What the folders of images became, for patterns of a part of one.
    pub(super) fn folders(&self) -> Self {
        let mut folders = Self::default();
        for (old, new) in &self.became {
            let Some(new) = new.first().filter(|_| new.len() == 1) else { continue };
            let (mut old, mut new) = (old.as_str(), new.as_str());
            while let Some(((old_head, tail), (new_head, new_tail))) =
                old.rsplit_once('/').zip(new.rsplit_once('/'))
                && tail == new_tail
            {
                (old, new) = (old_head, new_head);
                folders.add(old, new);
                folders.add(&format!("{old}/"), &format!("{new}/"));
            }
        }
        folders
    }

    /// True when a checksum became another one, and a text that repeats what was has neither:
    /// then it is made of something that is not the same here.
    pub(super) fn misses_a_digest(&self, text: &str) -> bool {
        self.became.keys().any(|old| is_digest(old) && !text.contains(old.as_str()))
    }

    /// The edits of a scalar that repeats some of them, and may be a pattern.
    pub(super) fn edits(&self, tree: &Tree<'_>, node: NodeId, is_pattern: bool) -> Vec<Edit> {
        let Kind::Scalar(scalar) = &tree.node(node).kind else { return Vec::new() };
        let text = &*scalar.value;
        // In double quotes a backslash is YAML's.
        let may_escape = is_pattern && scalar.style != Style::DoubleQuoted;
        let mut edits: Vec<Edit> = Vec::new();
        let (mut next, mut word) = (0, 0);
        while let Some(start) = text[next..].find(is_part).map(|at| next + at) {
            if start >= word {
                word = start + spelled(&text[start..]);
            }
            let repeated =
                begins_apart(text, start).then(|| self.repeated(text, start..word, may_escape));
            let Some((end, new)) = repeated.flatten() else {
                // `.+` of a pattern ends no name.
                next = text[start..word].find('+').map_or(word, |at| start + at + 1);
                continue;
            };
            next = end;
            let at = scalar.source(start..end);
            if tree.text().get(at.clone()) == Some(&text[start..end]) {
                let before = text[start..end].to_owned();
                edits.push(Edit { start: at.start, before, after: new });
            }
        }
        edits
    }

    /// Where the longest of them ends that a word begins with, and what it became.
    fn repeated(
        &self,
        text: &str,
        Range { start, end }: Range<usize>,
        may_escape: bool,
    ) -> Option<(usize, String)> {
        let ends = start + 1..=end.min(start + LONGEST);
        let ends = ends.filter(|&end| !text[..end].ends_with('\\') && ends_apart(text, end));
        let ends: Vec<usize> = ends.take(MOST_ENDS).collect();
        ends.into_iter().rev().find_map(|end| {
            let written = &text[start..end];
            // A pattern may have its dots escaped; to one that had none they come so.
            let old = written.replace("\\.", ".");
            let new = self.told(&old)?;
            let is_escaped = old.len() < written.len() || may_escape && !old.contains('.');
            Some((end, if is_escaped { new.replace('.', "\\.") } else { new.to_owned() }))
        })
    }

    /// What a word became, where that is one and the word is nowhere else.
    fn told(&self, old: &str) -> Option<&str> {
        let new = self.became.get(old).filter(|new| new.len() == 1)?;
        new.first().map(String::as_str).filter(|_| !self.stays.contains(old))
    }
}

/// How long a word may be to be looked for, and at how many places it may end; an image, a
/// version, a checksum and a path have less.
const LONGEST: usize = 1024;
const MOST_ENDS: usize = 32;

/// How long the word is that a text begins with, escaped dots included.
fn spelled(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let is_escape = c == '\\' && chars.next_if(|(_, c)| *c == '.').is_some();
        if !is_escape && !is_part(c) {
            return at;
        }
    }
    text.len()
}

/// A word without its digest or tag, and that.
fn parted(word: &str) -> Option<(&str, &str)> {
    let at = word.rfind(['@', ':']).filter(|&at| !word[at..].contains('/'))?;
    Some(word.split_at(at))
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '_' | '-')
}

fn begins_apart(text: &str, start: usize) -> bool {
    !text[..start].ends_with(|c| is_of_name(c) || c == ':' || c == '@')
}

fn ends_apart(text: &str, end: usize) -> bool {
    // A full stop may end a sentence, and what matches anything is no part of a name.
    !text[end..].chars().take(LONGEST).find(|&c| c != '.').is_some_and(is_of_name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit;

    fn followed(words: &Words, text: &str) -> String {
        let tree = yaml_span::parse(text).unwrap();
        let nodes = super::super::read::scalars(&tree, tree.documents()[0]);
        let mut edits: Vec<Edit> =
            nodes.into_iter().flat_map(|node| words.edits(&tree, node, false)).collect();
        edits.sort();
        edit::apply(text, &edits).unwrap()
    }

    #[test]
    fn what_differs_is_repeated_and_look_alikes_stay() {
        let (before, after) = (
            "image: \"ghcr.io/acme/web:2\"\nui: ghcr.io/acme/web-ui:2\nchart: web-1.0.0\nsum: 0a\nname: web\n",
            "image: \"m.io/gh/acme/web:2\"\nui: ghcr.io/acme/web-ui:2\nchart: web-1.0.1\nsum: 0b\nname: web\n",
        );
        let words = Words::of([(before, after)].into_iter(), false);
        let text = "- ghcr.io/acme/web:2\n- ^ghcr\\.io/acme/web:.*$\n- .+ghcr\\.io/acme/web:2$\n- ghcr.io/acme/web-ui:2 ghcr.io/acme/web/more x.ghcr.io/acme/web:2\n- |\n  web-1.0.0\n  0a web\n- ghcr.io/acme/web:3\n";
        assert_eq!(
            followed(&words, text),
            "- m.io/gh/acme/web:2\n- ^m\\.io/gh/acme/web:.*$\n- .+m\\.io/gh/acme/web:2$\n- ghcr.io/acme/web-ui:2 ghcr.io/acme/web/more x.ghcr.io/acme/web:2\n- |\n  web-1.0.1\n  0b web\n- m.io/gh/acme/web:3\n"
        );
    }

    #[test]
    fn what_stays_somewhere_or_becomes_two_things_is_left_alone() {
        let words =
            Words::of([("a: x\nb: x\nc: y\nd: y", "a: z\nb: x\nc: v\nd: w")].into_iter(), true);
        assert_eq!(followed(&words, "- x\n- y\n"), "- x\n- y\n");
    }

    #[test]
    fn many_words_and_a_long_text_take_no_time() {
        let lines =
            |name: &str| (0..20_000).map(|n| format!("{name}{n}.io/a\n")).collect::<String>();
        let words = Words::of([(&*lines("a"), &*lines("b"))].into_iter(), false);
        let indented =
            |name: &str| format!("- |\n  {}\n", lines(name).trim().replace('\n', "\n  "));
        assert_eq!(followed(&words, &indented("a")), indented("b"));
        // A word of which each part could be one.
        for part in ["a:", "+.", ".", "+"] {
            let long = format!("- '{}a'\n", part.repeat(50_000));
            assert_eq!(followed(&words, &long), long);
        }
    }
}
