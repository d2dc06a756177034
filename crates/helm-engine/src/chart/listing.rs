//! The files of a chart before any of them is sorted into chart or subchart.
//!
//! A folder and an archive both become such a list, and one assembly makes a
//! chart of it, as Helm does.

use super::problem::Problem;
use std::borrow::Cow;
use std::path::PathBuf;

/// A file that was found.
pub(super) struct Found {
    /// Relative to the chart that is being put together, with `/`.
    pub(super) path: String,
    /// As shown to people.
    pub(super) display: String,
    /// Where it really is, relative to the root, when a symlink led to it.
    pub(super) link: Option<String>,
    pub(super) content: Content,
}

/// Where a found file's bytes are.
pub(super) enum Content {
    /// On disk; a symlink is resolved.
    Disk(PathBuf),
    /// In memory, from an archive.
    Bytes(Vec<u8>),
    /// On disk, and left out of what Helm loads: values that the chart is tested with.
    Aside(PathBuf),
    /// Nowhere: nobody will look at it, because of what it is.
    Unwanted,
    /// Left out, for a reason.
    Skipped(Cow<'static, str>),
    /// A folder left out as a whole, for a reason.
    Folder(Cow<'static, str>),
    /// It cannot be read.
    Failed(Problem),
}

impl Content {
    /// Whether Helm would have the file: it makes a subchart of its folder.
    pub(super) fn exists(&self) -> bool {
        !matches!(self, Self::Skipped(_) | Self::Folder(_) | Self::Aside(_))
    }
}

/// A list of files, and what was wrong on the way to it.
#[derive(Default)]
pub(super) struct Listing {
    pub(super) found: Vec<Found>,
    pub(super) problems: Vec<Problem>,
}
