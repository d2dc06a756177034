//! Images in a template: literal lines, joined lines, strings in actions.

mod inline;
mod lines;
mod literals;
mod scope;
mod sites;
mod units;

pub(crate) use scope::{ANY, Chain};
pub(crate) use sites::{DynamicSite, extract_string};
pub(crate) use units::{Unit, Units, touches};

use super::found::Extraction;
use super::fragment::Fragment;
use super::lookup::Lookup;
use crate::model::Role;

/// What reading the templates of a chart gives.
#[derive(Debug, Default)]
pub(crate) struct Templates {
    /// What each named template reads.
    pub(crate) units: Units,
    /// The uses whose image is not spelled in the template.
    pub(crate) sites: Vec<DynamicSite>,
}

/// Reads one template.
pub(crate) fn extract(
    fragment: &Fragment<'_>,
    role: Option<Role>,
    lookup: &Lookup<'_>,
    templates: &mut Templates,
    out: &mut Extraction,
) {
    let lexed = go_template::lex(fragment.text);
    let mut reader = sites::Reader::new(fragment, &lexed, role, lookup);
    reader.read(templates, out);
}
