//! Functions on paths with `/`. On Linux those of the operating system are the same.

use super::given::{Given, Writer, function, part, text, truth};
use super::{Budget, Failure, Function, Param};
use crate::value::{Text, Value};
use std::ops::Range;

const S: &[Param] = &[Param::String];

/// The functions on paths.
pub(super) const FUNCTIONS: &[Function] = &[
    function("base", S, base),
    function("clean", S, clean),
    function("dir", S, dir),
    function("ext", S, ext),
    function("isAbs", S, is_abs),
    function("osBase", S, base),
    function("osClean", S, clean),
    function("osDir", S, dir),
    function("osExt", S, ext),
    function("osIsAbs", S, is_abs),
];

/// The last element.
fn base(budget: &mut Budget, given: &[Value]) -> Given {
    let text = text(given, 0)?;
    if text.is_empty() {
        return Ok(Value::str("."));
    }
    let end = text.bytes().iter().rposition(|byte| *byte != b'/').map_or(0, |last| last + 1);
    if end == 0 {
        return part(budget, text, 0..1);
    }
    let start = memchr::memrchr(b'/', &text.bytes()[..end]).map_or(0, |slash| slash + 1);
    part(budget, text, start..end)
}

fn dir(budget: &mut Budget, given: &[Value]) -> Given {
    let text = text(given, 0)?;
    let end = memchr::memrchr(b'/', text.bytes()).map_or(0, |slash| slash + 1);
    cleaned(budget, text, 0..end)
}

fn ext(budget: &mut Budget, given: &[Value]) -> Given {
    let text = text(given, 0)?;
    match memchr::memrchr2(b'.', b'/', text.bytes()) {
        Some(dot) if text.bytes()[dot] == b'.' => part(budget, text, dot..text.len()),
        _ => Ok(Value::str("")),
    }
}

fn is_abs(_: &mut Budget, given: &[Value]) -> Given {
    let text = text(given, 0)?;
    truth(text.bytes().starts_with(b"/"), &[text])
}

fn clean(budget: &mut Budget, given: &[Value]) -> Given {
    let text = text(given, 0)?;
    cleaned(budget, text, 0..text.len())
}

/// The shortest path that means the same. All but a `.` that stands for nothing
/// is copied.
fn cleaned(budget: &mut Budget, text: &Text, range: Range<usize>) -> Given {
    let bytes = text.bytes().get(range).unwrap_or_default();
    let rooted = bytes.starts_with(b"/");
    // Each element with the slash before it.
    let mut kept: Vec<Range<usize>> = Vec::new();
    let mut ups = 0;
    let mut start = usize::from(rooted);
    while start < bytes.len() {
        let end = memchr::memchr(b'/', &bytes[start..]).map_or(bytes.len(), |slash| start + slash);
        match &bytes[start..end] {
            b"" | b"." => {}
            b".." if kept.len() > ups => {
                kept.pop();
            }
            b".." if rooted => {}
            b".." => {
                kept.push(start..end);
                ups += 1;
            }
            _ => kept.push(start..end),
        }
        start = end + 1;
    }
    let mut out = Writer::new(budget);
    if rooted {
        out.slice(text, 0..1)?;
    }
    write(&mut out, text, &kept)?;
    if out.is_empty() {
        out.literal(".")?;
    }
    out.value()
}

fn write(out: &mut Writer<'_>, text: &Text, elements: &[Range<usize>]) -> Result<(), Failure> {
    for (index, element) in elements.iter().enumerate() {
        match element.start.checked_sub(1) {
            Some(slash) if index > 0 => out.slice(text, slash..element.end)?,
            _ => out.slice(text, element.clone())?,
        }
    }
    Ok(())
}
