//! Defaults that stand outside of values.yaml: Rancher's questions.yaml and the
//! `default`s of values.schema.json.
//!
//! Both name the same parts as values do, so their scalars are gathered into
//! [`Group`]s and judged by the same convention.

use super::found::{Extraction, Found};
use super::fragment::Fragment;
use super::group::{DefaultTag, Field, Group, Grouped, Surroundings};
use super::text::may_name_an_image;
use super::words::{KeyWord, key_word};
use crate::model::Evidence;
use std::collections::{BTreeMap, HashSet};
use yaml_span::{Kind, NodeId, Tree};

/// The scalars that were gathered, by the map that they belong to.
type Groups = BTreeMap<Vec<String>, Vec<(String, Field)>>;

/// Finds the images that a questions.yaml proposes.
pub(crate) fn questions(fragment: &Fragment<'_>, out: &mut Extraction) {
    let Some(tree) = parse(fragment) else { return };
    let mut groups = Groups::new();
    for &root in tree.documents() {
        let Some(questions) = tree.get(root, "questions") else { continue };
        let mut open: Vec<NodeId> = tree.items(questions.value).to_vec();
        let mut seen = HashSet::new();
        while let Some(item) = open.pop() {
            // An alias may lead back to what it stands in.
            if !seen.insert(tree.resolve(item)) {
                continue;
            }
            if let Some(more) = tree.get(item, "subquestions") {
                open.extend(tree.items(more.value));
            }
            let variable = tree.get(item, "variable").and_then(|entry| tree.str(entry.value));
            if let (Some(variable), Some(default)) = (variable, tree.get(item, "default")) {
                let path: Vec<String> = variable.split('.').map(str::to_owned).collect();
                gather(fragment, &tree, path, default.value, &mut groups);
            }
        }
    }
    report(groups, out);
}

/// Finds the images among the defaults of a JSON schema.
pub(crate) fn schema(fragment: &Fragment<'_>, out: &mut Extraction) {
    if !fragment.text.contains("\"default\"") {
        return;
    }
    let Some(tree) = parse(fragment) else { return };
    let mut groups = Groups::new();
    let mut open: Vec<(NodeId, Vec<String>)> =
        tree.documents().iter().map(|&root| (root, Vec::new())).collect();
    let mut seen = HashSet::new();
    while let Some((node, path)) = open.pop() {
        // An alias may lead back to what it stands in.
        if !seen.insert(tree.resolve(node)) {
            continue;
        }
        if let Some(default) = tree.get(node, "default").filter(|_| !path.is_empty()) {
            gather(fragment, &tree, path.clone(), default.value, &mut groups);
        }
        let Some(properties) = tree.get(node, "properties") else { continue };
        for entry in tree.entries(properties.value) {
            let mut path = path.clone();
            path.extend(tree.str(entry.key).map(str::to_owned));
            open.push((entry.value, path));
        }
    }
    report(groups, out);
}

fn parse<'t>(fragment: &Fragment<'t>) -> Option<Tree<'t>> {
    if !may_name_an_image(fragment.text) {
        return None;
    }
    yaml_span::parse(fragment.text).ok()
}

fn gather(
    fragment: &Fragment<'_>,
    tree: &Tree<'_>,
    mut path: Vec<String>,
    node: NodeId,
    groups: &mut Groups,
) {
    let Kind::Scalar(scalar) = &tree.node(tree.resolve(node)).kind else { return };
    let Some(key) = path.pop() else { return };
    let mut value = Fragment::scalar(fragment, scalar).whole();
    value.text = scalar.printed().into_owned();
    let word = key_word(&key);
    if word != KeyWord::Other {
        groups.entry(path).or_default().push((key, Field { word, value }));
    }
}

fn report(groups: Groups, out: &mut Extraction) {
    for (route, fields) in groups {
        let whole: Vec<Field> = fields.iter().map(|(_, field)| field.clone()).collect();
        let group = Group { route: route.clone(), fields: whole };
        match group.image(&Surroundings::default(), DefaultTag::default) {
            Grouped::Image(found) => out.images.push(*found),
            // A form proposes and runs nothing; placeholders are common in it.
            Grouped::Invalid(_) => {}
            Grouped::Nothing => {
                out.images.extend(fields.iter().filter_map(|(key, field)| one(&route, key, field)))
            }
        }
    }
}

/// A default that is a whole reference by itself.
fn one(route: &[String], key: &str, field: &Field) -> Option<Found> {
    if field.word != KeyWord::Image || !field.value.text.contains(['/', ':']) {
        return None;
    }
    let mut found = super::join::pieces(std::slice::from_ref(&field.value))?;
    found.evidence = Evidence::Convention;
    found.route = route.iter().cloned().chain([key.to_owned()]).collect();
    Some(found)
}
