//! The order in which charts that depend on one another are told to others.

use super::{FILES, asked};
use crate::files;
use crate::migration::{ChartChange, file_of};
use std::collections::BTreeSet;
use std::path::Path;

/// The charts of a migration, each behind those that it depends on by `file://`: a state
/// between two of them has every version that it asks for. Otherwise the order stays, as it
/// does in a circle.
pub fn dependencies_first<'m>(root: &Path, charts: &'m [ChartChange]) -> Vec<&'m ChartChange> {
    let mut open: BTreeSet<&str> = charts.iter().map(|change| &*change.chart).collect();
    let mut left: Vec<(&ChartChange, BTreeSet<String>)> =
        charts.iter().map(|change| (change, needs(root, &change.chart))).collect();
    let mut order = Vec::new();
    while !left.is_empty() {
        let ready = |(change, needs): &(&ChartChange, BTreeSet<String>)| {
            !needs.iter().any(|need| *need != change.chart && open.contains(&**need))
        };
        let (change, _) = left.remove(left.iter().position(ready).unwrap_or(0));
        open.remove(&*change.chart);
        order.push(change);
    }
    order
}

/// The folders of the charts that a chart depends on.
fn needs(root: &Path, chart: &str) -> BTreeSet<String> {
    let texts =
        FILES.iter().filter_map(|(file, _)| files::existing(&root.join(file_of(chart, file))).ok());
    texts.flat_map(|text| asked::folders(&text, chart)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::fs;

    #[test]
    fn a_dependency_comes_first_whatever_its_name() {
        let root = tempfile::tempdir().unwrap();
        let chart = |name: &str, on: &[&str]| {
            let entry = |on: &&str| format!("- {{name: {on}, repository: \"file://../{on}\"}}\n");
            let entries: String = on.iter().map(entry).collect();
            let folder = root.path().join(name);
            fs::create_dir(&folder).unwrap();
            let file = folder.join("Chart.yaml");
            fs::write(file, format!("name: {name}\ndependencies:\n{entries}")).unwrap();
            ChartChange {
                chart: name.to_owned(),
                version: None,
                moved: BTreeMap::new(),
                overridden: BTreeSet::new(),
                files: Vec::new(),
            }
        };
        let charts = [
            chart("a", &["c", "elsewhere"]),
            chart("b", &[]),
            chart("c", &["d", "c"]),
            chart("d", &[]),
            chart("e", &["f"]),
            chart("f", &["e"]),
        ];
        let order = dependencies_first(root.path(), &charts);
        let names: Vec<&str> = order.iter().map(|change| &*change.chart).collect();
        assert_eq!(names, ["b", "d", "c", "a", "e", "f"]);
    }
}
