//! Copies of charts of the same repository, as the next `helm dependency update` writes them.
//!
//! A chart under another's `charts/` that is a copy of one that moves stays what it is until
//! then, and is given values that make it use the new images. With the new source these values
//! may say too much: a registry that took a path along, before a repository that has it too.

use super::FILES;
use super::asked::{beside, list};
use crate::files;
use crate::migration::{Migration, Refused, Request, file_of, is_below};
use crate::propose::Refusal;
use crate::trial;
use chart_lint::discover::{CHART_FILE, FoundChart};
use chart_lint::model::{Image, Report};
use chart_lint::shell;
use image_ref::{Name, Reference};
use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;

/// Tells of the charts with copies of charts that move, and which of their images would be
/// others than the ones that were meant when the copies are written anew.
pub(super) fn tell(
    request: &Request<'_>,
    dependants: &[FoundChart],
    migration: &mut Migration,
) -> io::Result<()> {
    for chart in dependants {
        let copies = copies(request, chart, migration);
        if copies.is_empty() {
            continue;
        }
        let path = &chart.display;
        let update = format!("helm dependency update {}", shell::word(path));
        migration.notes.push(format!(
            "{path} holds {}: run `{update}`, which brings the new version",
            copies
                .iter()
                .map(|(copy, of)| format!("{copy}, a copy of {of}"))
                .collect::<Vec<_>>()
                .join(" and ")
        ));
        let after = judged(request, chart, &copies, migration)?;
        let sources = copies.iter().map(|(_, folder)| folder.as_str());
        let meant = meant(request.report, &sources.chain([path.as_str()]).collect::<Vec<_>>());
        let others = after.images.iter().filter(|image| is_below(&image.chart, path));
        for image in others.filter(|image| !meant.contains(&name(image))) {
            let refusal = Refusal::new(
                format!(
                    "{path} would use it after `{update}`: the values that it gives its copy do \
                     not fit what the copy says then"
                ),
                "Give the copy both registry and repository in the values of the chart, under its \
                 name or alias.",
            );
            let at = image.declarations.first().map(|declaration| &declaration.location);
            migration.refused.push(Refused::new(image, at, refusal));
        }
    }
    Ok(())
}

/// The copies of charts that move in a chart, each with the folder of what it is a copy of.
fn copies(
    request: &Request<'_>,
    chart: &FoundChart,
    migration: &Migration,
) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (file, _) in FILES {
        let text = files::existing(&request.root.join(file_of(&chart.display, file)));
        let text = text.unwrap_or_default();
        let Ok(tree) = yaml_span::parse(&text) else { continue };
        for item in list(&tree) {
            let field = |key: &str| tree.str(tree.resolve(tree.get(item, key)?.value));
            let folder =
                field("repository").and_then(|repository| repository.strip_prefix("file://"));
            let folder = folder.and_then(|path| beside(&chart.display, path));
            let (Some(folder), Some(name)) = (folder, field("name")) else { continue };
            let copy = file_of(&chart.display, &format!("charts/{name}"));
            if migration.of(&folder).is_some()
                && request.root.join(&copy).join(CHART_FILE).is_file()
            {
                found.push((copy, folder));
            }
        }
    }
    // Under several aliases it is one copy.
    found.sort();
    found.dedup();
    found
}

/// Judges a chart with its copies as they will be.
fn judged(
    request: &Request<'_>,
    chart: &FoundChart,
    copies: &[(String, String)],
    migration: &Migration,
) -> io::Result<Report> {
    let own = migration.of(&chart.display);
    let mut unwritten = Arc::unwrap_or_clone(trial::unwritten(request.root, &Vec::from_iter(own))?);
    let root = request.root.canonicalize()?;
    for (copy, folder) in copies {
        for file in migration.of(folder).into_iter().flat_map(|change| &change.files) {
            if let Some(rest) = file.path.strip_prefix(folder.as_str()) {
                let path = root.join(format!("{copy}{rest}"));
                unwritten.insert(path, file.after.clone());
            }
        }
    }
    Ok((request.judge)(&Arc::new(unwritten), vec![chart.clone()]))
}

/// The names of the images that a chart may use afterwards: of those that it and what its
/// copies are made of use, and of what they are to become. Their versions may be others.
fn meant(report: &Report, charts: &[&str]) -> BTreeSet<Name> {
    let is_of_them = |image: &&Image| charts.iter().any(|chart| is_below(&image.chart, chart));
    let images = report.images.iter().filter(is_of_them);
    let names = |image: &Image| {
        let new = image.replacement.as_deref().and_then(|new| Reference::parse(new).ok());
        [Some(name(image)), new.map(|new| new.name())]
    };
    images.flat_map(names).flatten().collect()
}

fn name(image: &Image) -> Name {
    Name::new(&image.registry, &image.repository)
}
