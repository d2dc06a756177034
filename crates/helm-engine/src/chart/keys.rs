//! Where a chart's values have those of its subcharts.

use super::Chart;
use crate::values::admits;

impl Chart {
    /// The keys of the chart's values under which a subchart finds its own: the aliases of the
    /// dependencies that it is for, else its name. As Helm does, a dependency on a version that
    /// it is not is for none.
    pub fn keys_of(&self, subchart: &Self) -> Vec<String> {
        let name = subchart.name.clone().unwrap_or_default();
        let is_for = |dependency: &&super::Dependency| {
            let version = dependency.version.as_ref().zip(subchart.version.as_ref());
            dependency.name.as_ref() == Some(&name)
                && version.is_none_or(|(range, version)| admits(range, version))
        };
        let declared = self.dependencies.iter().filter(is_for);
        let mut keys: Vec<String> =
            declared.map(|d| d.alias.clone().unwrap_or_else(|| name.clone())).collect();
        keys.sort();
        keys.dedup();
        if keys.is_empty() {
            keys.push(name);
        }
        keys
    }
}
