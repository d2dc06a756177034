//! `--values`, `--set` and `--set-string`: the deployment's own values.

use crate::args::Question;
use crate::error::Failure;
use crate::judge::{Case, readable};
use crate::revision::Revision;
use crate::terminal::harmless;
use chart_lint::deployment::{Deployment, DeploymentError, ValuesFile};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Helm takes no larger file in a chart.
const LARGEST: u64 = 20 << 20;

/// The values that a question gives; what Helm would not take is a mistake.
pub(crate) fn given(case: &Case, question: &Question) -> Result<Deployment, Failure> {
    let file = |file: &std::path::PathBuf| {
        let path = readable(file, "the values file")?;
        Ok(ValuesFile { path: case.display(file), text: text(&path, file)?.into() })
    };
    let deployment = Deployment {
        files: question.values.iter().map(file).collect::<Result<_, Failure>>()?,
        set: question.set.clone(),
        set_string: question.set_string.clone(),
    };
    deployment.check().map_err(|error| {
        let help = match &error {
            DeploymentError::File { .. } => "correct the text at this place",
            DeploymentError::Set(_) => "write NAME=VALUE, for instance image.tag=1.2",
        };
        Failure::new(error.to_string()).help(help)
    })?;
    Ok(deployment)
}

/// The same as a revision has it: its own version of each file. What Helm would not
/// take there gives nothing, so that all of the present tree is new.
pub(crate) fn of_revision(
    case: &Case,
    question: &Question,
    revision: &Revision,
    say: impl Fn(&str),
) -> Result<Deployment, Failure> {
    let mut deployment = Deployment {
        files: Vec::new(),
        set: question.set.clone(),
        set_string: question.set_string.clone(),
    };
    for file in &question.values {
        let Some(path) = revision.file(file) else { continue };
        let shown = file.display();
        match text(&path, file) {
            Ok(text) => {
                deployment.files.push(ValuesFile { path: case.display(file), text: text.into() });
            }
            Err(_) => say(&skipped(&format!("{shown} of revision `{}`", revision.name()))),
        }
    }
    if deployment.check().is_err() {
        say(&skipped(&format!("the values at revision `{}`", revision.name())));
        return Ok(Deployment::default());
    }
    Ok(deployment)
}

fn skipped(what: &str) -> String {
    format!("note: {} cannot be read, so nothing of it is compared\n", harmless(what))
}

fn text(path: &Path, shown: &Path) -> Result<String, Failure> {
    let shown = shown.display();
    let failed = |why: &str| Failure::new(format!("the values file {shown} cannot be read: {why}"));
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
        .map_err(|error| failed(&error.to_string()))?;
    if bytes.len() as u64 > LARGEST {
        return Err(failed("it is larger than 20 MiB"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
        failed(&format!("line {line} is not UTF-8"))
    })
}
