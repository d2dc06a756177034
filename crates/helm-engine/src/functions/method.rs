//! Methods of what functions give: versions and dates. Those without arguments
//! whose answer is plain are fields already.

use super::{Budget, Failure, Param, date, semver};
use crate::value::{Struct, Value};

/// A method that templates can call.
pub struct Method {
    /// Its name.
    pub name: &'static str,
    /// The types of its parameters.
    pub params: &'static [Param],
    /// Runs it on a receiver. The arguments are of the parameters' types already.
    pub call: fn(&mut Budget, &Value, &[Value]) -> Result<Value, Failure>,
}

/// The method of a version or a date with a name.
pub fn method(receiver: &Struct, name: &str) -> Option<&'static Method> {
    let methods = match receiver.type_name {
        semver::POINTER | semver::VALUE => semver::METHODS,
        date::TYPE => date::METHODS,
        _ => return None,
    };
    methods.iter().find(|method| method.name == name)
}
