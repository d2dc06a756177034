//! What keeps the image of a use from being known.

use super::found::Why;
use super::settle::Known;
use super::template::{ANY, Chain, DynamicSite};

/// Values that are named at most.
const MOST_NAMED: usize = 3;

/// Why the image of a use is not known, and whether the chart comes to it; nothing when
/// the use runs no image. `is_blank`: the chart's own values print nothing there.
pub(super) fn why(
    site: &DynamicSite,
    is_blank: bool,
    known: &Known<'_, '_>,
) -> Option<(Why, bool)> {
    let (units, evaluated) = (known.units, known.evaluated);
    if !evaluated.ran {
        return Some((Why::OnlyRead, false));
    }
    let file = site.site.span.file;
    // A template in a file that Helm does not execute is for another program, which
    // fills it in with what no chart says.
    if evaluated.data.contains(&file) {
        return None;
    }
    // Of what nothing includes nothing is rendered.
    if site.define.as_deref().is_some_and(|name| !units.is_included(name)) && evaluated.complete {
        return None;
    }
    let error = evaluated.executed.get(&file).and_then(Option::as_ref);
    let reachable = units.reachable(&site.unit);
    let undefined =
        reachable.iter().flat_map(|unit| &unit.reach.includes).find(|name| !units.is_defined(name));
    if let Some(name) = undefined {
        return Some((Why::Undefined(name.clone()), error.is_some()));
    }
    let values = unset(site, known);
    if let Some(name) = known.missing.iter().find(|name| {
        values.iter().any(|value| {
            value.strip_prefix(".Values.").and_then(|v| v.split('.').next()) == Some(name)
        })
    }) {
        return Some((Why::OfMissing(name.clone()), false));
    }
    if is_blank || evaluated.left_blank(site.site.span) {
        return Some((Why::Empty(values), is_blank || error.is_some()));
    }
    match error {
        Some(error) => Some((Why::Failed(error.clone()), true)),
        None if site.define.is_none() && !evaluated.executed.contains_key(&file) => {
            Some((Why::ChartOff, false))
        }
        None => Some((Why::Unreached, evaluated.dropped)),
    }
}

/// The values that the way to an image reads and that nothing sets: those of the use
/// itself, else those of what it includes.
fn unset(site: &DynamicSite, known: &Known<'_, '_>) -> Vec<String> {
    let is_unset = |chain: &&Chain| match chain {
        Chain::Values(path) => matches!(known.lookup.value(path), Some(None)),
        _ => false,
    };
    let named = |chains: &mut dyn Iterator<Item = &Chain>| {
        let mut names: Vec<String> = Vec::new();
        for chain in chains.filter(is_unset) {
            let Chain::Values(path) = chain else { continue };
            let name = format!(".Values.{}", path.join("."));
            if !path.iter().any(|key| key == ANY) && !names.contains(&name) {
                names.push(name);
            }
        }
        names.truncate(MOST_NAMED);
        names
    };
    let own = named(&mut site.unit.reach.chains.iter());
    if !own.is_empty() {
        return own;
    }
    let reachable = known.units.reachable(&site.unit);
    named(&mut reachable.iter().flat_map(|unit| &unit.reach.chains))
}
