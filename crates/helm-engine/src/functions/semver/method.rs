//! Methods of versions that take arguments or give other versions.

use super::version::Version;
use super::{POINTER, VALUE, fields};
use crate::functions::given::{Given, any, fail, text};
use crate::functions::method::Method;
use crate::functions::{Failure, Param};
use crate::value::{Struct, Text, Value};
use std::cmp::Ordering;
use std::rc::Rc;

/// The version that a value is, and the text that it prints.
fn version(value: &Value) -> Result<(Version, &Text), Failure> {
    if let Value::Struct(object) = value
        && [POINTER, VALUE].contains(&object.type_name)
        && let Some(Value::Str(text)) = object.field(Struct::STRING)
    {
        return Ok((Version::parse(&text.as_str()).map_err(Failure)?, text));
    }
    fail("wrong type for value; expected *semver.Version")
}

fn compare(receiver: &Value, given: &[Value]) -> Result<Ordering, Failure> {
    Ok(version(receiver)?.0.compare(&version(any(given, 0))?.0))
}

fn next(receiver: &Value, change: fn(&mut Version) -> Option<()>) -> Given {
    let (mut version, text) = version(receiver)?;
    if change(&mut version).is_none() {
        return fail("version increment would overflow uint64");
    }
    changed(&version, text)
}

fn changed(version: &Version, from: &Text) -> Given {
    let text = from.derive(version.to_string());
    // Read anew, for the places of the parts.
    let version = Version::parse(&text.as_str()).map_err(Failure)?;
    let fields = fields(&version, &text, text.clone());
    Ok(Value::Struct(Rc::new(Struct { type_name: VALUE, fields })))
}

fn release(version: &mut Version) {
    version.pre.clear();
    version.metadata.clear();
}

const VERSION: &[Param] = &[Param::Any];
const TEXT: &[Param] = &[Param::String];

pub(in crate::functions) const METHODS: &[Method] = &[
    Method {
        name: "Compare",
        params: VERSION,
        call: |_, receiver, given| Ok(Value::int(compare(receiver, given)? as i64)),
    },
    Method {
        name: "Equal",
        params: VERSION,
        call: |_, receiver, given| Ok(Value::bool(compare(receiver, given)?.is_eq())),
    },
    Method {
        name: "GreaterThan",
        params: VERSION,
        call: |_, receiver, given| Ok(Value::bool(compare(receiver, given)?.is_gt())),
    },
    Method {
        name: "GreaterThanEqual",
        params: VERSION,
        call: |_, receiver, given| Ok(Value::bool(compare(receiver, given)?.is_ge())),
    },
    Method {
        name: "LessThan",
        params: VERSION,
        call: |_, receiver, given| Ok(Value::bool(compare(receiver, given)?.is_lt())),
    },
    Method {
        name: "LessThanEqual",
        params: VERSION,
        call: |_, receiver, given| Ok(Value::bool(compare(receiver, given)?.is_le())),
    },
    Method {
        name: "IncMajor",
        params: &[],
        call: |_, receiver, _| {
            next(receiver, |version| {
                release(version);
                (version.minor, version.patch) = (0, 0);
                version.major = version.major.checked_add(1)?;
                Some(())
            })
        },
    },
    Method {
        name: "IncMinor",
        params: &[],
        call: |_, receiver, _| {
            next(receiver, |version| {
                release(version);
                version.patch = 0;
                version.minor = version.minor.checked_add(1)?;
                Some(())
            })
        },
    },
    Method {
        name: "IncPatch",
        params: &[],
        call: |_, receiver, _| {
            next(receiver, |version| {
                // A pre-release comes before the release itself.
                let by = u64::from(version.pre.is_empty());
                release(version);
                version.patch = version.patch.checked_add(by)?;
                Some(())
            })
        },
    },
    Method {
        name: "SetPrerelease",
        params: TEXT,
        call: |_, receiver, given| {
            let (mut version, from) = version(receiver)?;
            version.pre = text(given, 0)?.as_str().into_owned();
            changed(&version, from)
        },
    },
    Method {
        name: "SetMetadata",
        params: TEXT,
        call: |_, receiver, given| {
            let (mut version, from) = version(receiver)?;
            version.metadata = text(given, 0)?.as_str().into_owned();
            changed(&version, from)
        },
    },
];
