//! Compiled regular expressions, kept for the next use.

use super::error::{self, Mistake};
use super::translate::translate;
use crate::functions::{Budget, Failure};
use crate::value::Text;
use regex::bytes::{Regex, RegexBuilder};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// How many expressions are kept.
const MOST_KEPT: usize = 256;

/// How large a compiled expression may be, in bytes.
const LARGEST: usize = 16 << 20;

/// A regular expression, ready for use.
#[derive(Debug)]
pub(super) struct Expression {
    pub(super) regex: Regex,
    /// The names of the groups, the whole match first.
    pub(super) names: Vec<Option<String>>,
}

type Compiled = Result<Rc<Expression>, Mistake>;

thread_local! {
    static KEPT: RefCell<HashMap<Vec<u8>, Compiled>> = RefCell::default();
}

/// Compiles an expression, unless it is kept. The outer error is the budget's.
pub(super) fn compile(budget: &mut Budget, text: &Text) -> Result<Compiled, Failure> {
    let known = KEPT.with_borrow(|kept| kept.get(text.bytes()).cloned());
    if let Some(known) = known {
        return Ok(known);
    }
    let compiled = match std::str::from_utf8(text.bytes()) {
        Ok(whole) => build(budget, whole)?,
        Err(_) => Err(Mistake::new(error::UTF8, &text.as_str())),
    };
    KEPT.with_borrow_mut(|kept| {
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(text.bytes().to_vec(), compiled.clone());
    });
    Ok(compiled)
}

fn build(budget: &mut Budget, whole: &str) -> Result<Compiled, Failure> {
    let translated = match translate(whole) {
        Ok(translated) => translated,
        Err(mistake) => return Ok(Err(mistake)),
    };
    // A state of the automaton takes some tens of bytes.
    budget.bytes(translated.size.saturating_mul(32))?;
    let regex = RegexBuilder::new(&translated.pattern).size_limit(LARGEST).build();
    Ok(match regex {
        Ok(regex) => Ok(Rc::new(Expression { regex, names: translated.names })),
        Err(regex::Error::CompiledTooBig(_)) => Err(Mistake::new(error::LARGE, whole)),
        // What is left are classes like `\p{Nonsense}`.
        Err(_) => Err(Mistake::new(error::CHAR_RANGE, whole)),
    })
}
