//! Regular expressions of RE2, as Go compiles them, written anew for Rust's
//! crate. The two agree on what matches; they differ in what may be written and
//! in what is ASCII.

use super::class;
use super::error::{self, Mistake};

/// Deeper groups are refused; Go would take a thousand.
const DEEPEST: usize = 200;

/// The longest expression, in bytes.
const LONGEST: usize = 1 << 16;

/// The largest expression, counted in characters after repetition.
const LARGEST: usize = 200_000;

/// An expression for Rust's crate.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Translated {
    pub(super) pattern: String,
    /// The names of the groups, the whole match first.
    pub(super) names: Vec<Option<String>>,
    /// How large it is, repetitions counted.
    pub(super) size: usize,
}

#[derive(Clone, Copy, Default)]
struct Flags {
    fold: bool,
    multi_line: bool,
    dot_newline: bool,
    lazy: bool,
}

/// Something that can be repeated.
struct Atom {
    text: String,
    size: usize,
    /// The product of the repetitions that are nested in it.
    repeats: u64,
    repeated: bool,
}

/// A group that is not closed yet.
#[derive(Default)]
struct Group {
    /// How it opens: `(` or `(?:`.
    open: &'static str,
    /// The flags outside of it.
    outside: Flags,
    /// The alternatives before the last `|`, each with a `|` behind.
    before: String,
    size: usize,
    repeats: u64,
    atoms: Vec<Atom>,
}

impl Group {
    /// Ends an alternative.
    fn concat(&mut self) {
        for atom in self.atoms.drain(..) {
            self.before += &atom.text;
            self.size = self.size.saturating_add(atom.size);
            self.repeats = self.repeats.max(atom.repeats);
        }
    }
}

struct Translator<'p> {
    whole: &'p str,
    at: usize,
    flags: Flags,
    outer: Vec<Group>,
    group: Group,
    names: Vec<Option<String>>,
    /// Where the repetition begins that was read last.
    last_repeat: Option<usize>,
}

/// Translates an expression.
pub(super) fn translate(whole: &str) -> Result<Translated, Mistake> {
    if whole.len() > LONGEST {
        return Err(Mistake::new(error::LARGE, &whole[..whole.floor_char_boundary(80)]));
    }
    let mut translator = Translator {
        whole,
        at: 0,
        flags: Flags::default(),
        outer: Vec::new(),
        group: Group::default(),
        names: vec![None],
        last_repeat: None,
    };
    while translator.at < whole.len() {
        let repeat = translator.step()?;
        translator.last_repeat = repeat;
    }
    if !translator.outer.is_empty() {
        return Err(Mistake::new(error::MISSING_PAREN, whole));
    }
    let mut group = translator.group;
    group.concat();
    if group.size > LARGEST {
        return Err(Mistake::new(error::LARGE, whole));
    }
    Ok(Translated { pattern: group.before, names: translator.names, size: group.size })
}

impl Translator<'_> {
    fn rest(&self) -> &str {
        &self.whole[self.at..]
    }

    fn push(&mut self, text: String, size: usize, length: usize) {
        self.group.atoms.push(Atom { text, size, repeats: 1, repeated: false });
        self.at += length;
    }

    /// Pushes what case matters for.
    fn push_letters(&mut self, text: String, size: usize, length: usize) {
        let text = if self.flags.fold { format!("(?i:{text})") } else { text };
        self.push(text, size, length);
    }

    fn push_literal(&mut self, letter: char, length: usize) {
        let mut text = String::new();
        class::literal(&mut text, letter);
        match letter.is_alphabetic() {
            true => self.push_letters(text, letter.len_utf8(), length),
            false => self.push(text, letter.len_utf8(), length),
        }
    }

    /// Reads one thing. Gives its start when it is a repetition.
    fn step(&mut self) -> Result<Option<usize>, Mistake> {
        let start = self.at;
        let multi_line = self.flags.multi_line;
        match self.rest().as_bytes() {
            [b'(', b'?', ..] => self.perl_group()?,
            [b'(', ..] => {
                self.names.push(None);
                self.open("(", 1)?;
            }
            [b'|', ..] => {
                self.group.concat();
                self.group.before.push('|');
                self.at += 1;
            }
            [b')', ..] => self.close()?,
            [b'^', ..] => self.push(if multi_line { "(?m:^)" } else { "\\A" }.into(), 1, 1),
            [b'$', ..] => self.push(if multi_line { "(?m:$)" } else { "\\z" }.into(), 1, 1),
            [b'.', ..] => {
                let any = if self.flags.dot_newline { "(?s:.)" } else { "." };
                self.push(any.into(), 4, 1);
            }
            [b'[', ..] => {
                let (set, length) = class::set(self.rest())?;
                let size = 4 + length + 200 * set.matches("\\p").count();
                self.push_letters(set, size, length);
            }
            [sign @ (b'*' | b'+' | b'?'), ..] => {
                let text = char::from(*sign).to_string();
                self.repeat(&text, (0, Some(1)), 1)?;
                return Ok(Some(start));
            }
            [b'{', ..] => match counts(self.rest()) {
                None => self.push_literal('{', 1),
                Some((counts, length)) => {
                    let text = self.rest()[..length].to_owned();
                    if !valid(counts) {
                        return Err(Mistake::new(error::REPEAT_SIZE, &text));
                    }
                    self.repeat(&text, counts, length)?;
                    return Ok(Some(start));
                }
            },
            [b'\\', ..] => self.escape()?,
            _ => {
                let letter = self.rest().chars().next().unwrap_or_default();
                self.push_literal(letter, letter.len_utf8());
            }
        }
        Ok(None)
    }

    fn open(&mut self, open: &'static str, length: usize) -> Result<(), Mistake> {
        if self.outer.len() >= DEEPEST {
            return Err(Mistake::new(error::NESTING, self.whole));
        }
        let group = Group { open, outside: self.flags, ..Group::default() };
        self.outer.push(std::mem::replace(&mut self.group, group));
        self.at += length;
        Ok(())
    }

    fn close(&mut self) -> Result<(), Mistake> {
        let Some(outer) = self.outer.pop() else {
            return Err(Mistake::new(error::UNEXPECTED_PAREN, self.whole));
        };
        let mut group = std::mem::replace(&mut self.group, outer);
        group.concat();
        self.flags = group.outside;
        self.group.atoms.push(Atom {
            text: format!("{}{})", group.open, group.before),
            size: group.size.saturating_add(2),
            repeats: group.repeats.max(1),
            repeated: false,
        });
        self.at += 1;
        Ok(())
    }

    /// A group with a name, or flags.
    fn perl_group(&mut self) -> Result<(), Mistake> {
        let rest = &self.whole[self.at..];
        let named = rest.strip_prefix("(?P<").filter(|name| !name.is_empty());
        let named = named.or_else(|| rest.strip_prefix("(?<"));
        if let Some(name) = named {
            let Some(length) = name.find('>') else {
                return Err(Mistake::new(error::NAMED_CAPTURE, rest));
            };
            let end = rest.len() - name.len() + length + 1;
            let name = &name[..length];
            let valid = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
            if name.is_empty() || !name.bytes().all(valid) {
                return Err(Mistake::new(error::NAMED_CAPTURE, &rest[..end]));
            }
            self.names.push(Some(name.to_owned()));
            return self.open("(", end);
        }
        let mut flags = self.flags;
        let (mut value, mut seen) = (true, false);
        let mut end = rest.len();
        for (index, letter) in rest.char_indices().skip(2) {
            match letter {
                'i' => (flags.fold, seen) = (value, true),
                'm' => (flags.multi_line, seen) = (value, true),
                's' => (flags.dot_newline, seen) = (value, true),
                'U' => (flags.lazy, seen) = (value, true),
                '-' if value => (value, seen) = (false, false),
                ':' if value || seen => {
                    self.open("(?:", index + 1)?;
                    self.flags = flags;
                    return Ok(());
                }
                ')' if value || seen => {
                    self.flags = flags;
                    self.at += index + 1;
                    return Ok(());
                }
                _ => {
                    end = index + letter.len_utf8();
                    break;
                }
            }
        }
        Err(Mistake::new(error::PERL, &rest[..end]))
    }

    /// Repeats the last atom.
    fn repeat(
        &mut self,
        operator: &str,
        (least, most): Counts,
        length: usize,
    ) -> Result<(), Mistake> {
        let start = self.at;
        let mut end = start + length;
        let mut lazy = self.flags.lazy;
        if self.whole[end..].starts_with('?') {
            end += 1;
            lazy = !lazy;
        }
        if let Some(last) = self.last_repeat {
            return Err(Mistake::new(error::REPEAT_OF_REPEAT, &self.whole[last..end]));
        }
        let Some(atom) = self.group.atoms.last_mut() else {
            return Err(Mistake::new(error::MISSING_ARGUMENT, &self.whole[start..end]));
        };
        let times = most.unwrap_or(least).max(1);
        let repeats = atom.repeats.saturating_mul(times);
        if repeats > 1000 && (least >= 2 || most.is_some_and(|most| most >= 2)) {
            return Err(Mistake::new(error::REPEAT_SIZE, &self.whole[start..end]));
        }
        atom.repeats = if most == Some(0) { 1 } else { repeats };
        atom.size = atom.size.saturating_mul(times as usize).saturating_add(1);
        if atom.size > LARGEST {
            return Err(Mistake::new(error::LARGE, self.whole));
        }
        if atom.repeated {
            atom.text = format!("(?:{})", atom.text);
        }
        atom.text += operator;
        if lazy {
            atom.text.push('?');
        }
        atom.repeated = true;
        self.at = end;
        Ok(())
    }

    fn escape(&mut self) -> Result<(), Mistake> {
        let rest = &self.whole[self.at..];
        match rest.as_bytes() {
            [_, b'A', ..] => self.push("\\A".into(), 1, 2),
            [_, b'z', ..] => self.push("\\z".into(), 1, 2),
            // Only ASCII makes words, so that its word boundaries do.
            [_, b'b', ..] => self.push("(?-u:\\b)".into(), 1, 2),
            [_, b'B', ..] => self.push("(?-u:\\B)".into(), 1, 2),
            [_, b'C', ..] => return Err(Mistake::new(error::ESCAPE, &rest[..2])),
            [_, b'Q', ..] => {
                let (literal, length) = match rest.find("\\E") {
                    Some(end) => (&rest[2..end], end + 2),
                    None => (&rest[2..], rest.len()),
                };
                literal.chars().for_each(|letter| self.push_literal(letter, 0));
                self.at += length;
            }
            _ => {
                if let Some((class, length)) = class::unicode_class(rest)? {
                    self.push_letters(class, 200, length);
                } else if let Some(class) = class::perl_class(rest) {
                    self.push_letters(class.into(), 4, 2);
                } else {
                    let (letter, length) = class::escape(rest)?;
                    self.push_literal(letter, length);
                }
            }
        }
        Ok(())
    }
}

type Counts = (u64, Option<u64>);

/// `{2}`, `{2,}` or `{2,3}`, and the number of bytes read. Other braces stand
/// for themselves.
fn counts(rest: &str) -> Option<(Counts, usize)> {
    let inside = &rest[1..rest.find('}')?];
    let number = |text: &str| -> Option<u64> {
        let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let leading_zero = text.len() > 1 && text.starts_with('0');
        // Too large for 64 bits is too large anyhow.
        (plain && !leading_zero).then(|| text.parse().unwrap_or(u64::MAX))
    };
    let (least, most) = match inside.split_once(',') {
        None => (number(inside)?, Some(number(inside)?)),
        Some((least, "")) => (number(least)?, None),
        Some((least, most)) => (number(least)?, Some(number(most)?)),
    };
    Some(((least, most), inside.len() + 2))
}

fn valid((least, most): Counts) -> bool {
    least <= 1000 && most.is_none_or(|most| most <= 1000 && least <= most)
}
