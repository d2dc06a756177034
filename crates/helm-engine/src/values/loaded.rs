//! A chart with the values and the dependencies that a release gives it.

use super::overlay::Files;
use crate::chart::{Chart, FileState};
use crate::evaluate::{Error, ErrorKind};
use crate::objects::Metadata;
use crate::source::SourceMap;
use crate::value::Map;

/// A chart that a release is made of: under its alias, with the subcharts that
/// are enabled.
#[derive(Debug, Clone)]
pub(crate) struct Loaded<'c> {
    /// The chart on disk.
    pub(crate) chart: &'c Chart,
    /// What its `Chart.yaml` says.
    pub(crate) metadata: Metadata,
    /// The values of its own. Never changed in place.
    pub(crate) values: Map,
    /// Its subcharts.
    pub(crate) subcharts: Vec<Loaded<'c>>,
}

impl<'c> Loaded<'c> {
    /// Reads a chart and its subcharts. What cannot be read is in `errors`, and
    /// counts as empty.
    pub(crate) fn read(
        chart: &'c Chart,
        sources: &SourceMap,
        files: &mut Files,
        errors: &mut Vec<Error>,
    ) -> Self {
        let values = match chart.file("values.yaml").map(|file| &file.state) {
            Some(&FileState::Loaded(id)) => files.values(sources, id).unwrap_or_else(|error| {
                let reading = "cannot load values.yaml: cannot unmarshal yaml document";
                let message = match error.message.starts_with("yaml: ") {
                    true => format!("{reading}: error converting YAML to JSON: {error}"),
                    false => format!("{reading}: {error}"),
                };
                errors.push(Error::bare(ErrorKind::Chart, message));
                Map::new()
            }),
            _ => Map::new(),
        };
        let subcharts = chart.subcharts.iter().filter(|subchart| subchart.chart_yaml.is_some());
        Self {
            chart,
            metadata: Metadata::read(chart, sources),
            values,
            subcharts: subcharts
                .map(|subchart| Self::read(subchart, sources, files, errors))
                .collect(),
        }
    }

    /// Whether a subchart has this name.
    pub(super) fn has_subchart(&self, name: &str) -> bool {
        self.subcharts.iter().any(|subchart| subchart.metadata.name.as_str() == name)
    }
}
