//! The format of `printf`, read as Go reads it.

use super::printer::{Flags, Printer};
use super::runes;
use crate::functions::Failure;
use crate::functions::reflect::type_name;
use crate::value::{Text, Value};

/// The largest width and precision.
const LARGEST: i64 = 1_000_000;

/// Writes a format with its arguments.
pub(super) fn run(
    mut printer: Printer<'_>,
    format: &Text,
    args: &[Value],
) -> Result<Text, Failure> {
    let mut reader =
        Reader { bytes: format.bytes(), at: 0, args, next: 0, reordered: false, good: true };
    let end = reader.bytes.len();
    while reader.at < end {
        reader.good = true;
        let literal = reader.at;
        let percent = reader.bytes[literal..].iter().position(|&byte| byte == b'%');
        reader.at = percent.map_or(end, |offset| literal + offset);
        printer.put_slice(format, literal..reader.at)?;
        if percent.is_none() {
            break;
        }
        reader.at += 1;
        printer.flags = reader.flags();
        reader.directive(&mut printer)?;
    }
    if !reader.reordered && reader.next < args.len() {
        printer.flags = Flags::default();
        printer.put_str("%!(EXTRA ")?;
        for (index, value) in args[reader.next..].iter().enumerate() {
            if index > 0 {
                printer.put_str(", ")?;
            }
            if !matches!(value, Value::Nil) {
                printer.put_str(&type_name(value))?;
                printer.put_str("=")?;
            }
            printer.argument(value, 'v')?;
        }
        printer.put_str(")")?;
    }
    Ok(printer.finish())
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    args: &'a [Value],
    /// The argument that comes next.
    next: usize,
    /// True once an explicit index was used.
    reordered: bool,
    /// False when the verb's index is out of range or misplaced.
    good: bool,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn flags(&mut self) -> Flags {
        let mut flags = Flags::default();
        while let Some(byte) = self.peek() {
            match byte {
                b'#' => flags.sharp = true,
                b'0' => flags.zero = true,
                b'+' => flags.plus = true,
                b'-' => flags.minus = true,
                b' ' => flags.space = true,
                _ => break,
            }
            self.at += 1;
        }
        flags
    }

    /// Index, width, precision and verb, behind the flags.
    fn directive(&mut self, printer: &mut Printer<'_>) -> Result<(), Failure> {
        let mut after_index = self.index();
        if self.peek() == Some(b'*') {
            self.at += 1;
            match self.number_argument() {
                Some(width) => {
                    if width < 0 {
                        printer.flags.minus = true;
                        printer.flags.zero = false;
                    }
                    printer.flags.width = Some(width.unsigned_abs() as usize);
                }
                None => printer.put_str("%!(BADWIDTH)")?,
            }
            after_index = false;
        } else {
            printer.flags.width = self.number();
            if after_index && printer.flags.width.is_some() {
                self.good = false;
            }
        }
        if self.peek() == Some(b'.') && self.at + 1 < self.bytes.len() {
            self.at += 1;
            if after_index {
                self.good = false;
            }
            after_index = self.index();
            if self.peek() == Some(b'*') {
                self.at += 1;
                match self.number_argument() {
                    Some(precision @ 0..) => printer.flags.precision = Some(precision as usize),
                    _ => printer.put_str("%!(BADPREC)")?,
                }
                after_index = false;
            } else {
                printer.flags.precision = Some(self.number().unwrap_or(0));
            }
        }
        if !after_index {
            self.index();
        }
        if self.at >= self.bytes.len() {
            return printer.put_str("%!(NOVERB)");
        }
        let (verb, length) = runes::decode(&self.bytes[self.at..]);
        self.at += length;
        if verb == '%' {
            return printer.put_str("%");
        }
        if !self.good {
            return printer.put_str(&format!("%!{verb}(BADINDEX)"));
        }
        let Some(value) = self.args.get(self.next) else {
            return printer.put_str(&format!("%!{verb}(MISSING)"));
        };
        if matches!(verb, 'v' | 'w') {
            let flags = &mut printer.flags;
            flags.sharp_v = std::mem::take(&mut flags.sharp);
            flags.plus_v = std::mem::take(&mut flags.plus);
        }
        self.next += 1;
        printer.argument(value, verb)
    }

    /// A decimal number; one that is too large swallows the rest of the format.
    fn number(&mut self) -> Option<usize> {
        let (number, at) = read_number(self.bytes, self.at, self.bytes.len());
        self.at = at;
        number
    }

    /// An explicit index, `[2]`. True when one was there and well formed.
    fn index(&mut self) -> bool {
        if self.peek() != Some(b'[') {
            return false;
        }
        self.reordered = true;
        let rest = &self.bytes[self.at..];
        let close = rest.iter().position(|&byte| byte == b']').filter(|_| rest.len() >= 3);
        let Some(close) = close else {
            self.at += 1;
            self.good = false;
            return false;
        };
        let (number, end) = read_number(rest, 1, close);
        self.at += close + 1;
        match number.filter(|_| end == close) {
            Some(number @ 1..) if number <= self.args.len() => {
                self.next = number - 1;
                true
            }
            number => {
                self.good = false;
                number.is_some()
            }
        }
    }

    /// The next argument as a width or a precision.
    fn number_argument(&mut self) -> Option<i64> {
        let value = self.args.get(self.next)?;
        self.next += 1;
        match value {
            Value::Int(number, ..) => Some(*number).filter(|n| (-LARGEST..=LARGEST).contains(n)),
            _ => None,
        }
    }
}

fn read_number(bytes: &[u8], start: usize, end: usize) -> (Option<usize>, usize) {
    let mut number = None;
    for (at, byte) in bytes.iter().enumerate().take(end).skip(start) {
        if !byte.is_ascii_digit() {
            return (number, at);
        }
        let so_far = number.unwrap_or(0);
        if so_far > LARGEST as usize {
            return (None, end);
        }
        number = Some(so_far * 10 + usize::from(byte - b'0'));
    }
    (number, end.max(start))
}
