//! Strings and keys: which style, and what is written.

use super::super::order::Dialect;
use super::super::{Error, base64};
use super::analysis::{Analysis, Style};
use super::{Emitter, implicit, through_json};
use crate::functions::Failure;
use crate::value::{Origin, Text};
use std::borrow::Cow;

/// Longer keys are written behind a `?`.
const LONGEST_SIMPLE_KEY: usize = 128;
const BINARY: &str = "!!binary";

impl Emitter<'_> {
    /// A string as a value or as an item.
    pub(super) fn string(&mut self, text: &Text) -> Result<(), Error> {
        let (text, tag) = self.writable(text)?;
        let value = utf8(&text)?;
        let analysis = Analysis::of(value, self.dialect);
        self.scalar(&text, value, analysis, tag, false)?;
        Ok(())
    }

    /// A key and its colon.
    pub(super) fn key(&mut self, key: &str, origin: Origin) -> Result<(), Error> {
        let text = Text::with_origin(key, origin);
        let text = match self.dialect {
            Dialect::V2 => through_json::key(&text)?,
            Dialect::V3 => Cow::Borrowed(&text),
        };
        let value = utf8(&text)?;
        let analysis = Analysis::of(value, self.dialect);
        if !analysis.multiline && value.len() <= LONGEST_SIMPLE_KEY {
            self.scalar(&text, value, analysis, None, true)?;
            self.indicator(":", false, false, false)?;
        } else {
            self.indicator("?", true, false, true)?;
            self.scalar(&text, value, analysis, None, false)?;
            self.write_indent()?;
            self.indicator(":", true, false, true)?;
        }
        Ok(())
    }

    /// The text that is written for a string, and its tag.
    fn writable<'t>(&self, text: &'t Text) -> Result<(Cow<'t, Text>, Option<&'static str>), Error> {
        if self.dialect == Dialect::V2 {
            return Ok((through_json::value(text)?, None));
        }
        if std::str::from_utf8(text.bytes()).is_ok() {
            return Ok((Cow::Borrowed(text), None));
        }
        let coded = base64::encode(text.bytes());
        let lines = coded.as_bytes().chunks(70).map(String::from_utf8_lossy);
        let wrapped: String =
            if coded.len() >= 70 { lines.map(|line| format!("{line}\n")).collect() } else { coded };
        Ok((Cow::Owned(text.derive(wrapped)), Some(BINARY)))
    }

    fn scalar(
        &mut self,
        text: &Text,
        value: &str,
        analysis: Analysis,
        tag: Option<&str>,
        simple_key: bool,
    ) -> Result<(), Failure> {
        let wish = if value.contains('\n') {
            Style::Literal
        } else if tag.is_some() || implicit::is_text(value) {
            Style::Plain
        } else {
            Style::DoubleQuoted
        };
        let style = analysis.style(wish);
        if let Some(tag) = tag {
            self.indicator(tag, true, false, false)?;
        }
        let outer = self.indent;
        self.indent = Some(outer.unwrap_or(0) + 2);
        match style {
            Style::Plain => self.plain_text(text, value, !simple_key)?,
            Style::SingleQuoted => self.single_quoted(text, value, !simple_key)?,
            Style::DoubleQuoted => self.double_quoted(text, value, !simple_key)?,
            Style::Literal => self.literal(text, value)?,
        }
        self.indent = outer;
        Ok(())
    }
}

/// The text as UTF-8, which every text that is written is.
fn utf8(text: &Text) -> Result<&str, Error> {
    std::str::from_utf8(text.bytes()).map_err(|_| Error::Refused("yaml: invalid UTF-8".to_owned()))
}
