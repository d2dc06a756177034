//! The entries of a map, by key in byte order.

use super::Entry;
use std::collections::{BTreeMap, btree_map};
use std::rc::Rc;
use std::slice;

/// How many entries are kept in a list. It is searched and copied faster than a tree, but
/// to insert into a long one takes long.
const MOST_LISTED: usize = 256;

type Pair = (Key, Entry);

/// A key in a list. Its first bytes tell most keys apart, without a look at the others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    head: u64,
    whole: Rc<str>,
}

impl Key {
    fn new(whole: Rc<str>) -> Self {
        Self { head: head(&whole), whole }
    }
}

/// The first bytes of a key, such that they are in the order in which the keys are.
fn head(key: &str) -> u64 {
    let key = key.as_bytes();
    match key.first_chunk::<8>() {
        Some(first) => u64::from_be_bytes(*first),
        None => {
            let shifted = key.iter().fold(0, |head, byte| head << 8 | u64::from(*byte));
            if key.is_empty() { 0 } else { shifted << (64 - 8 * key.len()) }
        }
    }
}

/// The entries of a map, by key in byte order.
#[derive(Debug, Clone)]
pub struct Entries(Kept);

#[derive(Debug, Clone)]
enum Kept {
    Listed(Vec<Pair>),
    Tree(BTreeMap<Rc<str>, Entry>),
}

impl Default for Entries {
    fn default() -> Self {
        Self(Kept::Listed(Vec::new()))
    }
}

impl Entries {
    /// The entry of a key.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        match &self.0 {
            Kept::Listed(list) => place(list, key).ok().map(|at| &list[at].1),
            Kept::Tree(tree) => tree.get(key),
        }
    }

    /// True when there is an entry of a key.
    pub fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        match &self.0 {
            Kept::Listed(list) => list.len(),
            Kept::Tree(tree) => tree.len(),
        }
    }

    /// True without entries.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entries.
    pub fn iter(&self) -> Iter<'_> {
        Iter(match &self.0 {
            Kept::Listed(list) => Each::Listed(list.iter()),
            Kept::Tree(tree) => Each::Tree(tree.iter()),
        })
    }

    /// The keys.
    pub fn keys(&self) -> impl Iterator<Item = &Rc<str>> {
        self.iter().map(|(key, _)| key)
    }

    /// The entries without their keys.
    pub fn values(&self) -> impl Iterator<Item = &Entry> {
        self.iter().map(|(_, entry)| entry)
    }

    /// Puts an entry, and gives what stood there.
    pub(super) fn insert(&mut self, key: Rc<str>, entry: Entry) -> Option<Entry> {
        match &mut self.0 {
            Kept::Listed(list) => match place(list, &key) {
                Ok(at) => return Some(std::mem::replace(&mut list[at].1, entry)),
                Err(at) => list.insert(at, (Key::new(key), entry)),
            },
            Kept::Tree(tree) => return tree.insert(key, entry),
        }
        self.bounded();
        None
    }

    /// Removes an entry, and gives it.
    pub(super) fn remove(&mut self, key: &str) -> Option<Entry> {
        match &mut self.0 {
            Kept::Listed(list) => place(list, key).ok().map(|at| list.remove(at).1),
            Kept::Tree(tree) => tree.remove(key),
        }
    }

    fn bounded(&mut self) {
        if let Kept::Listed(list) = &mut self.0
            && list.len() > MOST_LISTED
        {
            let list = std::mem::take(list).into_iter();
            self.0 = Kept::Tree(list.map(|(key, entry)| (key.whole, entry)).collect());
        }
    }
}

/// Where a key is, or where it would be.
fn place(list: &[Pair], key: &str) -> Result<usize, usize> {
    let head = head(key);
    list.binary_search_by(|(known, _)| known.head.cmp(&head).then_with(|| (*known.whole).cmp(key)))
}

/// Of several with one key the last counts.
impl FromIterator<(Rc<str>, Entry)> for Entries {
    fn from_iter<I: IntoIterator<Item = (Rc<str>, Entry)>>(entries: I) -> Self {
        let pairs = entries.into_iter().map(|(key, entry)| (Key::new(key), entry));
        let mut list: Vec<Pair> = pairs.collect();
        // What was copied from a map is sorted.
        if !list.is_sorted_by(|a, b| a.0 < b.0) {
            list.sort_by(|a, b| a.0.cmp(&b.0));
            list.dedup_by(|later, first| {
                let same = later.0 == first.0;
                if same {
                    std::mem::swap(later, first);
                }
                same
            });
        }
        let mut entries = Self(Kept::Listed(list));
        entries.bounded();
        entries
    }
}

/// The entries of a map, one after the other.
#[derive(Debug)]
pub struct Iter<'e>(Each<'e>);

#[derive(Debug)]
enum Each<'e> {
    Listed(slice::Iter<'e, Pair>),
    Tree(btree_map::Iter<'e, Rc<str>, Entry>),
}

impl<'e> Iterator for Iter<'e> {
    type Item = (&'e Rc<str>, &'e Entry);

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Each::Listed(list) => list.next().map(|(key, entry)| (&key.whole, entry)),
            Each::Tree(tree) => tree.next(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.0 {
            Each::Listed(list) => list.size_hint(),
            Each::Tree(tree) => tree.size_hint(),
        }
    }
}

impl DoubleEndedIterator for Iter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Each::Listed(list) => list.next_back().map(|(key, entry)| (&key.whole, entry)),
            Each::Tree(tree) => tree.next_back(),
        }
    }
}

impl ExactSizeIterator for Iter<'_> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    fn entry(number: i64) -> Entry {
        Entry { value: Value::int(number), ..Entry::default() }
    }

    fn numbers(entries: &Entries) -> Vec<(String, i64)> {
        let number = |entry: &Entry| match entry.value {
            Value::Int(number, ..) => number,
            _ => -1,
        };
        entries.iter().map(|(key, entry)| (key.to_string(), number(entry))).collect()
    }

    /// Whether they are listed or in a tree, entries are those of a tree.
    #[test]
    fn few_entries_and_many_are_the_same() {
        for count in [0, 1, 7, MOST_LISTED as i64, MOST_LISTED as i64 + 1, 1000] {
            let (mut entries, mut tree) = (Entries::default(), BTreeMap::new());
            for number in (0..count).chain(0..count / 3) {
                // In no order, and some again.
                let key: Rc<str> = format!("{:x}", (number * 7919) % 1009).into();
                let before = entries.insert(Rc::clone(&key), entry(number)).is_some();
                assert_eq!(before, tree.insert(key.to_string(), number).is_some());
            }
            let expected: Vec<(String, i64)> = tree.clone().into_iter().collect();
            assert_eq!(numbers(&entries), expected);
            assert_eq!(entries.iter().rev().count(), tree.len());
            let pairs = expected.iter().rev().map(|(key, n)| (key.as_str().into(), entry(*n)));
            assert_eq!(numbers(&pairs.collect()), expected);
            for (key, _) in expected {
                assert!(entries.contains_key(&key));
                assert!(entries.remove(&key).is_some());
                assert!(entries.remove(&key).is_none() && entries.get(&key).is_none());
            }
            assert!(entries.is_empty());
        }
    }

    #[test]
    fn keys_are_in_the_order_of_their_bytes() {
        let keys = ["", "\0", "a", "a\0", "a\0b", "abcdefgh", "abcdefgh\0", "abcdefghi", "b", "ä"];
        let entries: Entries = keys.iter().rev().map(|key| ((*key).into(), entry(0))).collect();
        assert!(entries.keys().map(|key| &**key).eq(keys));
        assert!(keys.iter().all(|key| entries.contains_key(key)));
        assert!(!entries.contains_key("abcdefg"));
    }

    #[test]
    fn of_several_with_one_key_the_last_counts() {
        let pairs = [("b", 1), ("a", 2), ("b", 3), ("b", 4), ("a", 5)];
        let entries: Entries = pairs.iter().map(|(key, n)| ((*key).into(), entry(*n))).collect();
        assert_eq!(numbers(&entries), [("a".to_owned(), 5), ("b".to_owned(), 4)]);
    }
}
