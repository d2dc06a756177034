//! Parts of a list by place.

use super::{any, int, list, of_any, rest as others, room, to_int};
use crate::functions::args::with_items;
use crate::functions::convert::truncated;
use crate::functions::{Budget, Failure};
use crate::value::{ItemType, List, Value};

pub(super) fn first(_: &mut Budget, args: &[Value]) -> Result<Value, Failure> {
    Ok(list(any(args, 0), "Cannot find first on")?.items.first().cloned().unwrap_or_default())
}

pub(super) fn last(_: &mut Budget, args: &[Value]) -> Result<Value, Failure> {
    Ok(list(any(args, 0), "Cannot find last on")?.items.last().cloned().unwrap_or_default())
}

pub(super) fn rest(budget: &mut Budget, args: &[Value]) -> Result<Value, Failure> {
    match list(any(args, 0), "Cannot find rest on")?.items.split_first() {
        Some((_, rest)) => of_any(budget, rest.to_vec()),
        None => Ok(Value::List(List::nil())),
    }
}

pub(super) fn initial(budget: &mut Budget, args: &[Value]) -> Result<Value, Failure> {
    match list(any(args, 0), "Cannot find initial on")?.items.split_last() {
        Some((_, initial)) => of_any(budget, initial.to_vec()),
        None => Ok(Value::List(List::nil())),
    }
}

pub(super) fn slice(budget: &mut Budget, args: &[Value]) -> Result<Value, Failure> {
    let list = match any(args, 0) {
        Value::List(list) => list,
        other => {
            let list = self::list(other, "list should be type of slice or array but");
            return Err(match list {
                Err(Failure(text)) => Failure(text.replace("but type ", "but ")),
                Ok(_) => crate::functions::args::wrong(),
            });
        }
    };
    if list.items.is_empty() {
        return Ok(Value::Nil);
    }
    let indexes = others(args, 1);
    let start = indexes.first().map_or(0, to_int);
    let end = indexes.get(1).map_or(list.items.len() as i64, to_int);
    let items = usize::try_from(start)
        .ok()
        .zip(usize::try_from(end).ok())
        .and_then(|(start, end)| list.items.get(start..end))
        .ok_or_else(|| Failure("reflect.Value.Slice: slice index out of bounds".to_owned()))?;
    room(budget, items.len())?;
    Ok(Value::List(with_items(list, items.to_vec())))
}

pub(super) fn chunk(budget: &mut Budget, args: &[Value]) -> Result<Value, Failure> {
    let size = int(args, 0)?;
    let list = list(any(args, 1), "Cannot chunk")?;
    let out_of_range = || Failure("runtime error: makeslice: len out of range".to_owned());
    let length = list.items.len();
    // As sprig computes it, in floats: 0 and negative sizes have answers too.
    let chunks = truncated(((length as f64 - 1.0) / size as f64).floor() + 1.0);
    let chunks = usize::try_from(chunks).map_err(|_| out_of_range())?;
    room(budget, chunks.saturating_add(length))?;
    let mut out = Vec::with_capacity(chunks);
    for index in 0..chunks {
        let mut count = size;
        if index + 1 == chunks {
            count = truncated((length as f64 % size as f64).floor());
            if count == 0 {
                count = size;
            }
        }
        let count = usize::try_from(count).map_err(|_| out_of_range())?;
        let start = index.saturating_mul(usize::try_from(size).unwrap_or(0));
        let items = list.items.get(start..start.saturating_add(count));
        let items = items.ok_or_else(|| Failure("reflect: slice index out of range".to_owned()))?;
        out.push(Value::List(List::new(items.to_vec())));
    }
    Ok(Value::List(List { of: ItemType::List, ..List::new(out) }))
}
