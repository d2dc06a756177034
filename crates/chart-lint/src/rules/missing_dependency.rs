//! `missing-dependency`: a chart that is declared is not in `charts/`.

use super::{Draft, RuleMeta};
use crate::model::Level;
use crate::shell;
use helm_engine::chart::{Chart, Dependency, Origin, Vendored};

pub(crate) static META: RuleMeta = RuleMeta {
    name: "missing-dependency",
    summary: "a dependency is not vendored, so its images are not known",
    level: Level::Warning,
    explanation: "\
## What it finds

A dependency of Chart.yaml or requirements.yaml that is not in `charts/`, neither
as a folder nor as a `.tgz`, or is there in another version than the range asks
for. Helm looks nowhere else when it renders: a `file://` repository too is read
only when dependencies are updated. A dependency that is there and turned off is
not missing.

## Why

The images of the missing chart are not known, and neither are those that its
named templates would compute. What the parent's values say of it is judged by
their shape; everything else is judged as ever.

With `--require-dependencies`, or at level error in the policy, the run is
incomplete: exit status 3 when nothing worse is found.

## Example

```yaml
dependencies:
  - name: redis            # there is no charts/redis, no charts/redis-18.1.0.tgz
    version: 18.x
    repository: https://charts.acme.example
```

## What to do

Run the command that the finding gives before the check: `helm dependency build`
fetches what Chart.lock names, `helm dependency update` where there is none.
",
};

/// What the rule says of a dependency of a chart, unless the chart has it. `same` are
/// the entries that ask for the same chart under other aliases.
pub(crate) fn check(chart: &Chart, dependency: &Dependency, same: &[&Dependency]) -> Option<Draft> {
    let name = dependency.name.as_deref()?;
    let place = dependency.name_span.or(dependency.span)?;
    let asked = dependency.version.as_deref().filter(|version| !version.is_empty());
    let (message, label) = match chart.vendored(dependency) {
        Vendored::Fits(_) => return None,
        Vendored::WrongVersion(other) => {
            let version = other.version.as_deref().unwrap_or("of no version");
            let asked = asked.unwrap_or("another one");
            let message =
                format!("the vendored chart `{name}` is {version}, and {asked} is asked for");
            (message, "another version is in charts/")
        }
        Vendored::Missing => {
            let version = asked.map(|version| format!(" ({version})")).unwrap_or_default();
            let message = format!("the chart `{name}`{version} is not vendored");
            (message, "its images are not known")
        }
    };
    let mut draft = Draft::at(&META, place, message);
    draft.primary_text = label.into();
    for entry in same {
        let alias = entry.alias.as_deref().unwrap_or(name);
        if let Some(span) = entry.name_span.or(entry.span) {
            draft.related.push((span, format!("asked for again as `{alias}`")));
        }
    }
    draft.help = help(chart, dependency, name);
    Some(draft)
}

/// What fetches a dependency.
fn help(chart: &Chart, dependency: &Dependency, name: &str) -> Vec<String> {
    if let Origin::Archive(_) = chart.origin {
        return vec!["the package of its parent lacks it: take one that has it".into()];
    }
    let locked = chart.file("Chart.lock").or_else(|| chart.file("requirements.lock")).is_some();
    let verb = if locked { "build" } else { "update" };
    let folder = shell::word(&chart.path);
    let repository = dependency.repository.as_deref().unwrap_or_default();
    let command = format!("`helm dependency {verb} {folder}`");
    if repository.is_empty() {
        let its = shell::word(&format!("{}/charts/{name}", chart.path));
        return vec![format!("put the chart into {its}: its entry names no repository")];
    }
    if repository.starts_with("file://") {
        return vec![format!(
            "{command} packs it from {}: Helm renders what is in charts/ alone",
            shell::word(repository)
        )];
    }
    let mut help = vec![format!("{command} fetches it from {}", shell::word(repository))];
    // An update takes a repository that Helm does not know, a build does not.
    if locked && repository.contains("://") && !repository.starts_with("oci://") {
        help.push(format!(
            "if Helm does not know that repository, first `helm repo add {} {}`",
            shell::word(name),
            shell::word(repository)
        ));
    }
    help
}
