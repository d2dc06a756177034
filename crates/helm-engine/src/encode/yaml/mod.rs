//! YAML, as Go's YAML packages emit it: block style, with flags for what the
//! line so far allows, exactly as theirs.

mod analysis;
mod implicit;
mod quoted;
mod scalar;
mod through_json;

use super::order::{self, Dialect};
use super::shape::{self, Ancestors, Entries};
use super::writer::Writer;
use super::{Error, number};
use crate::functions::{Budget, Failure};
use crate::value::{Origin, Struct, Text, Value};

/// What `toYaml` writes, by way of JSON.
pub(crate) fn yaml(value: &Value, budget: &mut Budget) -> Result<Text, Error> {
    emit(value, Dialect::V2, budget)
}

/// What `toYamlPretty` writes: lists are indented and no line is folded.
pub(crate) fn yaml_pretty(value: &Value, budget: &mut Budget) -> Result<Text, Error> {
    emit(value, Dialect::V3, budget)
}

fn emit(value: &Value, dialect: Dialect, budget: &mut Budget) -> Result<Text, Error> {
    let mut emitter = Emitter {
        out: Writer::new(budget),
        dialect,
        ancestors: Ancestors::default(),
        indent: None,
        column: 0,
        whitespace: true,
        indention: true,
    };
    emitter.node(value, false)?;
    emitter.write_indent()?;
    Ok(emitter.out.finish_trimmed())
}

struct Emitter<'b> {
    out: Writer<'b>,
    dialect: Dialect,
    ancestors: Ancestors,
    /// `None` before the first map or list.
    indent: Option<usize>,
    /// Characters of the line so far.
    column: usize,
    /// A blank was written last.
    whitespace: bool,
    /// The line so far is blanks and indicators.
    indention: bool,
}

impl Emitter<'_> {
    /// Writes a value; `in_map` for the value of a key.
    fn node(&mut self, value: &Value, in_map: bool) -> Result<(), Error> {
        match value {
            Value::Nil => Ok(self.plain("null", &Origin::None)?),
            // By way of JSON, a nil slice or map is null.
            value if self.dialect == Dialect::V2 && shape::is_null(value) => {
                Ok(self.plain("null", &Origin::None)?)
            }
            Value::Bool(true, origin) => Ok(self.plain("true", origin)?),
            Value::Bool(false, origin) => Ok(self.plain("false", origin)?),
            Value::Int(number, kind, origin) => {
                let digits = super::json::integer(*number, *kind);
                Ok(self.plain(&digits, origin)?)
            }
            Value::Float(number, origin) => {
                let digits = self.float(*number)?;
                Ok(self.plain(&digits, origin)?)
            }
            Value::Str(text) => self.string(text),
            Value::List(list) => {
                if self.dialect == Dialect::V2
                    && let Some(text) = shape::bytes(list)
                {
                    return self.string(&text);
                }
                self.ancestors.enter(None)?;
                self.sequence(&list.items, in_map)?;
                self.ancestors.leave(None);
                Ok(())
            }
            Value::Map(map) => {
                self.ancestors.enter(Some(map))?;
                self.mapping(shape::entries(map))?;
                self.ancestors.leave(Some(map));
                Ok(())
            }
            Value::Struct(of) if shape::time(of).is_some() => {
                self.string(&shape::time(of).unwrap_or_default())
            }
            Value::Struct(of) => {
                self.ancestors.enter(None)?;
                self.mapping(self.fields(of))?;
                self.ancestors.leave(None);
                Ok(())
            }
        }
    }

    fn fields(&self, of: &Struct) -> Entries {
        let mut fields = shape::fields(of);
        if self.dialect == Dialect::V3 {
            for (name, _) in &mut fields {
                *name = name.to_lowercase().into();
            }
        }
        fields
    }

    fn float(&self, number: f64) -> Result<String, Error> {
        match self.dialect {
            Dialect::V2 if number.is_finite() => Ok(number::yaml(number)),
            Dialect::V2 => Err(Error::Refused(format!(
                "error marshaling into JSON: json: unsupported value: {}",
                number::special(number)
            ))),
            Dialect::V3 if number.is_nan() => Ok(".nan".to_owned()),
            Dialect::V3 if number.is_infinite() => {
                Ok(if number > 0.0 { ".inf" } else { "-.inf" }.to_owned())
            }
            Dialect::V3 => Ok(yaml_span::print_float(number)),
        }
    }

    fn mapping(&mut self, entries: Entries) -> Result<(), Error> {
        if entries.is_empty() {
            self.indicator("{", true, true, false)?;
            return Ok(self.indicator("}", false, false, false)?);
        }
        let outer = self.indent;
        self.indent = Some(outer.map_or(0, |indent| indent + 2));
        let sorted = match self.dialect {
            Dialect::V2 => order::sort(entries, Dialect::V2, |(key, _)| key),
            Dialect::V3 => order::sort(entries, Dialect::V3, |(key, _)| key),
        };
        for (key, entry) in sorted {
            self.write_indent()?;
            self.key(&key, entry.key)?;
            self.node(&entry.value, true)?;
        }
        self.indent = outer;
        Ok(())
    }

    fn sequence(&mut self, items: &[Value], in_map: bool) -> Result<(), Error> {
        if items.is_empty() {
            self.indicator("[", true, true, false)?;
            return Ok(self.indicator("]", false, false, false)?);
        }
        let outer = self.indent;
        let indentless = self.dialect == Dialect::V2 && in_map && !self.indention;
        self.indent = Some(match outer {
            None => 0,
            Some(indent) if indentless => indent,
            Some(indent) => indent + 2,
        });
        for item in items {
            self.write_indent()?;
            self.indicator("-", true, false, true)?;
            self.node(item, false)?;
        }
        self.indent = outer;
        Ok(())
    }

    /// A scalar without quotes.
    fn plain(&mut self, text: &str, origin: &Origin) -> Result<(), Failure> {
        self.blank_before()?;
        self.out.from(text, origin.clone())?;
        self.column += text.len();
        self.whitespace = false;
        self.indention = false;
        Ok(())
    }

    fn blank_before(&mut self) -> Result<(), Failure> {
        if !self.whitespace {
            self.out.own(" ")?;
            self.column += 1;
        }
        Ok(())
    }

    fn indicator(
        &mut self,
        indicator: &str,
        needs_blank: bool,
        is_blank: bool,
        is_indention: bool,
    ) -> Result<(), Failure> {
        if needs_blank {
            self.blank_before()?;
        }
        self.out.own(indicator)?;
        self.column += indicator.len();
        self.whitespace = is_blank;
        self.indention = self.indention && is_indention;
        Ok(())
    }

    /// Goes to the indentation, on a new line when this one is past it.
    fn write_indent(&mut self) -> Result<(), Failure> {
        self.write_indent_from(Origin::None)
    }

    /// The same, with an origin for the line break.
    fn write_indent_from(&mut self, origin: Origin) -> Result<(), Failure> {
        let indent = self.indent.unwrap_or(0);
        let past = self.column > indent || (self.column == indent && !self.whitespace);
        if !self.indention || past {
            self.out.from("\n", origin)?;
            self.column = 0;
        }
        self.out.blanks(indent.saturating_sub(self.column))?;
        self.column = self.column.max(indent);
        self.whitespace = true;
        self.indention = true;
        Ok(())
    }
}
