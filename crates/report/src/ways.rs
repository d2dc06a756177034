//! The ways of images, for a person: a line for each step.

use crate::escape::one_line;
use chart_lint::model::{Finding, Image, Label, Report, Use};

/// The ways to the uses of an image, each once; none unless they were asked for.
pub(crate) fn of_image(image: &Image) -> Vec<String> {
    unique(image.uses.iter())
}

/// The uses that a finding is about, when their ways were asked for.
pub(crate) fn uses<'r>(report: &'r Report, finding: &Finding) -> Vec<&'r Use> {
    let at = &finding.primary.location;
    let about = |image: &&Image| {
        image.declarations.iter().any(|declaration| {
            let declared = &declaration.location;
            declared.path == at.path
                && declared.bytes.start <= at.bytes.start
                && at.bytes.end <= declared.bytes.end
        })
    };
    let images = report.images.iter().filter(|image| finding.reference.is_some() && about(image));
    images.flat_map(|image| &image.uses).filter(|used| !used.why.is_empty()).collect()
}

/// The ways to these uses, each once.
pub(crate) fn unique<'u>(uses: impl IntoIterator<Item = &'u Use>) -> Vec<String> {
    let mut ways: Vec<String> = Vec::new();
    for used in uses.into_iter().filter(|used| !used.why.is_empty()) {
        let way = used.why.iter().map(step).collect::<Vec<_>>().join("\n  → ");
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    ways
}

fn step(label: &Label) -> String {
    let at = &label.location;
    let (path, text) = (one_line(&at.path), one_line(&label.text));
    format!("{path}:{}:{} {text}", at.start.line, at.start.column)
}
