//! Sequences of integers: `until`, `untilStep`, `seq`.

use crate::functions::args::int;
use crate::functions::{Budget, Failure};
use crate::value::{List, Value};

/// From a number on, by steps, until before another.
fn numbers(
    budget: &mut Budget,
    start: i64,
    stop: i64,
    step: i64,
    size: usize,
) -> Result<impl Iterator<Item = i64> + use<>, Failure> {
    let distance = i128::from(stop) - i128::from(start);
    let count = match (distance < 0, step < 0) {
        _ if step == 0 || distance == 0 => 0,
        (true, true) | (false, false) => {
            distance.unsigned_abs().div_ceil(u128::from(step.unsigned_abs()))
        }
        _ => 0,
    };
    // Go's number wraps past the last one, and it goes on for ever.
    let past =
        i128::from(start) + i128::try_from(count).unwrap_or(i128::MAX).saturating_mul(step.into());
    let endless = count > 0 && i64::try_from(past).is_err();
    let count = usize::try_from(count).ok().filter(|_| !endless).unwrap_or(usize::MAX);
    budget.bytes(count.saturating_mul(size))?;
    Ok((0..count as i64).map(move |index| start.wrapping_add(index.wrapping_mul(step))))
}

/// The numbers as `[]int`.
pub(super) fn list(
    budget: &mut Budget,
    start: i64,
    stop: i64,
    step: i64,
) -> Result<Value, Failure> {
    let numbers = numbers(budget, start, stop, step, size_of::<Value>())?;
    Ok(Value::List(List::of_ints(numbers)))
}

/// The numbers as words, the last one included.
pub(super) fn seq(budget: &mut Budget, args: &[Value]) -> Result<Value, Failure> {
    let down = |start: i64, end: i64| if end < start { -1 } else { 1 };
    let (start, end, step) = match args.len() {
        1 => (1, int(args, 0)?, None),
        2 => (int(args, 0)?, int(args, 1)?, None),
        3 => (int(args, 0)?, int(args, 2)?, Some(int(args, 1)?)),
        _ => return Ok(Value::str("")),
    };
    let increment = down(start, end);
    let step = step.unwrap_or(increment);
    if increment < 0 && step > 0 {
        return Ok(Value::str(""));
    }
    // A number has at most 20 bytes, and a blank behind it.
    let numbers = numbers(budget, start, end.wrapping_add(increment), step, 21)?;
    let words: Vec<String> = numbers.map(|number| number.to_string()).collect();
    Ok(Value::str(words.join(" ")))
}
