//! Finds images in the files of a chart. It finds, and never judges.

mod annotations;
mod breaks;
mod broken;
mod chart;
mod definitions;
mod dependencies;
mod evaluate;
mod forms;
mod found;
mod fragment;
mod group;
mod join;
mod lookup;
mod manifest;
mod printed;
mod quiet;
mod registries;
mod rendered;
mod scan;
mod settle;
mod template;
mod text;
mod unresolved;
mod value_at;
mod way;
mod words;
mod yaml;

pub(crate) use chart::{Ask, Extracted, extract};
pub(crate) use found::{ChartRegistry, Flaw, Found, Invalid, Site, Unresolved, Why};
pub(crate) use registries::Registries;
pub(crate) use way::line;
