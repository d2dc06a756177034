//! Go's values as templates see them, each with its origin.

mod origin;
mod text;

pub use origin::{MOST_INPUTS, Origin};
pub use text::{Run, Text, TextBuilder};

use std::cell::{Ref, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// A value. Clones are cheap; maps are shared, as Go's are.
#[derive(Debug, Clone, Default)]
pub enum Value {
    /// `nil`; null in YAML.
    #[default]
    Nil,
    /// A boolean.
    Bool(bool, Origin),
    /// An integer, and which of Go's types it has.
    Int(i64, IntType, Origin),
    /// A `float64`: every number of a values file.
    Float(f64, Origin),
    /// A string.
    Str(Text),
    /// A slice.
    List(List),
    /// A map with strings as keys.
    Map(Map),
    /// A struct or another of Helm's own objects.
    Struct(Rc<Struct>),
}

/// Go's integer types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IntType {
    /// `int`: literals in templates, `len`, `int`.
    #[default]
    Int,
    /// `int64`: `int64`, `add`, `mul`.
    Int64,
    /// `int32`: characters (`'x'`).
    Int32,
    /// `uint8`: a byte, as `index "abc" 0` gives.
    Uint8,
    /// `uint64`
    Uint64,
}

/// The type of a slice's items or of a map's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ItemType {
    /// `interface {}`
    #[default]
    Any,
    /// `string`
    String,
    /// `int`
    Int,
    /// `uint8`
    Byte,
}

/// A slice. It is never changed; what appends makes another.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// The items.
    pub items: Rc<Vec<Value>>,
    /// Their type.
    pub of: ItemType,
    /// Where the list as a whole stands.
    pub origin: Origin,
}

/// A map, shared by its clones: `set` in one place is seen in all.
#[derive(Debug, Clone, Default)]
pub struct Map {
    entries: Rc<RefCell<BTreeMap<Rc<str>, Entry>>>,
    /// The type of the values.
    pub of: ItemType,
}

/// A value of a map, with its key's origin.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// Where the key is written.
    pub key: Origin,
    /// The value.
    pub value: Value,
}

/// One of Helm's objects: fields in Go's order, methods by type.
#[derive(Debug, Clone, Default)]
pub struct Struct {
    /// Go's name of the type, for instance `chart.Metadata`.
    pub type_name: &'static str,
    /// Fields by their Go names, in order of declaration.
    pub fields: Vec<(&'static str, Value)>,
}

impl Map {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<Value> {
        self.entries.borrow().get(key).map(|entry| entry.value.clone())
    }

    /// The value under a key, with the key's origin.
    pub fn entry(&self, key: &str) -> Option<Entry> {
        self.entries.borrow().get(key).cloned()
    }

    /// All entries, by key in byte order.
    pub fn entries(&self) -> Ref<'_, BTreeMap<Rc<str>, Entry>> {
        self.entries.borrow()
    }

    /// Sets a value, and gives back what stood there.
    pub fn set(&self, key: &str, value: Value) -> Option<Entry> {
        self.put(key, Entry { key: Origin::None, value })
    }

    /// Sets an entry, and gives back what stood there.
    pub fn put(&self, key: &str, entry: Entry) -> Option<Entry> {
        self.entries.borrow_mut().insert(key.into(), entry)
    }

    /// Removes a key, and gives back what stood there.
    pub fn remove(&self, key: &str) -> Option<Entry> {
        self.entries.borrow_mut().remove(key)
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.entries.borrow().len()
    }

    /// True without entries.
    pub fn is_empty(&self) -> bool {
        self.entries.borrow().is_empty()
    }

    /// Another map with the same entries; maps inside are still shared.
    pub fn shallow_copy(&self) -> Self {
        Self { entries: Rc::new(RefCell::new(self.entries.borrow().clone())), of: self.of }
    }

    /// True when both are one map.
    pub fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.entries, &other.entries)
    }
}

impl FromIterator<(Rc<str>, Entry)> for Map {
    fn from_iter<I: IntoIterator<Item = (Rc<str>, Entry)>>(entries: I) -> Self {
        Self { entries: Rc::new(RefCell::new(entries.into_iter().collect())), of: ItemType::Any }
    }
}

impl List {
    /// A list of any values.
    pub fn new(items: Vec<Value>) -> Self {
        Self { items: Rc::new(items), ..Self::default() }
    }

    /// A `[]string`.
    pub fn of_strings(items: impl IntoIterator<Item = Text>) -> Self {
        let items = items.into_iter().map(Value::Str).collect();
        Self { items: Rc::new(items), of: ItemType::String, origin: Origin::None }
    }
}

impl Value {
    /// A string from no file.
    pub fn str(text: impl Into<Text>) -> Self {
        Self::Str(text.into())
    }

    /// An `int` from no file.
    pub fn int(number: i64) -> Self {
        Self::Int(number, IntType::Int, Origin::None)
    }

    /// An `int64` from no file.
    pub fn int64(number: i64) -> Self {
        Self::Int(number, IntType::Int64, Origin::None)
    }

    /// A boolean from no file.
    pub fn bool(value: bool) -> Self {
        Self::Bool(value, Origin::None)
    }

    /// A `float64` from no file.
    pub fn float(number: f64) -> Self {
        Self::Float(number, Origin::None)
    }

    /// Go's truth: not false, 0, "", nil, an empty list or an empty map.
    pub fn is_true(&self) -> bool {
        match self {
            Self::Nil => false,
            Self::Bool(value, _) => *value,
            Self::Int(number, ..) => *number != 0,
            Self::Float(number, _) => *number != 0.0,
            Self::Str(text) => !text.is_empty(),
            Self::List(list) => !list.items.is_empty(),
            Self::Map(map) => !map.is_empty(),
            Self::Struct(_) => true,
        }
    }
}
