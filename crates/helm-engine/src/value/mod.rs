//! Go's values as templates see them, each with its origin.

mod entries;
mod nested;
mod origin;
mod text;
pub(crate) mod trail;

pub use entries::{Entries, Iter};
pub use nested::Items;
pub use origin::{MOST_INPUTS, Origin};
pub(crate) use text::RUN_COST;
pub use text::{Text, TextBuilder};

use crate::source::Span;
use nested::Nested;
use std::cell::{Ref, RefCell};
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
    /// `int32`. Not of characters: `'x'` is an `int`.
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
    /// `[]interface {}`: what `chunk` gives.
    List,
}

/// A slice. It is never changed; what appends makes another.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// The items.
    pub items: Items,
    /// Their type.
    pub of: ItemType,
    /// Where the list as a whole stands.
    pub origin: Origin,
    /// True for Go's nil slice, which has no items and is null in YAML: what
    /// `rest`, `initial` and `concat` give of nothing.
    pub nil: bool,
}

/// A map, shared by its clones: `set` in one place is seen in all.
#[derive(Debug, Clone, Default)]
pub struct Map {
    entries: Rc<RefCell<Nested<Entries>>>,
    /// The type of the values.
    pub of: ItemType,
    /// Go's name of the type where it has one (`common.Values` for `.Values`),
    /// else empty. It belongs to this clone: what goes through a parameter of
    /// type `map[string]interface {}` comes out without it.
    pub name: &'static str,
    /// True for Go's nil map, which has no entries and is null in YAML. It takes
    /// no entry either: who would put one makes another map.
    pub nil: bool,
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
///
/// The name of a pointer's type begins with `*`. A field called
/// [`Struct::STRING`] is none of Go's: it is what the method of that name gives,
/// with which Go prints the struct.
#[derive(Debug, Clone, Default)]
pub struct Struct {
    /// Go's name of the type, for instance `chart.Metadata`.
    pub type_name: &'static str,
    /// Fields by their Go names, in order of declaration.
    pub fields: Vec<(&'static str, Value)>,
}

impl Struct {
    /// The name under which the answer of the method `String` stands.
    pub const STRING: &'static str = "String()";

    /// The field with a name.
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value)
    }
}

impl Map {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same map under a name of Go's for its type.
    #[must_use]
    pub fn named(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }

    /// The same map with another type of values.
    #[must_use]
    pub fn typed(mut self, of: ItemType) -> Self {
        self.of = of;
        self
    }

    /// A nil map.
    pub fn nil() -> Self {
        Self { nil: true, ..Self::default() }
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
    pub fn entries(&self) -> Ref<'_, Entries> {
        Ref::map(self.entries.borrow(), |entries| &entries.0)
    }

    /// Sets a value, and gives back what stood there.
    pub fn set(&self, key: &str, value: Value) -> Option<Entry> {
        self.put(key, Entry { key: Origin::None, value })
    }

    /// Sets an entry, and gives back what stood there.
    pub fn put(&self, key: &str, entry: Entry) -> Option<Entry> {
        let before = self.entries.borrow_mut().insert(key.into(), entry);
        trail::note(self, key, before.as_ref());
        before
    }

    /// Removes a key, and gives back what stood there.
    pub fn remove(&self, key: &str) -> Option<Entry> {
        let before = self.entries.borrow_mut().remove(key);
        trail::note(self, key, before.as_ref());
        before
    }

    /// Puts back what stood under a key.
    fn restore(&self, key: Rc<str>, before: Option<Entry>) {
        let mut entries = self.entries.borrow_mut();
        match before {
            Some(entry) => entries.insert(key, entry),
            None => entries.remove(&key),
        };
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
        Self { entries: Rc::new(RefCell::new(self.entries.borrow().clone())), ..self.clone() }
    }

    /// True when both are one map.
    pub fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.entries, &other.entries)
    }
}

impl FromIterator<(Rc<str>, Entry)> for Map {
    fn from_iter<I: IntoIterator<Item = (Rc<str>, Entry)>>(entries: I) -> Self {
        Self {
            entries: Rc::new(RefCell::new(Nested(entries.into_iter().collect()))),
            ..Self::default()
        }
    }
}

impl List {
    /// A list of any values.
    pub fn new(items: Vec<Value>) -> Self {
        Self { items: items.into(), ..Self::default() }
    }

    /// A `[]int`.
    pub fn of_ints(items: impl IntoIterator<Item = i64>) -> Self {
        let items: Vec<Value> = items.into_iter().map(Value::int).collect();
        Self { items: items.into(), of: ItemType::Int, ..Self::default() }
    }

    /// A nil slice of any values.
    pub fn nil() -> Self {
        Self { nil: true, ..Self::default() }
    }

    /// A `[]string`.
    pub fn of_strings(items: impl IntoIterator<Item = Text>) -> Self {
        let items: Vec<Value> = items.into_iter().map(Value::Str).collect();
        Self { items: items.into(), of: ItemType::String, ..Self::default() }
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

    /// The source bytes behind a scalar: those that it was read or computed from.
    pub fn spans(&self) -> Vec<Span> {
        match self {
            Self::Nil | Self::Map(_) | Self::Struct(_) => Vec::new(),
            Self::Bool(_, origin) | Self::Int(_, _, origin) | Self::Float(_, origin) => {
                origin.spans(0)
            }
            Self::Str(text) => text.spans(0..text.len()),
            Self::List(list) => list.origin.spans(0),
        }
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
