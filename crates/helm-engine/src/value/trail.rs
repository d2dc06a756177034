//! What changes maps while a branch is explored, so that it can be taken back.
//!
//! Maps are shared, and a template may change them (`set`); a branch that the
//! values do not choose must leave no trace in what is evaluated after it.

use super::{Entry, Map};
use std::cell::RefCell;
use std::rc::Rc;

/// A map, a key, and what stood there.
type Change = (Map, Rc<str>, Option<Entry>);

thread_local! {
    static CHANGES: RefCell<Option<Vec<Change>>> = const { RefCell::new(None) };
}

/// Runs something and takes back every change of a map that it made on this thread.
pub(crate) fn taken_back<R>(run: impl FnOnce() -> R) -> R {
    let outer = CHANGES.with_borrow_mut(|changes| changes.replace(Vec::new()));
    let result = run();
    let made = CHANGES.with_borrow_mut(|changes| std::mem::replace(changes, outer));
    for (map, key, before) in made.into_iter().flatten().rev() {
        map.restore(key, before);
    }
    result
}

/// Notes a change, when changes are to be taken back.
pub(super) fn note(map: &Map, key: &str, before: Option<&Entry>) {
    CHANGES.with_borrow_mut(|changes| {
        if let Some(changes) = changes {
            changes.push((map.clone(), key.into(), before.cloned()));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    #[test]
    fn what_a_run_changes_is_taken_back() {
        let map = Map::new();
        map.set("a", Value::int(1));
        map.set("b", Value::int(2));
        taken_back(|| {
            map.set("a", Value::int(7));
            map.set("a", Value::int(8));
            map.set("c", Value::int(9));
            map.remove("b");
            taken_back(|| map.set("c", Value::int(10)));
            assert!(matches!(map.get("c"), Some(Value::Int(9, ..))));
        });
        assert!(matches!(map.get("a"), Some(Value::Int(1, ..))));
        assert!(matches!(map.get("b"), Some(Value::Int(2, ..))));
        assert_eq!(map.len(), 2);
    }
}
