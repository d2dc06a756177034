//! `disallowed-chart-registry`: a dependency is pulled from a disallowed registry.

use super::{Draft, RuleMeta};
use crate::extract::ChartRegistry;
use crate::model::Level;

pub(crate) static META: RuleMeta = RuleMeta {
    name: "disallowed-chart-registry",
    summary: "a dependency is pulled from a registry that the policy disallows",
    level: Level::Warning,
    explanation: "\
## What it finds

A dependency in Chart.yaml or requirements.yaml whose `repository` is an
`oci://` address in a registry that the policy disallows.

## Why

Charts that are stored in a registry are pulled from it as images are, with the
same limits and the same outages; but only when dependencies are updated, not
when a pod starts. So it is a warning by default.

## Example

```yaml
dependencies:
  - name: redis
    repository: oci://registry-1.docker.io/acmecharts
```

## What to do

Take the chart from another repository, copy it to a registry that the policy
allows (`helm pull`, `helm push`), or vendor it.
",
};

pub(crate) fn check(chart: &ChartRegistry, registry: &str) -> Draft {
    let message =
        format!("the chart `{}` is pulled from {registry}, which is disallowed", chart.dependency);
    let mut draft = Draft::at(&META, chart.repository.span, message);
    draft.reference = Some(format!("oci://{}", chart.repository.text));
    draft.primary_text = "disallowed registry".into();
    draft.help.push("copy the chart to an allowed registry, or vendor it under charts/".into());
    draft
}
