//! Functions whose answer is random: placeholders of the same length and letters.

use crate::functions::Budget;
use crate::functions::encoding::base64;
use crate::functions::given::{Given, fail, int, text};
use crate::value::{Origin, Text, Value};

/// What stands where Helm would put something random or secret.
const MARK: &[u8] = b"PLACEHOLDER";

/// So many bytes of a pattern, over and over.
fn pattern(budget: &mut Budget, letters: &[u8], count: i64) -> Given {
    let count = usize::try_from(count).unwrap_or(0);
    budget.bytes(count)?;
    Ok(Value::Str(Text::new(letters.iter().copied().cycle().take(count).collect::<Vec<u8>>())))
}

pub(super) fn letters(budget: &mut Budget, given: &[Value]) -> Given {
    pattern(budget, MARK, int(given, 0)?)
}

pub(super) fn digits(budget: &mut Budget, given: &[Value]) -> Given {
    pattern(budget, b"0", int(given, 0)?)
}

pub(super) fn bytes(budget: &mut Budget, given: &[Value]) -> Given {
    let count = int(given, 0)?;
    if count < 0 {
        return fail("runtime error: makeslice: len out of range");
    }
    match pattern(budget, MARK, count)? {
        Value::Str(bytes) => {
            budget.bytes(bytes.len().saturating_mul(2))?;
            Ok(Value::Str(Text::new(base64::encode(bytes.bytes()))))
        }
        other => Ok(other),
    }
}

/// The same letters; which order they would get is not known.
pub(super) fn shuffle(budget: &mut Budget, given: &[Value]) -> Given {
    let text = text(given, 0)?;
    budget.bytes(text.len())?;
    Ok(Value::Str(text.derive(text.bytes())))
}

pub(super) fn uuid(_: &mut Budget, _: &[Value]) -> Given {
    let text = "00000000-0000-4000-8000-000000000000";
    Ok(Value::Str(Text::with_origin(text, Origin::None)))
}
