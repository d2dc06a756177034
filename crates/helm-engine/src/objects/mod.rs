//! What a template begins with: `.Chart`, `.Release`, `.Capabilities`, `.Files`
//! and the methods of such objects.

mod capabilities;
mod files;
mod glob;
mod metadata;
mod method;

pub(crate) use capabilities::capabilities;
pub(crate) use files::{bytes, files, is_files};
pub(crate) use metadata::{Dependency, Metadata};
pub(crate) use method::{VALUES, method};

use crate::value::{Map, Value};

/// `.Release`
pub(crate) fn release(options: &crate::render::Options) -> Map {
    let release = Map::new();
    release.set("Name", Value::str(options.release.as_str()));
    release.set("Namespace", Value::str(options.namespace.as_str()));
    release.set("IsUpgrade", Value::bool(options.is_upgrade));
    release.set("IsInstall", Value::bool(!options.is_upgrade));
    release.set("Revision", Value::int(options.revision));
    release.set("Service", Value::str("Helm"));
    release
}
