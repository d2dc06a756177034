//! Charts to be migrated, and what becomes of them.
#![allow(dead_code, reason = "each test binary uses its part")]
#![allow(clippy::unwrap_used, reason = "it serves tests only")]

use crate::sandbox::Sandbox;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Every file below a folder, by its path, but for what is not of the charts.
pub(crate) fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if !path.ends_with("rows.json") {
                found.insert(path.strip_prefix(root).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

pub(crate) fn charts(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = files(root);
    files.retain(|path, _| !path.starts_with(".chart-images"));
    files
}

pub(crate) const POLICY: &str = "version: 1\nregistries:\n  allowed: [mirror.example.com]\n  disallowed: [docker.io, ghcr.io]\nreplacements:\n  - {from: \"ghcr.io/**\", to: \"mirror.example.com/gh/**\"}\n  - {from: \"docker.io/**\", to: \"mirror.example.com/**\"}\n";

pub(crate) fn chart(sandbox: &Sandbox, values: &str, template: &str) {
    sandbox.write("image-policy.yaml", POLICY);
    sandbox.write("app/Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.0.0\n");
    sandbox.write("app/values.yaml", values);
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n";
    sandbox.write("app/templates/pod.yaml", &format!("{pod}{template}"));
}

/// Gives the chart a copy of a dependency.
pub(crate) fn copy_of_dependency(sandbox: &Sandbox, folder: &str, values: &str, image: &str) {
    let of_chart = "apiVersion: v2\nname: sub\nversion: 1.0.0\n";
    sandbox.write(&format!("{folder}/charts/sub/Chart.yaml"), of_chart);
    sandbox.write(&format!("{folder}/charts/sub/values.yaml"), values);
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: b}\nspec:\n  containers:\n";
    let template = format!("{pod}  - name: b\n    image: {image}\n");
    sandbox.write(&format!("{folder}/charts/sub/templates/pod.yaml"), &template);
}
