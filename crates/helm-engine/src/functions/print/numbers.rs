//! Numbers after a verb: padding, signs and the flags.

use super::integer::{self, Integer};
use super::printer::{Done, Flags, Printer};
use super::{float, quote};
use crate::value::{Origin, Value};

impl Printer<'_> {
    pub(super) fn integer(
        &mut self,
        value: &Value,
        number: Integer,
        origin: &Origin,
        verb: char,
    ) -> Done {
        let base = match verb {
            'v' if self.flags.sharp_v && !number.signed => {
                return self.hexadecimal(number.bits, true, origin);
            }
            'v' | 'd' => 10,
            'b' => 2,
            'o' | 'O' => 8,
            'x' | 'X' => 16,
            'c' | 'q' => {
                let character = u32::try_from(number.bits).ok().and_then(char::from_u32);
                let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
                let text = match verb {
                    'c' => character.to_string(),
                    _ => quote::quote_character(character, self.flags.plus),
                };
                return self.padded_str(&text, origin);
            }
            'U' => {
                let text = integer::unicode(number.bits, &self.flags);
                return self.unpadded_zeros(&text, origin);
            }
            _ => return self.bad_verb(value, verb),
        };
        let text = integer::print(number, &self.flags, base, verb).unwrap_or_default();
        self.unpadded_zeros(&text, origin)
    }

    /// A number whose zeros are there already: it is padded with blanks.
    fn unpadded_zeros(&mut self, text: &str, origin: &Origin) -> Done {
        let zero = std::mem::take(&mut self.flags.zero);
        let done = self.padded_str(text, origin);
        self.flags.zero = zero;
        done
    }

    pub(super) fn hexadecimal(&mut self, bits: u64, prefix: bool, origin: &Origin) -> Done {
        let flags = Flags { sharp: prefix, ..self.flags.clone() };
        let text = integer::print(Integer { bits, signed: false }, &flags, 16, 'v');
        self.unpadded_zeros(&text.unwrap_or_default(), origin)
    }

    pub(super) fn float(
        &mut self,
        value: &Value,
        number: f64,
        origin: &Origin,
        verb: char,
    ) -> Done {
        let (format, precision) = match verb {
            'v' => ('g', None),
            'b' | 'g' | 'G' | 'x' | 'X' => (verb, None),
            'f' | 'F' => ('f', Some(6)),
            'e' | 'E' => (verb, Some(6)),
            _ => return self.bad_verb(value, verb),
        };
        let precision = self.flags.precision.or(precision);
        let text = float::format(number, format, precision);
        let (sign, digits) = match text.as_bytes().first() {
            Some(b'-') => ("-", &text[1..]),
            Some(b'+') => ("+", &text[1..]),
            _ => ("+", text.as_str()),
        };
        let sign = if self.flags.space && sign == "+" && !self.flags.plus { " " } else { sign };
        if number.is_nan() || number.is_infinite() {
            let bare = number.is_nan() && !self.flags.space && !self.flags.plus;
            return self
                .unpadded_zeros(&format!("{}{digits}", if bare { "" } else { sign }), origin);
        }
        let digits = match self.flags.sharp && verb != 'b' {
            true => with_point(digits, verb, precision),
            false => digits.to_owned(),
        };
        if !self.flags.plus && sign == "+" {
            return self.padded_str(&digits, origin);
        }
        let length = digits.len() + 1;
        match self.flags.width {
            Some(width) if self.flags.zero && !self.flags.minus && width > length => {
                self.put(sign, origin)?;
                self.padding(width - length)?;
                self.put(&digits, origin)
            }
            _ => self.padded_str(&format!("{sign}{digits}"), origin),
        }
    }
}

/// The flag `#` on a float: a decimal point always, and zeros kept.
fn with_point(digits: &str, verb: char, precision: Option<usize>) -> String {
    let marks: &[char] = match verb {
        'x' | 'X' => &['p', 'P'],
        _ => &['e', 'E', 'p', 'P'],
    };
    let (number, tail) = digits.split_at(digits.find(marks).unwrap_or(digits.len()));
    let wanted = match verb {
        'v' | 'g' | 'G' | 'x' => precision.unwrap_or(6),
        _ => 0,
    };
    let significant =
        number.bytes().filter(|&byte| byte != b'.').skip_while(|&byte| byte == b'0').count();
    let zero = usize::from(number == "0");
    let missing = wanted.saturating_sub(significant + zero);
    let point = if number.contains('.') { "" } else { "." };
    format!("{number}{point}{}{tail}", "0".repeat(missing))
}
