//! The bytes of a scalar in each style. What is copied stays copied; an escape,
//! a folded blank and a doubled quote are spelled by what they stand for.

use super::super::order::Dialect;
use super::Emitter;
use super::analysis::{is_break, is_printable};
use crate::functions::Failure;
use crate::value::Text;
use std::fmt::Write as _;
use std::ops::Range;

/// Lines are folded at the first blank behind this column.
const WIDTH: usize = 80;

impl Emitter<'_> {
    fn folds(&self, allowed: bool) -> bool {
        allowed && self.dialect == Dialect::V2 && self.column > WIDTH
    }

    fn copy(&mut self, text: &Text, pending: &mut usize, end: usize) -> Result<(), Failure> {
        let start = std::mem::replace(pending, end);
        self.out.copy(text, start..end)
    }

    /// Writes a line break and indentation for a blank of the text.
    fn fold(&mut self, text: &Text, blank: Range<usize>) -> Result<(), Failure> {
        self.write_indent_from(text.computed(blank))
    }

    pub(super) fn plain_text(
        &mut self,
        text: &Text,
        value: &str,
        may_fold: bool,
    ) -> Result<(), Failure> {
        self.blank_before()?;
        let (mut pending, mut spaces) = (0, false);
        for (at, c) in value.char_indices() {
            if c != ' ' {
                self.indention = false;
            } else if !spaces && self.folds(may_fold) && !value[at + 1..].starts_with(' ') {
                self.copy(text, &mut pending, at)?;
                self.fold(text, at..at + 1)?;
                pending = at + 1;
                spaces = true;
                continue;
            }
            self.column += 1;
            spaces = c == ' ';
        }
        self.copy(text, &mut pending, value.len())?;
        self.whitespace = false;
        self.indention = false;
        Ok(())
    }

    pub(super) fn single_quoted(
        &mut self,
        text: &Text,
        value: &str,
        may_fold: bool,
    ) -> Result<(), Failure> {
        self.indicator("'", true, false, false)?;
        let (mut pending, mut spaces, mut breaks) = (0, false, false);
        for (at, c) in value.char_indices() {
            if c == ' ' {
                let inside = at > 0 && at + 1 < value.len();
                if !spaces && inside && self.folds(may_fold) && !value[at + 1..].starts_with(' ') {
                    self.copy(text, &mut pending, at)?;
                    self.fold(text, at..at + 1)?;
                    pending = at + 1;
                } else {
                    self.column += 1;
                }
                spaces = true;
                continue;
            }
            if is_break(c) {
                self.column = 0;
                self.indention = true;
                breaks = true;
                continue;
            }
            if breaks {
                self.copy(text, &mut pending, at)?;
                self.write_indent()?;
            }
            if c == '\'' {
                self.copy(text, &mut pending, at)?;
                self.out.respell("''", text, at..at + 1)?;
                pending = at + 1;
                self.column += 1;
            }
            self.column += 1;
            self.indention = false;
            (spaces, breaks) = (false, false);
        }
        self.copy(text, &mut pending, value.len())?;
        self.indicator("'", false, false, false)
    }

    pub(super) fn double_quoted(
        &mut self,
        text: &Text,
        value: &str,
        may_fold: bool,
    ) -> Result<(), Failure> {
        self.indicator("\"", true, false, false)?;
        // Go asks of each character whether the text begins with a byte order mark.
        let escapes_all = value.starts_with('\u{feff}');
        let (mut pending, mut spaces) = (0, false);
        let mut escaped = String::new();
        for (at, c) in value.char_indices() {
            let end = at + c.len_utf8();
            if escapes_all || !is_printable(c) || is_break(c) || matches!(c, '"' | '\\') {
                escaped.clear();
                escape(c, &mut escaped);
                self.copy(text, &mut pending, at)?;
                self.out.respell(&escaped, text, at..end)?;
                pending = end;
                self.column += escaped.len();
                spaces = false;
            } else if c == ' ' {
                if !spaces && at > 0 && end < value.len() && self.folds(may_fold) {
                    self.copy(text, &mut pending, at)?;
                    self.fold(text, at..end)?;
                    pending = end;
                    if value[end..].starts_with(' ') {
                        self.out.own("\\")?;
                        self.column += 1;
                    }
                } else {
                    self.column += 1;
                }
                spaces = true;
            } else {
                self.column += 1;
                spaces = false;
            }
        }
        self.copy(text, &mut pending, value.len())?;
        self.indicator("\"", false, false, false)
    }

    pub(super) fn literal(&mut self, text: &Text, value: &str) -> Result<(), Failure> {
        self.indicator("|", true, false, false)?;
        if value.starts_with(|c| c == ' ' || is_break(c)) {
            self.indicator("2", false, false, false)?;
        }
        let mut last = value.chars().rev();
        let chomping = match (last.next().map(is_break), last.next().map(is_break)) {
            (Some(true), Some(false)) => "",
            (Some(true), _) => "+",
            _ => "-",
        };
        self.indicator(chomping, false, false, false)?;
        self.out.own("\n")?;
        self.column = 0;
        self.indention = true;
        self.whitespace = true;
        let (mut pending, mut breaks) = (0, true);
        for (at, c) in value.char_indices() {
            if is_break(c) {
                self.column = 0;
                self.indention = true;
                breaks = true;
                continue;
            }
            if breaks {
                self.copy(text, &mut pending, at)?;
                self.write_indent()?;
            }
            self.column += 1;
            self.indention = false;
            breaks = false;
        }
        self.copy(text, &mut pending, value.len())
    }
}

fn escape(c: char, out: &mut String) {
    let short = match c {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '"' => '"',
        '\\' => '\\',
        '\u{85}' => 'N',
        '\u{a0}' => '_',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        _ => {
            let code = c as u32;
            let _ = match code {
                0..=0xff => write!(out, "\\x{code:02X}"),
                0x100..=0xffff => write!(out, "\\u{code:04X}"),
                _ => write!(out, "\\U{code:08X}"),
            };
            return;
        }
    };
    out.push('\\');
    out.push(short);
}
