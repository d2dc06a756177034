//! `--pin`: writes the digest behind a tag, for the images that an exception of the policy
//! permits once they are pinned.
//!
//! As with a migration, each change is proved before it is written: judged as it is to be,
//! the chart uses exactly the images that it used, but for those that are pinned now.

mod edit;
mod proof;

use crate::run::Results;
use chart_images::sibling::{Failure, Inventory, replace};
use chart_lint::model::Image;
use chart_lint::verified::Answer;
use edit::PinEdit;
use std::collections::BTreeMap;
use std::fs;
use std::io;

/// What was pinned, and what was not.
#[derive(Debug, Default)]
pub(crate) struct Pinned {
    /// The image as it was and as it is, and where: `path:line`.
    pub(crate) done: Vec<(String, String, String)>,
    /// The image, where it is, and why it stays.
    pub(crate) refused: Vec<(String, String, String)>,
}

/// An image with the digest that it is to get.
struct Pin<'a> {
    image: &'a Image,
    edit: PinEdit,
    pinned: String,
}

/// Pins what was found, and what the policy wants pinned.
///
/// # Errors
/// When a file cannot be written.
pub(crate) fn pin(inventory: &Inventory, results: &Results) -> Result<Pinned, Failure> {
    let digests: BTreeMap<&str, &str> = results
        .rows
        .iter()
        .filter(|(subject, _)| subject.needs_digest)
        .filter_map(|(subject, entry)| {
            let entry = entry.as_ref().filter(|entry| entry.answer == Answer::Identical)?;
            Some((&*subject.reference, entry.target_digest.as_deref()?))
        })
        .collect();
    let mut result = Pinned::default();
    // Each chart that was given is changed as a whole or not at all.
    let mut charts: BTreeMap<&str, Vec<Pin<'_>>> = BTreeMap::new();
    for image in inventory.unpinned() {
        let Some(digest) = digests.get(&*image.reference) else {
            let because = "its registry was not heard to give a digest under this name".to_owned();
            result.refused.push((image.reference.clone(), at(image), because));
            continue;
        };
        match edit::of(image, digest) {
            Ok(edit) => {
                let pinned = format!("{}@{digest}", image.reference);
                let chart = inventory.top_chart(&image.chart);
                charts.entry(chart).or_default().push(Pin { image, edit, pinned });
            }
            Err(because) => result.refused.push((image.reference.clone(), at(image), because)),
        }
    }
    for (chart, pins) in charts {
        let files = edit::files(&inventory.root, pins.iter().map(|pin| &pin.edit));
        let proved = files.and_then(|files| {
            proof::prove(inventory, chart, &pins, &files)?;
            Ok(files)
        });
        match proved {
            Ok(files) => {
                for (path, text) in files {
                    replace(&inventory.root.join(path), &text)?;
                }
                let done = pins.into_iter();
                result.done.extend(
                    done.map(|pin| (pin.image.reference.clone(), pin.pinned, at(pin.image))),
                );
            }
            Err(because) => result.refused.extend(
                pins.iter()
                    .map(|pin| (pin.image.reference.clone(), at(pin.image), because.clone())),
            ),
        }
    }
    Ok(result)
}

fn at(image: &Image) -> String {
    let location = image.declarations.first().map(|declaration| &declaration.location);
    location.map(|at| format!("{}:{}", at.path, at.start.line)).unwrap_or_default()
}

/// Reads a text file below the root.
fn text(root: &std::path::Path, path: &str) -> Result<String, String> {
    let failed = |error: io::Error| format!("{path} cannot be read: {error}");
    let file = root.join(path);
    // What is proved is the chart's own file, and what is written is where a link leads.
    let real = root.canonicalize().map_err(failed)?.join(path);
    if file.canonicalize().map_err(failed)? != real {
        return Err(format!("{path} is a link; change the file that it leads to"));
    }
    fs::read_to_string(file).map_err(failed)
}
