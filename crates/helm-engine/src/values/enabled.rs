//! Which subcharts take part: aliases, conditions and tags.

use super::coalesce::coalesced;
use super::compatible::is_compatible;
use super::loaded::Loaded;
use super::tables::{path_value, table};
use crate::evaluate::{Condition, Wanted};
use crate::functions::Failure;
use crate::objects::Dependency;
use crate::value::{Map, Text, Value};
use std::collections::HashMap;

/// Removes the subcharts that are not enabled, and gives the others their aliases.
/// Tells whether there are any.
///
/// # Errors
/// When what is given for a subchart is no table.
pub(crate) fn keep_enabled(chart: &mut Loaded<'_>, given: &Map) -> Result<bool, Failure> {
    process(chart, given, "", false)
}

/// Gives the subcharts their aliases, and those that are not enabled the condition
/// under which they would be. Tells whether there are any.
///
/// # Errors
/// When what is given for a subchart is no table.
pub(crate) fn keep_all(chart: &mut Loaded<'_>, given: &Map) -> Result<bool, Failure> {
    process(chart, given, "", true)
}

fn process(chart: &mut Loaded<'_>, given: &Map, path: &str, all: bool) -> Result<bool, Failure> {
    let Some(mut dependencies) = chart.metadata.dependencies.take() else { return Ok(false) };
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
    let by_tag = by_tags(&mut dependencies, &values);
    let by_condition = by_conditions(&mut dependencies, &values, path);
    let disabled: HashMap<String, String> = dependencies
        .iter()
        .zip(by_tag.into_iter().zip(by_condition))
        .filter(|(dependency, _)| !dependency.enabled)
        .map(|(dependency, (tag, condition))| {
            (dependency.name.as_str().into_owned(), condition.or(tag).unwrap_or_default())
        })
        .collect();
    let why = |name: &Text| disabled.get(&*name.as_str());
    if all {
        for subchart in &mut chart.subcharts {
            subchart.off = why(&subchart.metadata.name).map(|value| Condition {
                text: format!(".Values.{value}"),
                span: None,
                wanted: Wanted::True,
            });
        }
        dependencies.iter_mut().for_each(|dependency| dependency.enabled = true);
    } else {
        chart.subcharts.retain(|subchart| why(&subchart.metadata.name).is_none());
        dependencies.retain(|dependency| why(&dependency.name).is_none());
    }
    let mut any_off = !disabled.is_empty();
    for subchart in &mut chart.subcharts {
        let path = format!("{path}{}.", subchart.metadata.name.as_str());
        any_off |= process(subchart, &values, &path, all)?;
    }
    chart.metadata.dependencies = (!dependencies.is_empty()).then_some(dependencies);
    Ok(any_off)
}

/// A dependency with a tag that is true is enabled, one with only false ones is not:
/// gives the first of these.
fn by_tags(dependencies: &mut [Dependency], values: &Map) -> Vec<Option<String>> {
    let tags = table(values, "tags").unwrap_or_default();
    let decide = |dependency: &mut Dependency| {
        let truth = |tag: &Text| match tags.get(&tag.as_str()) {
            Some(Value::Bool(truth, _)) => Some((truth, format!("tags.{}", tag.as_str()))),
            _ => None,
        };
        let known: Vec<(bool, String)> = dependency.tags.iter().filter_map(truth).collect();
        dependency.enabled = known.is_empty() || known.iter().any(|(truth, _)| *truth);
        known.into_iter().next().map(|(_, tag)| tag)
    };
    dependencies.iter_mut().map(decide).collect()
}

/// The first condition that has a value decides: gives its path.
fn by_conditions(dependencies: &mut [Dependency], values: &Map, path: &str) -> Vec<Option<String>> {
    let decide = |dependency: &mut Dependency| {
        let conditions = dependency.condition.as_str().trim().to_owned();
        let mut conditions = conditions.split(',').filter(|condition| !condition.is_empty());
        let (truth, path) = conditions.find_map(|condition| {
            let path = format!("{path}{condition}");
            match path_value(values, &path) {
                Some(Value::Bool(truth, _)) => Some((truth, path)),
                _ => None,
            }
        })?;
        dependency.enabled = truth;
        Some(path)
    };
    dependencies.iter_mut().map(decide).collect()
}
