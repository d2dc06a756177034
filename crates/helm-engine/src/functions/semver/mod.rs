//! `semver` and `semverCompare`, by the rules of Masterminds/semver 3.5.

mod constraint;
mod method;
mod version;

use super::given::{Given, computed, function, text, truth};
use super::{Budget, Failure, Function, Param};
use crate::value::{IntType, Struct, Text, Value};
use constraint::satisfies;
pub(super) use method::METHODS;
use std::ops::Range;
use std::rc::Rc;
use version::Version;

const S: Param = Param::String;

/// The functions on versions.
pub(super) const FUNCTIONS: &[Function] =
    &[function("semver", &[S], semver), function("semverCompare", &[S, S], semver_compare)];

/// The type of what `semver` gives.
pub(super) const POINTER: &str = "*semver.Version";
/// The type of what a version's methods give.
pub(super) const VALUE: &str = "semver.Version";

fn semver(budget: &mut Budget, given: &[Value]) -> Given {
    let text = text(given, 0)?;
    let version = Version::parse(&text.as_str()).map_err(Failure)?;
    budget.bytes(text.len().saturating_mul(4))?;
    let printed = match version.to_string() {
        same if same.as_bytes() == text.bytes() => text.clone(),
        same if text.bytes().strip_prefix(b"v") == Some(same.as_bytes()) => {
            text.slice(1..text.len())
        }
        other => text.derive(other),
    };
    let mut fields = fields(&version, text, printed);
    fields.push(("Original", Value::Str(text.clone())));
    Ok(Value::Struct(Rc::new(Struct { type_name: POINTER, fields })))
}

/// A version as templates have it: what its methods give are its fields.
fn fields(version: &Version, text: &Text, printed: Text) -> Vec<(&'static str, Value)> {
    let number = |number: u64, range: &Range<usize>| {
        let origin = computed(&[&text.slice(range.clone())]);
        Value::Int(number as i64, IntType::Uint64, origin)
    };
    vec![
        (Struct::STRING, Value::Str(printed.clone())),
        ("String", Value::Str(printed)),
        ("Major", number(version.major, &version.places[0])),
        ("Minor", number(version.minor, &version.places[1])),
        ("Patch", number(version.patch, &version.places[2])),
        ("Prerelease", Value::Str(text.slice(version.places[3].clone()))),
        ("Metadata", Value::Str(text.slice(version.places[4].clone()))),
    ]
}

fn semver_compare(budget: &mut Budget, given: &[Value]) -> Given {
    let (wanted, version) = (text(given, 0)?, text(given, 1)?);
    // Reading a constraint is slow work for its length.
    budget.bytes((wanted.len() + version.len()).saturating_mul(8))?;
    let satisfied = compare(wanted, version).map_err(Failure)?;
    truth(satisfied, &[wanted, version])
}

fn compare(wanted: &Text, version: &Text) -> Result<bool, String> {
    satisfies(&wanted.as_str(), &version.as_str())
}
