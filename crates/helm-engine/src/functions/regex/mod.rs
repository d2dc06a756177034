//! sprig's functions on regular expressions. Those without `must` end in a
//! panic where the expression is wrong, with Go's words for it; only
//! `regexMatch` is then false.

mod class;
mod compile;
mod error;
mod find;
mod replace;
mod translate;

use super::given::{Given, Writer, fail, function, int, no_strings, part, parts, text, truth};
use super::{Budget, Failure, Function, Param};
use crate::value::{List, Text, Value};
use compile::{Expression, compile};
use std::rc::Rc;

const S: Param = Param::String;
const I: Param = Param::Int;

/// The functions on regular expressions.
pub(super) const FUNCTIONS: &[Function] = &[
    function("mustRegexFind", &[S, S], |budget, given| regex_find(budget, given, true)),
    function("mustRegexFindAll", &[S, S, I], |budget, given| regex_find_all(budget, given, true)),
    function("mustRegexMatch", &[S, S], |budget, given| regex_match(budget, given, true)),
    function("mustRegexReplaceAll", &[S, S, S], |budget, given| {
        regex_replace_all(budget, given, true, false)
    }),
    function("mustRegexReplaceAllLiteral", &[S, S, S], |budget, given| {
        regex_replace_all(budget, given, true, true)
    }),
    function("mustRegexSplit", &[S, S, I], |budget, given| regex_split(budget, given, true)),
    function("regexFind", &[S, S], |budget, given| regex_find(budget, given, false)),
    function("regexFindAll", &[S, S, I], |budget, given| regex_find_all(budget, given, false)),
    function("regexMatch", &[S, S], |budget, given| regex_match(budget, given, false)),
    function("regexQuoteMeta", &[S], regex_quote_meta),
    function("regexReplaceAll", &[S, S, S], |budget, given| {
        regex_replace_all(budget, given, false, false)
    }),
    function("regexReplaceAllLiteral", &[S, S, S], |budget, given| {
        regex_replace_all(budget, given, false, true)
    }),
    function("regexSplit", &[S, S, I], |budget, given| regex_split(budget, given, false)),
];

/// The expression that is the first argument.
fn expression(budget: &mut Budget, given: &[Value], must: bool) -> Result<Rc<Expression>, Failure> {
    let text = text(given, 0)?;
    match compile(budget, text)? {
        Ok(expression) => Ok(expression),
        Err(mistake) if must => fail(mistake.to_string()),
        Err(mistake) => fail(format!("regexp: Compile({}): {mistake}", source(&text.as_str()))),
    }
}

/// The expression in Go's messages: in backquotes where that can be.
fn source(text: &str) -> String {
    let plain = |letter: char| {
        letter != '`' && letter != '\u{FEFF}' && (letter == '\t' || !letter.is_control())
    };
    match text.chars().all(plain) {
        true => format!("`{text}`"),
        false => super::plain::quoted_string(text.as_bytes()),
    }
}

/// What Go says of an expression that is none.
pub(crate) fn regex_mistake(budget: &mut Budget, pattern: &Text) -> Option<String> {
    compile(budget, pattern).ok()?.err().map(|mistake| mistake.to_string())
}

/// Whether an expression is in a text; nothing where it is no expression.
pub(crate) fn regex_matches(budget: &mut Budget, pattern: &Text, text: &Text) -> Option<bool> {
    let expression = compile(budget, pattern).ok()?.ok()?;
    Some(expression.regex.is_match(text.bytes()))
}

fn regex_match(budget: &mut Budget, given: &[Value], must: bool) -> Given {
    let (pattern, text) = (text(given, 0)?, text(given, 1)?);
    match compile(budget, pattern)? {
        Ok(expression) => truth(expression.regex.is_match(text.bytes()), &[pattern, text]),
        Err(mistake) if must => fail(mistake.to_string()),
        Err(_) => truth(false, &[pattern, text]),
    }
}

fn regex_find(budget: &mut Budget, given: &[Value], must: bool) -> Given {
    let expression = expression(budget, given, must)?;
    let text = text(given, 1)?;
    match expression.regex.find(text.bytes()) {
        Some(found) => part(budget, text, found.range()),
        None => Ok(Value::str("")),
    }
}

fn regex_find_all(budget: &mut Budget, given: &[Value], must: bool) -> Given {
    let expression = expression(budget, given, must)?;
    let text = text(given, 1)?;
    let found = find::all(budget, &expression, text.bytes(), int(given, 2)?)?;
    if found.is_empty() {
        return Ok(no_strings());
    }
    parts(budget, text, found)
}

fn regex_split(budget: &mut Budget, given: &[Value], must: bool) -> Given {
    let expression = expression(budget, given, must)?;
    let (pattern, text, most) = (text(given, 0)?, text(given, 1)?, int(given, 2)?);
    if most == 0 {
        return Ok(no_strings());
    }
    if !pattern.is_empty() && text.is_empty() {
        return Ok(Value::List(List::of_strings([text.clone()])));
    }
    let found = find::split(budget, &expression, text.bytes(), most)?;
    parts(budget, text, found)
}

fn regex_replace_all(budget: &mut Budget, given: &[Value], must: bool, literally: bool) -> Given {
    let expression = expression(budget, given, must)?;
    let (text, with) = (text(given, 1)?, text(given, 2)?);
    replace::replace(budget, &expression, text, with, literally).map(Value::Str)
}

fn regex_quote_meta(budget: &mut Budget, given: &[Value]) -> Given {
    let text = text(given, 0)?;
    let mut out = Writer::new(budget);
    for (at, byte) in text.bytes().iter().enumerate() {
        if br"\.+*?()|[]{}^$".contains(byte) {
            out.literal("\\")?;
        }
        out.slice(text, at..at + 1)?;
    }
    out.value()
}
