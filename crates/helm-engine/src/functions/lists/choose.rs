//! Items of a list by what they are.

use super::{any, list, of_any, rest};
use crate::functions::reflect::equal::deep_equal;
use crate::functions::{Budget, Failure};
use crate::value::Value;

pub(super) fn compact(budget: &mut Budget, args: &[Value]) -> Result<Value, Failure> {
    let list = list(any(args, 0), "Cannot compact on")?;
    let items = list.items.iter().filter(|item| item.is_true()).cloned().collect();
    of_any(budget, items)
}

pub(super) fn uniq(budget: &mut Budget, args: &[Value]) -> Result<Value, Failure> {
    let list = list(any(args, 0), "Cannot find uniq on")?;
    let mut items: Vec<Value> = Vec::new();
    for item in list.items.iter() {
        if !is_in(budget, item, &items)? {
            items.push(item.clone());
        }
    }
    of_any(budget, items)
}

pub(super) fn without(budget: &mut Budget, args: &[Value]) -> Result<Value, Failure> {
    let list = list(any(args, 0), "Cannot find without on")?;
    let mut items = Vec::new();
    for item in list.items.iter() {
        if !is_in(budget, item, rest(args, 1))? {
            items.push(item.clone());
        }
    }
    of_any(budget, items)
}

pub(super) fn has(budget: &mut Budget, args: &[Value]) -> Result<Value, Failure> {
    if matches!(any(args, 1), Value::Nil) {
        return Ok(Value::bool(false));
    }
    let list = list(any(args, 1), "Cannot find has on")?;
    is_in(budget, any(args, 0), &list.items).map(Value::bool)
}

fn is_in(budget: &mut Budget, value: &Value, list: &[Value]) -> Result<bool, Failure> {
    for item in list {
        budget.step()?;
        if deep_equal(budget, value, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}
