//! How much of a chart is read, and how far a symlink may lead.

use super::unwritten::Unwritten;
use std::path::PathBuf;
use std::sync::Arc;

const MIB: u64 = 1 << 20;

/// Bounds on what [`load`](super::load) reads, and on where it looks.
///
/// Helm itself accepts 5 MiB a file and 100 MiB an archive; the defaults are no
/// stricter.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The folder that no symlink may leave, usually the root of the
    /// repository. `None` is the chart's own folder.
    pub root: Option<PathBuf>,
    /// The folder of the same chart in a revision that is trusted more than
    /// this one. When given, a file is left out only when the `.helmignore`
    /// there leaves it out too, so that what is loaded cannot be hidden here.
    pub trusted_chart: Option<PathBuf>,
    /// Texts that are read in the place of files on disk.
    pub unwritten: Arc<Unwritten>,
    /// Bytes of one file, or of one member of an archive.
    pub file_bytes: u64,
    /// Bytes that one chart brings into memory with all its subcharts:
    /// files read, and everything that is decompressed.
    pub chart_bytes: u64,
    /// Files, folders and members of archives of one chart with all its subcharts.
    pub entries: usize,
    /// Folders inside folders.
    pub folder_depth: usize,
    /// Subcharts inside subcharts, whether folders or archives.
    pub chart_depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            root: None,
            trusted_chart: None,
            unwritten: Arc::default(),
            file_bytes: 20 * MIB,
            chart_bytes: 100 * MIB,
            entries: 20_000,
            folder_depth: 64,
            chart_depth: 12,
        }
    }
}

/// A size as people say it: `20 MiB`, `1.5 KiB`, `12 bytes`.
pub(super) fn size(bytes: u64) -> String {
    let (unit, name) = match bytes {
        0..1024 => return format!("{bytes} bytes"),
        1024..MIB => (1024, "KiB"),
        _ => (MIB, "MiB"),
    };
    if bytes.is_multiple_of(unit) {
        format!("{} {name}", bytes / unit)
    } else {
        format!("{:.1} {name}", bytes as f64 / unit as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_for_people() {
        assert_eq!(size(12), "12 bytes");
        assert_eq!(size(1536), "1.5 KiB");
        assert_eq!(size(20 * MIB), "20 MiB");
        assert_eq!(size(100_000_000), "95.4 MiB");
    }
}
