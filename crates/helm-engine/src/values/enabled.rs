//! Which subcharts take part: aliases, conditions and tags.

use super::coalesce::coalesced;
use super::compatible::is_compatible;
use super::loaded::Loaded;
use super::tables::{path_value, table};
use crate::functions::Failure;
use crate::objects::Dependency;
use crate::value::{Map, Text, Value};
use std::collections::HashSet;

/// Removes the subcharts that are not enabled, and gives the others their aliases.
///
/// # Errors
/// When what is given for a subchart is no table.
pub(crate) fn keep_enabled(chart: &mut Loaded<'_>, given: &Map) -> Result<(), Failure> {
    process(chart, given, "")
}

fn process(chart: &mut Loaded<'_>, given: &Map, path: &str) -> Result<(), Failure> {
    let Some(mut dependencies) = chart.metadata.dependencies.take() else { return Ok(()) };
    let is_for = |dependency: &Dependency, subchart: &Loaded<'_>| {
        subchart.metadata.name == dependency.name
            && is_compatible(&dependency.version, &subchart.metadata.version)
    };
    let mut subcharts: Vec<Loaded<'_>> = Vec::new();
    for subchart in &chart.subcharts {
        if !dependencies.iter().any(|dependency| is_for(dependency, subchart)) {
            subcharts.push(subchart.clone());
        }
    }
    for dependency in &mut dependencies {
        if let Some(subchart) = chart.subcharts.iter().find(|s| is_for(dependency, s)) {
            let mut subchart = subchart.clone();
            if !dependency.alias.is_empty() {
                subchart.metadata.name = dependency.alias.clone();
            }
            subcharts.push(subchart);
        }
        if !dependency.alias.is_empty() {
            dependency.name = dependency.alias.clone();
        }
        dependency.enabled = true;
    }
    chart.subcharts = subcharts;
    let values = coalesced(chart, given, false)?;
    by_tags(&mut dependencies, &values);
    by_conditions(&mut dependencies, &values, path);
    let disabled: HashSet<String> = dependencies
        .iter()
        .filter(|dependency| !dependency.enabled)
        .map(|dependency| dependency.name.as_str().into_owned())
        .collect();
    chart.subcharts.retain(|subchart| !disabled.contains(&*subchart.metadata.name.as_str()));
    dependencies.retain(|dependency| !disabled.contains(&*dependency.name.as_str()));
    for subchart in &mut chart.subcharts {
        let path = format!("{path}{}.", subchart.metadata.name.as_str());
        process(subchart, &values, &path)?;
    }
    chart.metadata.dependencies = (!dependencies.is_empty()).then_some(dependencies);
    Ok(())
}

/// A dependency with a tag that is true is enabled, one with only false ones is not.
fn by_tags(dependencies: &mut [Dependency], values: &Map) {
    let Ok(tags) = table(values, "tags") else { return };
    for dependency in dependencies {
        let truth = |tag: &Text| match tags.get(&tag.as_str()) {
            Some(Value::Bool(truth, _)) => Some(truth),
            _ => None,
        };
        let mut known = dependency.tags.iter().filter_map(truth).peekable();
        dependency.enabled = known.peek().is_none() || known.any(|truth| truth);
    }
}

/// The first condition that has a value decides.
fn by_conditions(dependencies: &mut [Dependency], values: &Map, path: &str) {
    for dependency in dependencies {
        let conditions = dependency.condition.as_str().trim().to_owned();
        let found =
            conditions.split(',').filter(|condition| !condition.is_empty()).find_map(|condition| {
                match path_value(values, &format!("{path}{condition}")) {
                    Some(Value::Bool(truth, _)) => Some(truth),
                    _ => None,
                }
            });
        if let Some(truth) = found {
            dependency.enabled = truth;
        }
    }
}
