//! The table of a comparison.

use super::compare::{Failure, Verdict};
use super::scenarios::Scenario;
use std::io::{self, Write};

/// Writes a line for each chart, and the totals.
pub(crate) fn print(
    out: &mut impl Write,
    scenarios: &[Scenario],
    verdicts: &[Verdict],
    verbose: bool,
) -> io::Result<()> {
    writeln!(out, "identical  equal  different  one-sided  error        chart")?;
    for (scenario, verdict) in scenarios.iter().zip(verdicts) {
        let Verdict { identical, equal, different, one_sided, .. } = verdict;
        let (error, detail) = word(&verdict.error);
        let missing = if verdict.missing { "  (dependencies missing)" } else { "" };
        let (different_count, sides) = (different.len(), one_sided.len());
        writeln!(
            out,
            "{identical:>9}  {equal:>5}  {different_count:>9}  {sides:>9}  {error:<11}  {}{missing}",
            scenario.name
        )?;
        if verbose || !verdict.agrees() {
            for line in &detail {
                writeln!(out, "           {line}")?;
            }
        }
        for (path, what) in different.iter().chain(one_sided) {
            writeln!(out, "           {path}")?;
            if verbose {
                writeln!(out, "             {what}")?;
            }
        }
    }
    totals(out, "all charts", verdicts.iter().collect())?;
    let (missing, complete): (Vec<_>, Vec<_>) = verdicts.iter().partition(|v| v.missing);
    if !missing.is_empty() {
        totals(out, "charts with all dependencies", complete)?;
        totals(out, "charts with missing dependencies", missing)?;
    }
    Ok(())
}

fn word(error: &Failure) -> (&'static str, Vec<String>) {
    let said = |who: &str, text: &str| format!("{who}: {}", text.trim().replace('\n', " | "));
    match error {
        Failure::None => ("", Vec::new()),
        Failure::Same { helm, ours } if helm == ours => ("same error", vec![said("both", helm)]),
        Failure::Same { helm, ours } => {
            ("same error", vec![said("Helm", helm), said("helm-engine", ours)])
        }
        Failure::Other { helm, ours } => {
            ("two errors", vec![said("Helm", helm), said("helm-engine", ours)])
        }
        Failure::Helm(helm) => ("Helm's only", vec![said("Helm", helm)]),
        Failure::Ours(ours) => ("ours only", vec![said("helm-engine", ours)]),
    }
}

fn totals(out: &mut impl Write, what: &str, verdicts: Vec<&Verdict>) -> io::Result<()> {
    let sum = |count: fn(&Verdict) -> usize| verdicts.iter().map(|v| count(v)).sum::<usize>();
    let charts = |is: fn(&Failure) -> bool| verdicts.iter().filter(|v| is(&v.error)).count();
    let identical = sum(|v| v.identical);
    let equal = sum(|v| v.equal);
    let different = sum(|v| v.different.len());
    let one_sided = sum(|v| v.one_sided.len());
    let manifests = identical + equal + different + one_sided;
    let share = |count: usize| match manifests {
        0 => 100.0,
        all => count as f64 * 100.0 / all as f64,
    };
    writeln!(
        out,
        "\n{what}: {} renders, {manifests} manifests\n\
         \x20 identical               {identical:>6}  {:.2}%\n\
         \x20 equal as YAML or better {:>6}  {:.2}%\n\
         \x20 different               {different:>6}\n\
         \x20 given by only one       {one_sided:>6}\n\
         \x20 renders that end in an error: {} the same, {} another one, {} only Helm's, {} only ours",
        verdicts.len(),
        share(identical),
        identical + equal,
        share(identical + equal),
        charts(|e| matches!(e, Failure::Same { .. })),
        charts(|e| matches!(e, Failure::Other { .. })),
        charts(|e| matches!(e, Failure::Helm(_))),
        charts(|e| matches!(e, Failure::Ours(_))),
    )
}
