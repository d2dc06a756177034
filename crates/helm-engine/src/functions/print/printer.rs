//! One value after a verb, written with its source bytes.

use super::integer::Integer;
use super::{bytes_of, quote, runes, stringer};
use crate::functions::reflect::{DEEPEST, too_deep, type_name};
use crate::functions::{Budget, Failure};
use crate::value::{
    IntType, ItemType, List, Map, Origin, RUN_COST, Struct, Text, TextBuilder, Value,
};
use std::ops::Range;

/// What stands between `%` and the verb.
#[derive(Debug, Clone, Default)]
pub(super) struct Flags {
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
    pub(super) minus: bool,
    pub(super) plus: bool,
    pub(super) sharp: bool,
    pub(super) space: bool,
    pub(super) zero: bool,
    /// `%+v`: structs with the names of their fields.
    pub(super) plus_v: bool,
    /// `%#v`: as Go's source would spell it.
    pub(super) sharp_v: bool,
}

/// Where Go would print an address: it differs from run to run.
const ADDRESS: u64 = 0xc0_0000_0000;

pub(super) type Done = Result<(), Failure>;

/// Writes values as Go's `fmt` does.
pub(super) struct Printer<'b> {
    out: TextBuilder,
    budget: &'b mut Budget,
    pub(super) flags: Flags,
    /// True inside of `%!d(string=…)`, where no method is called.
    erroring: bool,
}

impl<'b> Printer<'b> {
    pub(super) fn new(budget: &'b mut Budget) -> Self {
        Self { out: TextBuilder::default(), budget, flags: Flags::default(), erroring: false }
    }

    pub(super) fn finish(self) -> Text {
        self.out.finish()
    }

    pub(super) fn put_str(&mut self, text: &str) -> Done {
        self.put(text, &Origin::None)
    }

    pub(super) fn put_slice(&mut self, text: &Text, range: Range<usize>) -> Done {
        self.budget.bytes(text.cost(range.clone()))?;
        self.out.push_slice(text, range);
        Ok(())
    }

    pub(super) fn put(&mut self, text: &str, origin: &Origin) -> Done {
        let least = if *origin == Origin::None { 0 } else { RUN_COST };
        self.budget.bytes(text.len().max(least))?;
        self.out.push_bytes(text.as_bytes(), origin.clone());
        Ok(())
    }

    pub(super) fn padding(&mut self, count: usize) -> Done {
        self.budget.bytes(count)?;
        let byte = if self.flags.zero && !self.flags.minus { "0" } else { " " };
        self.out.push_str(&byte.repeat(count));
        Ok(())
    }

    /// Writes something of so many characters, padded to the width.
    fn padded(&mut self, characters: usize, write: impl FnOnce(&mut Self) -> Done) -> Done {
        let missing = self.flags.width.unwrap_or(0).saturating_sub(characters);
        if !self.flags.minus {
            self.padding(missing)?;
        }
        write(self)?;
        if self.flags.minus {
            self.padding(missing)?;
        }
        Ok(())
    }

    pub(super) fn padded_str(&mut self, text: &str, origin: &Origin) -> Done {
        self.padded(text.chars().count(), |printer| printer.put(text, origin))
    }

    fn padded_text(&mut self, text: &Text) -> Done {
        let characters = match self.flags.width {
            None => 0,
            Some(_) => runes::count(text.bytes()),
        };
        self.padded(characters, |printer| printer.put_slice(text, 0..text.len()))
    }

    /// Writes an argument of `print` or `printf`.
    pub(super) fn argument(&mut self, value: &Value, verb: char) -> Done {
        match (value, verb) {
            (Value::Nil, 'T' | 'v') => self.padded_str("<nil>", &Origin::None),
            (Value::Nil, _) => self.bad_verb(value, verb),
            (_, 'T') => self.cut(&Text::new(type_name(value).into_owned())),
            (_, 'p') => self.pointer(value),
            (Value::Map(_) | Value::List(_) | Value::Struct(_), 'w') => self.bad_verb(value, verb),
            (Value::List(list), 'v' | 'd') if list.of == ItemType::Byte && self.flags.sharp_v => {
                self.go_bytes(list, "[]byte")
            }
            _ => self.value(value, verb, 0),
        }
    }

    fn value(&mut self, value: &Value, verb: char, depth: usize) -> Done {
        if depth > DEEPEST {
            return Err(too_deep());
        }
        match value {
            Value::Nil if self.flags.sharp_v => self.put_str("interface {}(nil)"),
            Value::Nil => self.put_str("<nil>"),
            Value::Bool(truth, origin) => match verb {
                't' | 'v' => self.padded_str(if *truth { "true" } else { "false" }, origin),
                _ => self.bad_verb(value, verb),
            },
            Value::Int(number, of, origin) => {
                let signed = !matches!(of, IntType::Uint8 | IntType::Uint64);
                let number = Integer { bits: *number as u64, signed };
                self.integer(value, number, origin, verb)
            }
            Value::Float(number, origin) => self.float(value, *number, origin, verb),
            Value::Str(text) => self.string(value, text, verb),
            Value::List(list) => self.list(list, verb, depth),
            Value::Map(map) => self.map(map, verb, depth),
            Value::Struct(object) => self.object(value, object, verb, depth),
        }
    }

    fn string(&mut self, value: &Value, text: &Text, verb: char) -> Done {
        match verb {
            'v' if self.flags.sharp_v => self.quoted(text),
            'v' | 's' => self.cut(text),
            'q' => self.quoted(text),
            'x' | 'X' => self.dump(text, verb == 'X'),
            _ => self.bad_verb(value, verb),
        }
    }

    fn truncated(&self, text: &Text) -> Text {
        match self.flags.precision {
            Some(most) => text.slice(0..runes::prefix(text.bytes(), most)),
            None => text.clone(),
        }
    }

    fn cut(&mut self, text: &Text) -> Done {
        let text = self.truncated(text);
        self.padded_text(&text)
    }

    fn quoted(&mut self, text: &Text) -> Done {
        let text = self.truncated(text);
        if self.flags.sharp && quote::can_backquote(text.bytes()) {
            return self.padded_text(&Text::concat([&"`".into(), &text, &"`".into()]));
        }
        // An escape is at most ten bytes for one.
        self.budget.bytes(text.len())?;
        self.padded_text(&quote::quote(&text, self.flags.plus))
    }

    /// The bytes of a text in hexadecimal.
    fn dump(&mut self, text: &Text, upper: bool) -> Done {
        let length = self.flags.precision.unwrap_or(usize::MAX).min(text.len());
        let (sharp, space) = (self.flags.sharp, self.flags.space);
        let each = if space && sharp { 4 } else { 2 };
        let width = match length {
            0 => 0,
            _ if space => length.saturating_mul(each + 1) - 1,
            _ => length.saturating_mul(2) + if sharp { 2 } else { 0 },
        };
        self.budget.bytes(width)?;
        let prefix = if upper { "0X" } else { "0x" };
        let mut out = TextBuilder::default();
        for (index, byte) in text.bytes()[..length].iter().enumerate() {
            if space && index > 0 {
                out.push_str(" ");
            }
            if sharp && (space || index == 0) {
                out.push_str(prefix);
            }
            let digits = if upper { format!("{byte:02X}") } else { format!("{byte:02x}") };
            let origin = text.computed(index..index + 1);
            out.push_bytes(digits.as_bytes(), origin);
        }
        self.padded_text(&out.finish())
    }

    fn list(&mut self, list: &List, verb: char, depth: usize) -> Done {
        if list.of == ItemType::Byte {
            match verb {
                's' | 'q' | 'x' | 'X' => {
                    let text = bytes_of(list);
                    return self.string(&Value::Nil, &text, verb);
                }
                'v' | 'd' if self.flags.sharp_v => return self.go_bytes(list, "[]uint8"),
                _ => {}
            }
        }
        let (open, between, close) = match self.flags.sharp_v {
            true => ("{", ", ", "}"),
            false => ("[", " ", "]"),
        };
        if self.flags.sharp_v {
            self.put_str(&type_name(&Value::List(list.clone())))?;
            if list.nil {
                return self.put_str("(nil)");
            }
        }
        self.put_str(open)?;
        for (index, item) in list.items.iter().enumerate() {
            if index > 0 {
                self.put_str(between)?;
            }
            self.value(item, verb, depth + 1)?;
        }
        self.put_str(close)
    }

    fn go_bytes(&mut self, list: &List, type_name: &str) -> Done {
        self.put_str(type_name)?;
        if list.nil {
            return self.put_str("(nil)");
        }
        self.put_str("{")?;
        for (index, item) in list.items.iter().enumerate() {
            if index > 0 {
                self.put_str(", ")?;
            }
            if let Value::Int(byte, _, origin) = item {
                self.hexadecimal(*byte as u64, true, origin)?;
            }
        }
        self.put_str("}")
    }

    fn map(&mut self, map: &Map, verb: char, depth: usize) -> Done {
        let (between, close) = if self.flags.sharp_v { (", ", "}") } else { (" ", "]") };
        match self.flags.sharp_v {
            true => {
                self.put_str(&type_name(&Value::Map(map.clone())))?;
                if map.nil {
                    return self.put_str("(nil)");
                }
                self.put_str("{")?;
            }
            false => self.put_str("map[")?,
        }
        for (index, (key, entry)) in map.entries().iter().enumerate() {
            if index > 0 {
                self.put_str(between)?;
            }
            let key = Text::with_origin(key.as_bytes(), entry.key.clone());
            self.value(&Value::Str(key), verb, depth + 1)?;
            self.put_str(":")?;
            self.value(&entry.value, verb, depth + 1)?;
        }
        self.put_str(close)
    }

    fn object(&mut self, value: &Value, object: &Struct, verb: char, depth: usize) -> Done {
        let may = !self.erroring && !self.flags.sharp_v;
        if let Some(text) = stringer(object)
            && may
            && matches!(verb, 'v' | 's' | 'x' | 'X' | 'q')
        {
            return self.string(value, text, verb);
        }
        let mut type_name = object.type_name;
        if let Some(to) = type_name.strip_prefix('*') {
            if depth > 0 {
                return self.hexadecimal(ADDRESS, !self.flags.sharp, &Origin::None);
            }
            self.put_str("&")?;
            type_name = to;
        }
        if self.flags.sharp_v {
            self.put_str(type_name)?;
        }
        self.put_str("{")?;
        let fields = object.fields.iter().filter(|(name, _)| *name != Struct::STRING);
        for (index, (name, field)) in fields.enumerate() {
            if index > 0 {
                self.put_str(if self.flags.sharp_v { ", " } else { " " })?;
            }
            if self.flags.plus_v || self.flags.sharp_v {
                self.put_str(name)?;
                self.put_str(":")?;
            }
            self.value(field, verb, depth + 1)?;
        }
        self.put_str("}")
    }

    fn pointer(&mut self, value: &Value) -> Done {
        let is_pointer = match value {
            Value::Map(_) | Value::List(_) => true,
            Value::Struct(object) => object.type_name.starts_with('*'),
            _ => false,
        };
        if !is_pointer {
            return self.bad_verb(value, 'p');
        }
        self.hexadecimal(ADDRESS, !self.flags.sharp, &Origin::None)
    }

    /// A verb that does not fit the value: `%!d(string=x)`.
    pub(super) fn bad_verb(&mut self, value: &Value, verb: char) -> Done {
        let outer = std::mem::replace(&mut self.erroring, true);
        self.put_str(&format!("%!{verb}("))?;
        match value {
            Value::Nil => self.put_str("<nil>")?,
            _ => {
                self.put_str(&type_name(value))?;
                self.put_str("=")?;
                self.argument(value, 'v')?;
            }
        }
        self.erroring = outer;
        self.put_str(")")
    }
}
