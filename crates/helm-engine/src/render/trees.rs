//! Trees of templates that stand in many charts, to be shared between these and
//! between threads.
//!
//! A repository of charts holds some files again and again: those of the libraries
//! and of the databases that its charts depend on.

use crate::source::FileText;
use go_template::ast;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

/// How much text has trees that are kept. A tree takes several times that.
const MOST_TEXT: usize = 4 << 20;

/// How many parts of a text are looked at to tell it from others, and how much of each.
const PARTS: usize = 16;
const PART: usize = 16;

/// Trees by the text of their templates. A tree is kept when its text comes the second
/// time, so that what is in one chart only takes no room.
#[derive(Debug, Default)]
pub struct Trees(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// By a sample of the text; of two texts with one sample the first is shared.
    texts: HashMap<u64, Text>,
    bytes: usize,
}

#[derive(Debug)]
enum Text {
    Seen,
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
        let keeps = {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            match kept.texts.get(&hash) {
                Some(Text::Kept(known, tree)) if known == text => return Ok(Arc::clone(tree)),
                Some(Text::Kept(..)) => false,
                Some(Text::Seen) => true,
                None => {
                    kept.texts.insert(hash, Text::Seen);
                    false
                }
            }
        };
        // Others need not wait for this one.
        let tree = parse()?;
        if keeps {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.bytes + text.len() <= MOST_TEXT {
                let new = Text::Kept(text.clone(), Arc::clone(&tree));
                if !matches!(kept.texts.insert(hash, new), Some(Text::Kept(..))) {
                    kept.bytes += text.len();
                }
            }
        }
        Ok(tree)
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
    fn a_text_that_comes_again_is_parsed_twice_and_no_more() {
        let trees = Trees::default();
        let parsed = std::cell::Cell::new(0);
        let tree = |text: &str| {
            trees.tree(&FileText::from(text), || {
                parsed.set(parsed.get() + 1);
                go_template::parse(text).map(Arc::new)
            })
        };
        let second = [tree("{{ .a }}"), tree("{{ .a }}")].map(|tree| tree.expect("a tree"));
        assert!(Arc::ptr_eq(&second[1], &tree("{{ .a }}").expect("a tree")));
        assert_eq!(parsed.get(), 2);
        assert!(!Arc::ptr_eq(&second[1], &tree("{{ .b }}").expect("a tree")));
        // What cannot be parsed is not kept.
        let errors = [tree("{{ if }}"), tree("{{ if }}"), tree("{{ if }}")];
        assert!(errors.iter().all(Result::is_err));
        assert_eq!(parsed.get(), 6);
    }
}
