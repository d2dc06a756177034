//! Integers in the bases of `printf`.

use super::printer::Flags;

/// An integer of at most 64 bits and how it is to be read.
#[derive(Clone, Copy)]
pub(super) struct Integer {
    /// Its bits.
    pub(super) bits: u64,
    /// True when they are a signed number.
    pub(super) signed: bool,
}

/// The digits, with sign, prefix and leading zeros. `None` when the precision
/// and the number are 0, and nothing but padding is printed.
pub(super) fn print(number: Integer, flags: &Flags, base: u64, verb: char) -> Option<String> {
    let negative = number.signed && (number.bits as i64) < 0;
    let magnitude = if negative { number.bits.wrapping_neg() } else { number.bits };
    let least = match flags.precision {
        Some(0) if magnitude == 0 => return None,
        Some(precision) => precision,
        None => match flags.width {
            Some(width) if flags.zero && !flags.minus => {
                let sign = negative || flags.plus || flags.space;
                width.saturating_sub(usize::from(sign))
            }
            _ => 0,
        },
    };
    let upper = verb == 'X';
    let digits = match (base, upper) {
        (2, _) => format!("{magnitude:b}"),
        (8, _) => format!("{magnitude:o}"),
        (16, false) => format!("{magnitude:x}"),
        (16, true) => format!("{magnitude:X}"),
        _ => magnitude.to_string(),
    };
    let zeros = "0".repeat(least.saturating_sub(digits.len()));
    let mut prefix = String::new();
    if negative {
        prefix.push('-');
    } else if flags.plus {
        prefix.push('+');
    } else if flags.space {
        prefix.push(' ');
    }
    if verb == 'O' {
        prefix.push_str("0o");
    }
    if flags.sharp {
        match base {
            2 => prefix.push_str("0b"),
            8 if zeros.is_empty() && !digits.starts_with('0') => prefix.push('0'),
            16 if upper => prefix.push_str("0X"),
            16 => prefix.push_str("0x"),
            _ => {}
        }
    }
    Some(format!("{prefix}{zeros}{digits}"))
}

/// `U+0078`; with `#` and a character that prints `U+0078 'x'`.
pub(super) fn unicode(bits: u64, flags: &Flags) -> String {
    let digits = format!("{bits:X}");
    let least = flags.precision.unwrap_or(0).max(4);
    let zeros = "0".repeat(least.saturating_sub(digits.len()));
    let shown = u32::try_from(bits).ok().and_then(char::from_u32);
    match shown.filter(|&character| flags.sharp && super::runes::is_print(character)) {
        Some(character) => format!("U+{zeros}{digits} '{character}'"),
        None => format!("U+{zeros}{digits}"),
    }
}
