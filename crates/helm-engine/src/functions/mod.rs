//! Helm's functions: those of Go's templates, of sprig, and Helm's own.
//!
//! Each is as Go declares it, so that arguments are checked as Go checks them.
//! `and`, `or`, `include`, `tpl` and the like, which need the evaluation, are
//! not here.

mod args;
#[cfg(test)]
mod asked;
mod builtin;
mod compare;
mod convert;
mod crypto;
mod date;
mod defaults;
mod dicts;
mod encoding;
mod given;
#[cfg(test)]
mod helm_says;
mod lists;
mod math;
mod method;
mod network;
mod path;
mod plain;
pub mod print;
mod reflect;
mod regex;
mod runes;
mod semver;
mod serial;
mod strings;
mod url;

pub use method::{Method, method};
pub(crate) use print::go_quoted;
pub(crate) use reflect::equal::deep_equal;
pub(crate) use reflect::type_name;
pub(crate) use regex::{regex_matches, regex_mistake};

use crate::value::Value;
use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::OnceLock;

/// A function that templates can call.
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// The types of its parameters.
    pub params: &'static [Param],
    /// The type of all further arguments, when it takes any number.
    pub rest: Option<Param>,
    /// Runs it. The arguments are of the parameters' types already.
    pub call: fn(&mut Budget, &[Value]) -> Result<Value, Failure>,
}

/// The type of a parameter, as Go's template package checks it before a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Param {
    /// `interface{}`: anything, nil included.
    Any,
    /// `reflect.Value`: anything, as Go's own functions (`len`, `index`, `eq`) take it.
    Reflect,
    /// `string`
    String,
    /// `bool`
    Bool,
    /// `int`
    Int,
    /// `int64`
    Int64,
    /// `float64`
    Float64,
    /// `map[string]interface{}`
    Map,
    /// `[]interface{}`
    List,
    /// `time.Time`
    Time,
}

/// Why a call failed: what Go prints after `error calling NAME: `.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(pub String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

/// As many bytes are looked through while a template takes one step.
const READ_IN_A_STEP: usize = 1024;

/// What evaluation may still spend. Whatever makes output asks first.
#[derive(Debug, Clone)]
pub struct Budget {
    bytes: usize,
    steps: usize,
    spent: bool,
}

impl Budget {
    /// A budget of bytes to make and of steps to take.
    pub fn new(bytes: usize, steps: usize) -> Self {
        Self { bytes, steps, spent: false }
    }

    /// Takes the room for some bytes, before they are made.
    ///
    /// # Errors
    /// When there is not that much left.
    pub fn bytes(&mut self, count: usize) -> Result<(), Failure> {
        match self.bytes.checked_sub(count) {
            Some(left) => {
                self.bytes = left;
                Ok(())
            }
            None => {
                self.spent = true;
                Err(Failure("the templates make more text than the limit allows".to_owned()))
            }
        }
    }

    /// Takes one step.
    ///
    /// # Errors
    /// When none is left.
    pub fn step(&mut self) -> Result<(), Failure> {
        self.steps(1)
    }

    /// Takes the steps that it costs to look through some bytes.
    ///
    /// # Errors
    /// When that many are not left.
    pub fn reading(&mut self, bytes: usize) -> Result<(), Failure> {
        self.steps(bytes / READ_IN_A_STEP)
    }

    fn steps(&mut self, count: usize) -> Result<(), Failure> {
        match self.steps.checked_sub(count) {
            Some(left) => {
                self.steps = left;
                Ok(())
            }
            None => {
                self.spent = true;
                Err(Failure("the templates take more steps than the limit allows".to_owned()))
            }
        }
    }

    /// The steps that may still be taken.
    pub fn steps_left(&self) -> usize {
        self.steps
    }

    /// True once something was refused.
    pub fn is_spent(&self) -> bool {
        self.spent
    }
}

/// The function with a name.
pub fn lookup(name: &str) -> Option<&'static Function> {
    static BY_NAME: OnceLock<HashMap<&'static str, &'static Function, Names>> = OnceLock::new();
    let by_name = BY_NAME.get_or_init(|| {
        let all = FAMILIES.iter().rev().flat_map(|family| family.iter().rev());
        all.map(|function| (function.name, function)).collect()
    });
    by_name.get(name).copied()
}

/// Hashes names with FNV-1a. Nobody but us puts names into that table, so they need
/// not be guarded against each other.
type Names = BuildHasherDefault<NameHasher>;

#[derive(Default)]
struct NameHasher(u64);

impl Hasher for NameHasher {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        // The table takes the upper bits, too.
        self.0 ^ self.0.rotate_left(29)
    }
}

/// The names of all functions.
pub fn names() -> impl Iterator<Item = &'static str> {
    FAMILIES.iter().flat_map(|family| *family).map(|function| function.name)
}

/// All functions, family by family.
const FAMILIES: &[&[Function]] = &[
    builtin::FUNCTIONS,
    compare::FUNCTIONS,
    convert::FUNCTIONS,
    crypto::FUNCTIONS,
    date::FUNCTIONS,
    defaults::FUNCTIONS,
    dicts::FUNCTIONS,
    encoding::FUNCTIONS,
    lists::FUNCTIONS,
    math::FUNCTIONS,
    network::FUNCTIONS,
    path::FUNCTIONS,
    print::FUNCTIONS,
    reflect::FUNCTIONS,
    regex::FUNCTIONS,
    semver::FUNCTIONS,
    serial::FUNCTIONS,
    strings::FUNCTIONS,
    url::FUNCTIONS,
];
