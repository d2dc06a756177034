//! `lookup`: what a template asks a cluster for.

use super::error::ErrorKind;
use super::state::State;
use super::{Evaluator, Outcome};
use crate::decode;
use crate::functions::Failure;
use crate::value::{Map, Text, Value};
use std::fmt;
use std::rc::Rc;

/// What a template asks for; without a name it is a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked<'a> {
    /// As `apps/v1`.
    pub api_version: &'a str,
    /// As `Deployment`.
    pub kind: &'a str,
    /// Nothing of what is in no namespace, and of lists of all.
    pub namespace: &'a str,
    /// Nothing of a list.
    pub name: &'a str,
}

/// The objects of a cluster that is there.
pub trait Objects: fmt::Debug {
    /// An object or a list as JSON; `None` where it is not found.
    ///
    /// # Errors
    /// What the cluster says where it cannot be asked for that.
    fn find(&self, asked: &Asked<'_>) -> Result<Option<Rc<str>>, String>;
}

impl Evaluator {
    /// From now on `lookup` asks for these.
    pub(crate) fn look_among(&mut self, objects: Rc<dyn Objects>) {
        self.objects = Some(objects);
    }

    /// What is found; nothing where there is no cluster.
    pub(super) fn looked_up(&mut self, state: &State<'_>, asked: &Asked<'_>) -> Outcome<Value> {
        let nothing = || Value::Map(Map::new());
        let Some(objects) = &self.objects else { return Ok(nothing()) };
        let failed =
            |why: String| state.failed(ErrorKind::Call, format!("error calling lookup: {why}"));
        let Some(json) = objects.find(asked).map_err(failed)? else { return Ok(nothing()) };
        let spent = |failure: Failure| state.spent(failure);
        self.budget.bytes(json.len()).map_err(spent)?;
        self.budget.reading(json.len()).map_err(spent)?;
        // Each time anew: a template may change what it was given.
        decode::json(&Text::new(json.as_bytes())).map_err(|error| failed(error.message))
    }
}
