//! Real Helm, by way of its Python package.

use super::scenarios::Scenario;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// What Helm gave for one scenario.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Answer {
    /// The manifests by path.
    #[serde(default)]
    pub(crate) manifests: BTreeMap<String, String>,
    /// The manifests of a second render.
    #[serde(default)]
    pub(crate) again: BTreeMap<String, String>,
    /// Why there are none.
    #[serde(default)]
    pub(crate) error: Option<String>,
}

/// Renders all scenarios.
pub(crate) fn render(top: &Path, scenarios: &[Scenario]) -> Result<Vec<Answer>, String> {
    let python = top.join(".venv/bin/python");
    if !python.exists() {
        return Err(format!(
            "real Helm is missing: {} does not exist; run scripts/setup-helm.sh, which installs it",
            python.display()
        ));
    }
    let failed = |error: std::io::Error| format!("real Helm cannot be run: {error}");
    let mut child = Command::new(python)
        .arg(top.join("scripts/render_with_helm.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(failed)?;
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err("real Helm has no input or no output".to_owned());
    };
    let mut output = BufReader::new(output);
    let mut answers = Vec::with_capacity(scenarios.len());
    for scenario in scenarios {
        let request = serde_json::json!({ "chart": scenario.chart, "files": scenario.files });
        writeln!(input, "{request}").map_err(failed)?;
        let mut line = String::new();
        output.read_line(&mut line).map_err(failed)?;
        let answer = serde_json::from_str(&line).map_err(|error| {
            format!("real Helm gave no answer for {}: {error}", scenario.chart.display())
        })?;
        answers.push(answer);
    }
    drop(input);
    child.wait().map_err(failed)?;
    Ok(answers)
}
