//! Values as Helm 4 puts them together: those of the user over the chart's own
//! over its subcharts', each with its origin.

mod coalesce;
mod compatible;
mod enabled;
mod import;
mod loaded;
mod overlay;
mod schema;
mod set;
mod tables;

pub use compatible::admits;
pub use overlay::{Overlay, OverlayError, SetError, check};
pub use set::set_values;

pub(crate) use coalesce::coalesced;
pub(crate) use compatible::{is_compatible, is_range};
pub(crate) use enabled::{keep_all, keep_enabled};
pub(crate) use import::import_values;
pub(crate) use loaded::Loaded;
pub(crate) use overlay::{Files, user_values};
pub(crate) use schema::refusal;
pub(crate) use tables::{path_value, table};
