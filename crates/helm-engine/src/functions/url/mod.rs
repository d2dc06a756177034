//! `urlParse` and `urlJoin`.

mod escape;
mod parse;

use super::args::map;
use super::given::{Given, Writer, fail, text};
use super::{Budget, Failure, Function, Param};
use crate::value::{Map, Text, Value};
use escape::{Mode, escape};
use parse::{hostname, parse};

/// The functions on URLs.
pub(super) const FUNCTIONS: &[Function] = &[
    super::given::function("urlJoin", &[Param::Map], url_join),
    super::given::function("urlParse", &[Param::String], url_parse),
];

fn url_parse(budget: &mut Budget, given: &[Value]) -> Given {
    let url = parse(budget, text(given, 0)?)
        .map_err(|Failure(error)| Failure(format!("unable to parse url: {error}")))?;
    let mut user = Writer::new(budget);
    if let Some(known) = &url.user {
        known.write(&mut user)?;
    }
    let out = Map::new();
    out.set("userinfo", user.value()?);
    out.set("hostname", Value::Str(hostname(&url.host)));
    out.set("scheme", Value::Str(url.scheme));
    out.set("host", Value::Str(url.host));
    out.set("path", Value::Str(url.path));
    out.set("query", Value::Str(url.query));
    out.set("opaque", Value::Str(url.opaque));
    out.set("fragment", Value::Str(url.fragment));
    Ok(Value::Map(out))
}

/// A string of the map, empty where it has none.
fn member(parts: &Map, key: &str) -> Result<Text, Failure> {
    let kind = match parts.get(key) {
        None => return Ok(Text::default()),
        Some(Value::Str(text)) => return Ok(text),
        Some(Value::Nil) => {
            return fail("runtime error: invalid memory address or nil pointer dereference");
        }
        Some(Value::Bool(..)) => "bool",
        Some(Value::Int(..)) => "int",
        Some(Value::Float(..)) => "float64",
        Some(Value::List(_)) => "slice",
        Some(Value::Map(_)) => "map",
        Some(Value::Struct(_)) => "struct",
    };
    fail(format!("unable to parse {key} key, must be of type string, but {kind} found"))
}

fn url_join(budget: &mut Budget, given: &[Value]) -> Given {
    let parts = &map(given, 0)?.unwrap_or_default();
    let scheme = member(parts, "scheme")?;
    let host = member(parts, "host")?;
    let path = member(parts, "path")?;
    let query = member(parts, "query")?;
    let opaque = member(parts, "opaque")?;
    let fragment = member(parts, "fragment")?;
    let user = user(budget, &member(parts, "userinfo")?)?;
    let mut out = Writer::new(budget);
    if !scheme.is_empty() {
        out.text(&scheme)?;
        out.literal(":")?;
    }
    if opaque.is_empty() {
        if !(host.is_empty() && user.is_none() && (scheme.is_empty() || path.is_empty())) {
            out.literal("//")?;
        }
        if let Some(user) = &user {
            user.write(&mut out)?;
            out.literal("@")?;
        }
        escape(&mut out, &host, Mode::Host)?;
        write_path(&mut out, &path, &host)?;
    } else {
        out.text(&opaque)?;
    }
    if !query.is_empty() {
        out.literal("?")?;
        out.text(&query)?;
    }
    if !fragment.is_empty() {
        out.literal("#")?;
        escape(&mut out, &fragment, Mode::Fragment)?;
    }
    out.value()
}

fn write_path(out: &mut Writer<'_>, path: &Text, host: &Text) -> Result<(), Failure> {
    if !path.is_empty() && !path.bytes().starts_with(b"/") && !host.is_empty() {
        out.literal("/")?;
    }
    let first = path.bytes().split(|byte| *byte == b'/').next().unwrap_or_default();
    if out.is_empty() && first.contains(&b':') {
        out.literal("./")?;
    }
    if path.bytes() == b"*" {
        return out.text(path);
    }
    escape(out, path, Mode::Path)
}

/// Reads a user out of a URL that is made for it.
fn user(budget: &mut Budget, info: &Text) -> Result<Option<parse::User>, Failure> {
    if info.is_empty() {
        return Ok(None);
    }
    let mut out = Writer::new(budget);
    out.literal("proto://")?;
    out.text(info)?;
    out.literal("@host")?;
    let url = out.finish();
    let url = parse(budget, &url)
        .map_err(|Failure(error)| Failure(format!("unable to parse userinfo in dict: {error}")))?;
    Ok(url.user)
}
