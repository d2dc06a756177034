//! Trees of templates that stand in many charts, to be shared between these and
//! between threads.
//!
//! A repository of charts holds some files again and again: those of the libraries
//! and of the databases that its charts depend on.

use crate::source::FileText;
use go_template::ast;
use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How much text has trees that are kept. A tree takes as much room again, and more.
const MOST_TEXT: usize = 4 << 20;
/// How much text has trees that are kept for a while: the charts of a repository that have
/// a file in common often follow one another.
const MOST_RECENT: usize = 1 << 20;
/// How long a text is that is kept for a while. Others would take the place of many.
const LONGEST_RECENT: usize = 64 << 10;

/// How many parts of a text are looked at to tell it from others, and how much of each.
const PARTS: usize = 16;
const PART: usize = 16;

/// Trees by the text of their templates. A tree is kept for good when its text comes the
/// second time, and for a while when it comes first, so that what is in one chart only
/// takes no room.
#[derive(Debug, Default)]
pub struct Trees(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// By a sample of the text; of two texts with one sample the first is shared.
    texts: HashMap<u64, Known>,
    /// The length of the texts that are kept for good.
    bytes: usize,
    /// Those that are kept for a while, the first one first, with their lengths.
    recent: VecDeque<(u64, usize)>,
    recent_bytes: usize,
}

#[derive(Debug)]
enum Known {
    Seen,
    Recent(FileText, Arc<ast::Template>),
    Kept(FileText, Arc<ast::Template>),
}

impl Trees {
    /// The tree of a text: the one that is kept, else a new one.
    pub(super) fn tree<E>(
        &self,
        text: &FileText,
        parse: impl FnOnce() -> Result<Arc<ast::Template>, E>,
    ) -> Result<Arc<ast::Template>, E> {
        let hash = sample(text);
        if let Some(tree) = self.locked().known(hash, text) {
            return Ok(tree);
        }
        // Others need not wait for this one.
        let tree = parse()?;
        self.locked().add(hash, text, &tree);
        Ok(tree)
    }

    fn locked(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// The tree of a text that came before.
    fn known(&mut self, hash: u64, text: &FileText) -> Option<Arc<ast::Template>> {
        let known = self.texts.get_mut(&hash)?;
        let (Known::Recent(same, tree) | Known::Kept(same, tree)) = known else { return None };
        if same != text {
            return None;
        }
        let tree = Arc::clone(tree);
        let has_room = self.bytes + text.len() <= MOST_TEXT;
        if has_room && matches!(known, Known::Recent(..)) {
            *known = Known::Kept(text.clone(), Arc::clone(&tree));
            self.bytes += text.len();
        }
        Some(tree)
    }

    /// Takes the tree of a text that was parsed.
    fn add(&mut self, hash: u64, text: &FileText, tree: &Arc<ast::Template>) {
        match self.texts.get(&hash) {
            Some(Known::Recent(..) | Known::Kept(..)) => {}
            Some(Known::Seen) if self.bytes + text.len() <= MOST_TEXT => {
                self.texts.insert(hash, Known::Kept(text.clone(), Arc::clone(tree)));
                self.bytes += text.len();
            }
            Some(Known::Seen) => {}
            None if text.len() > LONGEST_RECENT => {
                self.texts.insert(hash, Known::Seen);
            }
            None => {
                self.texts.insert(hash, Known::Recent(text.clone(), Arc::clone(tree)));
                self.recent.push_back((hash, text.len()));
                self.recent_bytes += text.len();
                self.forget();
            }
        }
    }

    /// Forgets the trees that have been kept for a while and were not asked for.
    fn forget(&mut self) {
        while self.recent_bytes > MOST_RECENT
            && let Some((hash, length)) = self.recent.pop_front()
        {
            self.recent_bytes -= length;
            if let Some(known @ Known::Recent(..)) = self.texts.get_mut(&hash) {
                *known = Known::Seen;
            }
        }
    }
}

/// A number that tells most texts apart, without reading all of them.
fn sample(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let mut hasher = DefaultHasher::new();
    bytes.len().hash(&mut hasher);
    for part in bytes.chunks(bytes.len().div_ceil(PARTS).max(1)) {
        part[..part.len().min(PART)].hash(&mut hasher);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_comes_again_is_not_parsed_again() {
        let trees = Trees::default();
        let parsed = std::cell::Cell::new(0);
        let tree = |text: &str| {
            trees.tree(&FileText::from(text), || {
                parsed.set(parsed.get() + 1);
                go_template::parse(text).map(Arc::new)
            })
        };
        let first = tree("{{ .a }}").expect("a tree");
        assert!(Arc::ptr_eq(&first, &tree("{{ .a }}").expect("a tree")));
        assert_eq!(parsed.get(), 1);
        assert!(!Arc::ptr_eq(&first, &tree("{{ .b }}").expect("a tree")));
        // What cannot be parsed is not kept.
        let errors = [tree("{{ if }}"), tree("{{ if }}"), tree("{{ if }}")];
        assert!(errors.iter().all(Result::is_err));
        assert_eq!(parsed.get(), 5);
    }

    #[test]
    fn what_came_once_and_long_ago_is_parsed_once_more_and_then_kept() {
        let trees = Trees::default();
        let parsed = std::cell::Cell::new(0);
        let tree = |text: &str| {
            let parse = || {
                parsed.set(parsed.get() + 1);
                go_template::parse(text).map(Arc::new)
            };
            trees.tree(&FileText::from(text), parse).expect("a tree")
        };
        let long = "x".repeat(LONGEST_RECENT - 16);
        let forget = || {
            for number in 0..=MOST_RECENT / LONGEST_RECENT + 1 {
                tree(&format!("{number}{long}"));
            }
        };
        tree("{{ .twice }}");
        tree("{{ .twice }}");
        tree("{{ .once }}");
        forget();
        let before = parsed.get();
        tree("{{ .twice }}");
        assert_eq!(parsed.get(), before);
        let again = tree("{{ .once }}");
        assert_eq!(parsed.get(), before + 1);
        forget();
        assert!(Arc::ptr_eq(&again, &tree("{{ .once }}")));
        // Nor does a text that is long take the place of others.
        let longer = "x".repeat(LONGEST_RECENT + 1);
        assert!(!Arc::ptr_eq(&tree(&longer), &tree(&longer)));
    }
}
