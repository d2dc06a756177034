//! Go's `reflect.DeepEqual`.

use super::{DEEPEST, too_deep};
use crate::functions::{Budget, Failure};
use crate::value::Value;
use std::rc::Rc;

/// True when both are of one type and equal all the way down. `1` and `1.0` are
/// not, nor are an empty and a nil slice, nor NaN and itself.
pub(crate) fn deep_equal(budget: &mut Budget, a: &Value, b: &Value) -> Result<bool, Failure> {
    equal(budget, a, b, 0)
}

fn equal(budget: &mut Budget, a: &Value, b: &Value, depth: usize) -> Result<bool, Failure> {
    Ok(match (a, b) {
        (Value::Nil, Value::Nil) => true,
        (Value::Bool(a, _), Value::Bool(b, _)) => a == b,
        (Value::Int(a, of, _), Value::Int(b, other, _)) => of == other && a == b,
        (Value::Float(a, _), Value::Float(b, _)) => a == b,
        (Value::Str(a), Value::Str(b)) => {
            budget.reading(a.len().min(b.len()))?;
            a == b
        }
        (Value::List(a), Value::List(b)) => {
            if a.of != b.of || a.nil != b.nil || a.items.len() != b.items.len() {
                return Ok(false);
            }
            if a.items.is_same(&b.items) {
                return Ok(true);
            }
            go_on(budget, depth)?;
            for (a, b) in a.items.iter().zip(b.items.iter()) {
                budget.step()?;
                if !equal(budget, a, b, depth + 1)? {
                    return Ok(false);
                }
            }
            true
        }
        (Value::Map(a), Value::Map(b)) => {
            if a.of != b.of || a.name != b.name || a.nil != b.nil || a.len() != b.len() {
                return Ok(false);
            }
            if a.is_same(b) {
                return Ok(true);
            }
            go_on(budget, depth)?;
            for ((key, a), (other, b)) in a.entries().iter().zip(b.entries().iter()) {
                budget.step()?;
                if key != other || !equal(budget, &a.value, &b.value, depth + 1)? {
                    return Ok(false);
                }
            }
            true
        }
        (Value::Struct(a), Value::Struct(b)) => {
            if a.type_name != b.type_name || a.fields.len() != b.fields.len() {
                return Ok(false);
            }
            if Rc::ptr_eq(a, b) {
                return Ok(true);
            }
            go_on(budget, depth)?;
            for ((name, a), (other, b)) in a.fields.iter().zip(b.fields.iter()) {
                budget.step()?;
                if name != other || !equal(budget, a, b, depth + 1)? {
                    return Ok(false);
                }
            }
            true
        }
        _ => false,
    })
}

fn go_on(budget: &mut Budget, depth: usize) -> Result<(), Failure> {
    budget.step()?;
    if depth == DEEPEST { Err(too_deep()) } else { Ok(()) }
}
