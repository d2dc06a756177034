//! The registries that dependencies are pulled from.

use super::found::{ChartRegistry, Extraction};
use super::fragment::Fragment;
use yaml_span::{Kind, Tree};

/// Finds `oci://` repositories in the dependencies of a Chart.yaml or requirements.yaml.
pub(crate) fn extract(fragment: &Fragment<'_>, tree: &Tree<'_>, out: &mut Extraction) {
    const SCHEME: &str = "oci://";
    for &root in tree.documents() {
        let Some(dependencies) = tree.get(root, "dependencies") else { continue };
        for &item in tree.items(dependencies.value) {
            let Some(repository) = tree.get(item, "repository") else { continue };
            let Kind::Scalar(scalar) = &tree.node(tree.resolve(repository.value)).kind else {
                continue;
            };
            if !scalar.value.starts_with(SCHEME) {
                continue;
            }
            let value = Fragment::scalar(fragment, scalar);
            let name = tree.get(item, "name").and_then(|entry| tree.str(entry.value));
            out.chart_registries.push(ChartRegistry {
                dependency: name.unwrap_or("(unnamed)").to_owned(),
                repository: value.piece(SCHEME.len()..value.text.len()),
            });
        }
    }
}
