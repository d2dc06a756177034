//! What lists and maps hold, dropped without deep recursion.
//!
//! A template can nest values deeper than the stack is: `$x = list $x`, a million
//! times. Below some levels what is dropped waits until those above are gone.

use super::Value;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

/// How many levels are dropped one inside the other.
const DEEPEST: usize = 64;

thread_local! {
    /// How many drops this thread is inside of.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    static WAITING: RefCell<Vec<Box<dyn Any>>> = const { RefCell::new(Vec::new()) };
}

/// The items of a list, or the entries of a map.
#[derive(Debug, Clone, Default)]
pub(super) struct Nested<T: Default + 'static>(pub(super) T);

impl<T: Default> Deref for Nested<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Default> DerefMut for Nested<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: Default + 'static> Drop for Nested<T> {
    fn drop(&mut self) {
        let content = std::mem::take(&mut self.0);
        // Where the thread ends there may be none of its variables left.
        let Ok(depth) = DEPTH.try_with(|depth| depth.replace(depth.get() + 1)) else { return };
        if depth < DEEPEST {
            drop(content);
        } else {
            WAITING.with_borrow_mut(|waiting| waiting.push(Box::new(content)));
        }
        if depth == 0 {
            while let Some(content) = WAITING.with_borrow_mut(Vec::pop) {
                drop(content);
            }
        }
        DEPTH.set(depth);
    }
}

/// The items of a list; clones share them.
#[derive(Debug, Clone, Default)]
pub struct Items(Rc<Nested<Vec<Value>>>);

impl Items {
    /// True when both are one list's.
    pub fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// The items to be changed, copied when they are shared.
    pub fn to_mut(&mut self) -> &mut Vec<Value> {
        &mut Rc::make_mut(&mut self.0).0
    }
}

impl Deref for Items {
    type Target = Vec<Value>;

    fn deref(&self) -> &Vec<Value> {
        &self.0
    }
}

impl From<Vec<Value>> for Items {
    fn from(items: Vec<Value>) -> Self {
        Self(Rc::new(Nested(items)))
    }
}

#[cfg(test)]
mod tests {
    use crate::value::{List, Map, Value};

    #[test]
    fn what_nests_deeper_than_the_stack_is_dropped() {
        let mut value = Value::Nil;
        for level in 0..200_000 {
            value = if level % 2 == 0 {
                Value::List(List::new(vec![value]))
            } else {
                let map = Map::new();
                map.set("a", value);
                Value::Map(map)
            };
        }
        let inner = value.clone();
        drop(value);
        drop(inner);
    }
}
