//! What there is of a dependency under `charts/`.

use super::{Chart, Dependency};
use crate::value::Text;
use crate::values::{is_compatible, is_range};

/// What there is of a dependency under `charts/`, which is the only place where Helm
/// looks: a `file://` repository is read when dependencies are updated, not when a
/// chart is rendered.
#[derive(Debug, Clone, Copy)]
pub enum Vendored<'c> {
    /// A chart of its name and within its range of versions.
    Fits(&'c Chart),
    /// A chart of its name alone. Helm renders it all the same, but as one that no
    /// dependency names: without alias, and `helm dependency list` says `wrong version`.
    WrongVersion(&'c Chart),
    /// Nothing.
    Missing,
}

impl Chart {
    /// What there is of a dependency of this chart.
    pub fn vendored(&self, dependency: &Dependency) -> Vendored<'_> {
        let name = dependency.name.as_deref().unwrap_or_default();
        let mut of_name =
            self.subcharts.iter().filter(|chart| chart.name.as_deref() == Some(name)).peekable();
        let Some(&first) = of_name.peek() else {
            return self.unreadable(name).map_or(Vendored::Missing, Vendored::Fits);
        };
        // What is no range asks for nothing that could be missed.
        let range = Text::from(dependency.version.as_deref().unwrap_or_default());
        if !is_range(&range) {
            return Vendored::Fits(first);
        }
        let fits = |chart: &&Chart| match &chart.version {
            Some(version) => is_compatible(&range, &Text::from(version.as_str())),
            // Chart.yaml cannot be read, which is said already.
            None => true,
        };
        of_name.find(fits).map_or(Vendored::WrongVersion(first), Vendored::Fits)
    }

    /// True when nothing of this name is vendored, in whatever version.
    pub fn misses(&self, dependency: &Dependency) -> bool {
        matches!(self.vendored(dependency), Vendored::Missing)
    }

    /// True when this chart, or one under it, misses a dependency.
    pub fn misses_dependencies(&self) -> bool {
        self.tree().iter().any(|chart| chart.dependencies.iter().any(|d| chart.misses(d)))
    }

    /// A chart that could not be read, in a folder or an archive of this name.
    fn unreadable(&self, name: &str) -> Option<&Chart> {
        self.subcharts.iter().filter(|chart| chart.name.is_none()).find(|chart| {
            let path = chart.path.split('!').next().unwrap_or_default();
            let file = path.rsplit('/').next().unwrap_or_default();
            file == name || file.strip_prefix(name).is_some_and(|rest| rest.starts_with('-'))
        })
    }
}
