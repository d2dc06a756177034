//! Real Helm, by way of its Python package.

use super::scenarios::Scenario;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

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
    let python = python(top)?;
    let failed = |error: std::io::Error| format!("real Helm cannot be run: {error}");
    let mut answers = Vec::with_capacity(scenarios.len());
    let mut process = None;
    for scenario in scenarios {
        let helm = match process.take() {
            Some(helm) => process.insert(helm),
            None => process.insert(Helm::start(top, &python).map_err(failed)?),
        };
        let request = serde_json::json!({ "chart": scenario.chart, "files": scenario.files });
        match helm.ask(&request.to_string()).map_err(failed)? {
            Some(answer) => answers.push(answer),
            None => {
                // Go ends the process where a stack overflows.
                let error = Some("real Helm crashed".to_owned());
                answers.push(Answer { error, ..Answer::default() });
                process = None;
            }
        }
    }
    Ok(answers)
}

/// The Python that has Helm.
pub(crate) fn python(top: &Path) -> Result<PathBuf, String> {
    let python = top.join(".venv/bin/python");
    if python.exists() {
        return Ok(python);
    }
    Err(format!(
        "real Helm is missing: {} does not exist; run scripts/setup-helm.sh, which installs it",
        python.display()
    ))
}

/// A process that renders.
struct Helm {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Helm {
    fn start(top: &Path, python: &Path) -> io::Result<Self> {
        let mut child = Command::new(python)
            .arg(top.join("scripts/render_with_helm.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(input), Some(output)) => {
                Ok(Self { child, input, output: BufReader::new(output) })
            }
            _ => Err(io::Error::other("it has no input or no output")),
        }
    }

    /// The answer; none where the process ended.
    fn ask(&mut self, request: &str) -> io::Result<Option<Answer>> {
        writeln!(self.input, "{request}")?;
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        serde_json::from_str(&line).map(Some).map_err(io::Error::other)
    }
}

impl Drop for Helm {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
