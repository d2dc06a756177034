//! What a scalar is, by its tag and its text.

use super::super::Error;
use crate::encode::base64;
use yaml_span::{Scalar, Style, Tag};

fn special_float(text: &str) -> Option<f64> {
    match text {
        ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

/// What a scalar is, with its tag.
pub(super) enum Resolved {
    Null,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text,
    Bytes(Vec<u8>),
}

pub(super) fn resolve(scalar: &Scalar<'_>, at: usize) -> Result<Resolved, Error> {
    let value = scalar.value.as_ref();
    let plain = match scalar.tag {
        Tag::None if scalar.style == Style::Plain => true,
        Tag::None | Tag::Str | Tag::Other => return Ok(Resolved::Text),
        Tag::Binary => {
            let bytes = base64::decode(value).ok_or_else(|| {
                Error::new(at, "yaml: !!binary value contains invalid base64 data")
            })?;
            return Ok(Resolved::Bytes(bytes));
        }
        Tag::Int | Tag::Float | Tag::Bool | Tag::Null => false,
    };
    let resolved = match yaml_span::Value::of_plain(value) {
        yaml_span::Value::Text if special_float(value).is_some() => {
            Resolved::Float(special_float(value).unwrap_or(f64::NAN))
        }
        yaml_span::Value::Null => Resolved::Null,
        yaml_span::Value::Bool(value) => Resolved::Bool(value),
        yaml_span::Value::Int(number) => Resolved::Int(number),
        yaml_span::Value::Float(number) => Resolved::Float(number),
        yaml_span::Value::Text => Resolved::Text,
    };
    let fits = match (scalar.tag, &resolved) {
        (Tag::Int, Resolved::Int(_))
        | (Tag::Float, Resolved::Int(_) | Resolved::Float(_))
        | (Tag::Bool, Resolved::Bool(_))
        | (Tag::Null, Resolved::Null) => true,
        _ => plain,
    };
    if fits {
        return Ok(resolved);
    }
    let is = match resolved {
        Resolved::Null => "!!null",
        Resolved::Bool(_) => "!!bool",
        Resolved::Int(_) => "!!int",
        Resolved::Float(_) => "!!float",
        Resolved::Text | Resolved::Bytes(_) => "!!str",
    };
    let said = match scalar.tag {
        Tag::Int => "!!int",
        Tag::Float => "!!float",
        Tag::Bool => "!!bool",
        _ => "!!null",
    };
    Err(Error::new(at, format!("yaml: cannot decode {is} `{value}` as a {said}")))
}
