//! A Helm chart as Helm loads it, with the source bytes of everything in it.
#![deny(missing_docs)]

pub mod chart;
pub mod decode;
pub mod encode;
pub mod evaluate;
pub mod functions;
mod objects;
pub mod render;
pub mod source;
pub mod value;
pub mod values;
