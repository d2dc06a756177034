//! Strings of TOML, in their four forms.

use super::Parser;
use crate::decode::Error;
use crate::value::{Text, TextBuilder};
use std::ops::Range;

impl Parser<'_> {
    pub(super) fn string(&mut self) -> Result<Text, Error> {
        for (quotes, escapes) in [("\"\"\"", true), ("'''", false), ("\"", true), ("'", false)] {
            if self.eat(quotes) {
                return self.quoted(quotes, escapes);
            }
        }
        Err(self.wrong("expected a string"))
    }

    fn quoted(&mut self, quotes: &str, escapes: bool) -> Result<Text, Error> {
        let multiline = quotes.len() == 3;
        if multiline && !self.eat("\r\n") {
            self.eat("\n");
        }
        let mut out = TextBuilder::default();
        let mut done = self.at;
        loop {
            let rest = &self.text[self.at..];
            if let Some(behind) = rest.strip_prefix(quotes) {
                // Up to two more quotes belong to the text.
                let quote = quotes.chars().next().unwrap_or('"');
                let more = behind.chars().take(2).take_while(|&c| c == quote).count();
                let end = self.at + if multiline { more } else { 0 };
                self.copy(&mut out, done..end);
                self.at = end + quotes.len();
                return Ok(out.finish());
            }
            match rest.chars().next() {
                None => return Err(self.wrong("unexpected EOF; expected a closing quote")),
                Some('\n' | '\r') if !multiline => {
                    return Err(self.wrong("strings cannot contain newlines"));
                }
                Some('\\') if escapes => {
                    self.copy(&mut out, done..self.at);
                    self.escape(&mut out, multiline)?;
                    done = self.at;
                }
                Some(c) => self.at += c.len_utf8(),
            }
        }
    }

    fn copy(&self, out: &mut TextBuilder, range: Range<usize>) {
        if !range.is_empty() {
            self.source.push_copy(out, &self.text[range.clone()], range);
        }
    }

    fn escape(&mut self, out: &mut TextBuilder, multiline: bool) -> Result<(), Error> {
        let start = self.at;
        self.at += 1;
        let Some(c) = self.peek() else { return Err(self.wrong("unexpected EOF")) };
        let simple = match c {
            'b' => '\u{8}',
            't' => '\t',
            'n' => '\n',
            'f' => '\u{c}',
            'r' => '\r',
            'e' => '\u{1b}',
            '"' => '"',
            '\\' => '\\',
            'x' | 'u' | 'U' => {
                let digits = match c {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                self.at += 1;
                let code = self.text.get(self.at..self.at + digits);
                let code = code.filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()));
                let c = code
                    .and_then(|code| u32::from_str_radix(code, 16).ok())
                    .and_then(char::from_u32)
                    .ok_or_else(|| self.wrong("expected hexadecimal digits"))?;
                self.at += digits;
                self.source.push_spelled(out, c.encode_utf8(&mut [0; 4]), start..self.at);
                return Ok(());
            }
            ' ' | '\t' | '\n' | '\r' if multiline => {
                let rest = &self.text[self.at..];
                let trimmed = rest.trim_start_matches([' ', '\t']);
                if !trimmed.starts_with(['\n', '\r']) {
                    return Err(self.wrong("invalid escape character ' '"));
                }
                let trimmed = rest.trim_start_matches([' ', '\t', '\n', '\r']);
                self.at += rest.len() - trimmed.len();
                return Ok(());
            }
            other => {
                return Err(self.wrong(&format!("invalid escape character {other:?}")));
            }
        };
        self.at += c.len_utf8();
        self.source.push_spelled(out, simple.encode_utf8(&mut [0; 4]), start..self.at);
        Ok(())
    }
}
