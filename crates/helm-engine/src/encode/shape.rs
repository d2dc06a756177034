//! What a value is to Go's encoders: null, a scalar, a list or a map.

use super::{DEEPEST, Error, base64};
use crate::functions::{Budget, Failure, method};
use crate::value::{Entry, ItemType, List, Map, Struct, Text, Value};
use std::rc::Rc;

/// A map's entries with their keys.
pub(super) type Entries = Vec<(Rc<str>, Entry)>;

/// The entries of a map in byte order of their keys, or a struct's under the
/// names that Go's JSON gives its fields.
pub(super) fn entries(map: &Map) -> Entries {
    map.entries().iter().map(|(key, entry)| (key.clone(), entry.clone())).collect()
}

/// A struct's fields in order.
pub(super) fn fields(of: &Struct) -> Entries {
    // Fields that begin with a small letter are not exported.
    let exported = of.fields.iter().filter(|(field, _)| !field.starts_with(char::is_lowercase));
    let fields = exported.filter_map(|(field, value)| {
        let (name, omit_empty) = json_name(of.type_name, field);
        let left_out = omit_empty && is_empty(value);
        (!left_out).then(|| (name.into(), Entry { value: value.clone(), ..Entry::default() }))
    });
    fields.collect()
}

/// A struct's fields under their Go names.
pub(super) fn go_fields(of: &Struct) -> Entries {
    let fields = of.fields.iter();
    fields
        .map(|(name, value)| ((*name).into(), Entry { value: value.clone(), ..Entry::default() }))
        .collect()
}

/// Whether Go writes null: of nil, and of slices and maps that are.
pub(super) fn is_null(value: &Value) -> bool {
    match value {
        Value::Nil => true,
        Value::List(list) => list.nil,
        Value::Map(map) => map.nil,
        _ => false,
    }
}

/// A date as Go's encoders write it; `None` for other structs.
pub(super) fn time(of: &Rc<Struct>) -> Option<Text> {
    let format = method(of, "Format").filter(|_| of.type_name == "time.Time")?;
    let layout = Value::str("2006-01-02T15:04:05.999999999Z07:00");
    let mut budget = Budget::new(1 << 10, 1 << 10);
    match (format.call)(&mut budget, &Value::Struct(Rc::clone(of)), &[layout]) {
        Ok(Value::Str(text)) => Some(text),
        _ => None,
    }
}

/// Go's base 64 of a slice of bytes; `None` for other lists.
pub(super) fn bytes(list: &List) -> Option<Text> {
    if list.of != ItemType::Byte {
        return None;
    }
    let bytes = list.items.iter().map(|item| match item {
        Value::Int(number, ..) => *number as u8,
        _ => 0,
    });
    Some(Text::with_origin(base64::encode(&bytes.collect::<Vec<u8>>()), list.origin.clone()))
}

/// The maps that hold the one being written.
#[derive(Default)]
pub(super) struct Ancestors {
    maps: Vec<Map>,
    depth: usize,
}

impl Ancestors {
    /// Goes into a list, or into a map.
    ///
    /// # Errors
    /// Too deep. When that is because a map holds itself, it is what Go says of it.
    pub(super) fn enter(&mut self, map: Option<&Map>) -> Result<(), Error> {
        if self.depth >= DEEPEST {
            let twice = |(index, map): (usize, &Map)| {
                self.maps[..index].iter().any(|other| other.is_same(map))
            };
            if self.maps.iter().enumerate().any(twice) {
                return Err(Error::Refused(
                    "json: unsupported value: encountered a cycle via map[string]interface {}"
                        .to_owned(),
                ));
            }
            return Err(Error::Limit(Failure(format!(
                "the value nests deeper than {DEEPEST} levels"
            ))));
        }
        self.depth += 1;
        self.maps.extend(map.cloned());
        Ok(())
    }

    /// Comes out again.
    pub(super) fn leave(&mut self, map: Option<&Map>) {
        self.depth = self.depth.saturating_sub(1);
        if map.is_some() {
            self.maps.pop();
        }
    }
}

/// Go's `omitempty`.
fn is_empty(value: &Value) -> bool {
    !matches!(value, Value::Struct(_)) && !value.is_true()
}

/// A field's name in JSON, and whether it is left out when empty.
fn json_name<'a>(type_name: &str, field: &'a str) -> (&'a str, bool) {
    let named = match type_name {
        "version.BuildInfo" | "common.BuildInfo" => BUILD_INFO,
        _ => &[],
    };
    let found = named.iter().find(|(go, ..)| *go == field);
    found.map_or((field, false), |&(_, json, omit)| (json, omit))
}

const BUILD_INFO: &[(&str, &str, bool)] = &[
    ("Version", "version", true),
    ("GitCommit", "git_commit", true),
    ("GitTreeState", "git_tree_state", true),
    ("GoVersion", "go_version", true),
    ("KubeClientVersion", "kube_client_version", false),
];
