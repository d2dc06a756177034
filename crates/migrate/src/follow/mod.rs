//! What repeats an image outside of what Helm renders, and has to follow it: the
//! defaults of values.schema.json, and the table that helm-docs writes into README.md.

mod readme;
mod schema;
mod values;

pub(crate) use readme::{BADGE, version_in_readme};

use crate::copies::Override;
use crate::edit;
use crate::files;
use crate::migration::{ChartChange, Request, file_of};
use crate::propose::Edits;
use std::borrow::Cow;
use std::collections::BTreeSet;
use values::Values;

/// The name of the file that helm-docs writes.
const README: &str = "README.md";

/// The edits of the files of a chart that repeat what these edits change. `over` are values
/// that these edits put over those of copies.
pub(crate) fn edits(
    request: &Request<'_>,
    chart: &str,
    edits: &Edits,
    over: &[Override],
    version: Option<&(String, String)>,
) -> Edits {
    let schema = file_of(chart, "values.schema.json");
    let of_schema = text(request, &schema);
    let readme = readme(request, chart);
    let path = file_of(chart, "values.yaml");
    let of_values = edits.get(&path).map(Vec::as_slice).unwrap_or_default();
    let repeats = !of_values.is_empty() && (of_schema.is_some() || readme.is_some());
    let before = repeats.then(|| text(request, &path).unwrap_or_default());
    let after = before.as_deref().and_then(|before| edit::apply(before, of_values));
    let values = before.as_deref().zip(after.as_deref());
    let values = values.and_then(|(before, after)| Values::parse(before, after, over));
    let mut followers = Edits::new();
    if let Some((values, text)) = values.as_ref().zip(of_schema) {
        let mut edits = schema::edits(&text, values);
        // Where another image is spelled, it moves by itself or stays.
        if !edits.is_empty() {
            let spelled = spelled(request, &schema);
            edits.retain(|edit| !spelled.contains(&edit.start));
        }
        followers.insert(schema, edits);
    }
    if let Some(text) = readme {
        let mut edits = values.map(|values| readme::edits(&text, &values)).unwrap_or_default();
        edits.extend(version.into_iter().flat_map(|version| version_in_readme(&text, version)));
        followers.insert(file_of(chart, README), edits);
    }
    followers.retain(|_, edits| !edits.is_empty());
    followers
}

/// What a README still says of values that a change moves, as lines for people.
pub(crate) fn left(request: &Request<'_>, change: &ChartChange) -> Vec<String> {
    let file = |name: &str| {
        let path = file_of(&change.chart, name);
        change.files.iter().find(|file| file.path == path)
    };
    let Some(of_values) = file("values.yaml") else { return Vec::new() };
    let values = Values::parse(of_values.text(), &of_values.after, &[]);
    let readme = match file(README) {
        Some(file) => Some(Cow::Borrowed(file.after.as_str())),
        None => readme(request, &change.chart).map(Cow::Owned),
    };
    let (Some(values), Some(text)) = (values, readme) else { return Vec::new() };
    let path = file_of(&change.chart, README);
    let line = |left: readme::Left| {
        format!(
            "{path}:{} still says `{}` for `{}`; write `{}` there, or run helm-docs",
            left.line, left.before, left.key, left.after
        )
    };
    readme::left(&text, &values).into_iter().map(line).collect()
}

/// A README that helm-docs writes.
fn readme(request: &Request<'_>, chart: &str) -> Option<String> {
    let template = request.root.join(file_of(chart, "README.md.gotmpl"));
    let text = text(request, &file_of(chart, README))?;
    (template.exists() || text.contains("helm-docs")).then_some(text)
}

/// A file's text; what is not there or no text repeats nothing.
fn text(request: &Request<'_>, path: &str) -> Option<String> {
    files::existing(&request.root.join(path)).ok()
}

/// Where a file spells images.
fn spelled(request: &Request<'_>, path: &str) -> BTreeSet<usize> {
    let declarations = request.report.images.iter().flat_map(|image| &image.declarations);
    let here = declarations.filter(|declaration| *declaration.location.path == *path);
    here.map(|declaration| declaration.location.bytes.start).collect()
}
