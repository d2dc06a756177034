//! A deployment's own values: what `--values`, `--set` and `--set-string` give.

use helm_engine::source::{FileId, Position, SourceMap, Span};
use helm_engine::value::{Origin, Text};
use helm_engine::values::{self, Overlay, OverlayError};
use std::fmt;
use std::sync::Arc;

/// Values that are given to every chart, over its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deployment {
    /// Files, each over those before it.
    pub files: Vec<ValuesFile>,
    /// Expressions of `--set`, over all files.
    pub set: Vec<String>,
    /// Expressions of `--set-string`, over those of `--set`, as Helm has it.
    pub set_string: Vec<String>,
}

/// A values file of a deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValuesFile {
    /// Its path as reports show it.
    pub path: String,
    /// Its text.
    pub text: Arc<str>,
}

/// Why Helm would not take the values of a deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeploymentError {
    /// A file that is not what Helm reads.
    File {
        /// Its path.
        path: String,
        /// Where reading stopped.
        at: Position,
        /// What is wrong there.
        message: String,
    },
    /// An expression of `--set` or `--set-string`, in Helm's words.
    Set(String),
}

impl fmt::Display for DeploymentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, at, message } => write!(
                f,
                "the values file {path}:{}:{} cannot be read: {message}",
                at.line, at.column
            ),
            Self::Set(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for DeploymentError {}

impl Deployment {
    /// Tells whether Helm would take them.
    ///
    /// # Errors
    /// What is wrong with the first that it would not.
    pub fn check(&self) -> Result<(), DeploymentError> {
        let mut sources = SourceMap::new();
        let given = self.load(&mut sources);
        values::check(&given.overlays(&sources), &sources).map_err(|error| match error {
            OverlayError::File { file, error } => {
                let file = sources.file(file);
                let at = file.position(error.offset.unwrap_or_default());
                DeploymentError::File { path: file.path().to_owned(), at, message: error.message }
            }
            set @ OverlayError::Set { .. } => DeploymentError::Set(set.to_string()),
        })
    }

    /// Brings the values among the sources of a chart. A file that the chart has is
    /// that file, so that no image of it is there twice.
    pub(crate) fn load(&self, sources: &mut SourceMap) -> Given {
        let mut given = Given::default();
        for file in &self.files {
            let own = sources.iter().find(|(_, own)| own.path() == file.path).map(|(id, _)| id);
            let id = own.unwrap_or_else(|| sources.add(file.path.as_str(), Arc::clone(&file.text)));
            given.files.push((id, own.is_none()));
        }
        for (flag, expressions) in [(SET, &self.set), (SET_STRING, &self.set_string)] {
            for text in expressions {
                given.set.push((sources.add(flag, text.as_str()), flag));
            }
        }
        given
    }
}

const SET: &str = "--set";
const SET_STRING: &str = "--set-string";

/// The values of a deployment among the sources of a chart.
#[derive(Debug, Clone, Default)]
pub(crate) struct Given {
    /// Each file, and whether it is none of the chart's own.
    files: Vec<(FileId, bool)>,
    /// Each expression, and the flag that gave it.
    set: Vec<(FileId, &'static str)>,
}

impl Given {
    /// True when nothing is given.
    pub(crate) fn is_empty(&self) -> bool {
        self.files.is_empty() && self.set.is_empty()
    }

    /// The files that are none of the chart's own.
    pub(crate) fn added(&self) -> impl Iterator<Item = FileId> {
        self.files.iter().filter(|(_, added)| *added).map(|(id, _)| *id)
    }

    /// The values as the evaluation takes them.
    pub(crate) fn overlays(&self, sources: &SourceMap) -> Vec<Overlay> {
        let files = self.files.iter().map(|(id, _)| Overlay::File(*id));
        let set = self.set.iter().map(|&(id, flag)| {
            let text = sources.file(id).text().as_bytes();
            let text = Text::with_origin(text, Origin::copied(id, 0));
            if flag == SET { Overlay::Set(text) } else { Overlay::SetString(text) }
        });
        files.chain(set).collect()
    }

    /// True of text that an expression gave, which is in no file.
    pub(crate) fn is_set(&self, file: FileId) -> bool {
        self.set.iter().any(|(id, _)| *id == file)
    }

    /// The flag and the assignment that gave a text which is in no file:
    /// `--set image.tag=1.2`.
    pub(crate) fn words(&self, sources: &SourceMap, span: Span) -> Option<String> {
        let (_, flag) = self.set.iter().find(|(id, _)| *id == span.file)?;
        Some(format!("{flag} {}", assignment(sources.file(span.file).text(), span.start)))
    }
}

/// The one of the assignments `a=1,b={2,3}` that an offset is in.
fn assignment(expression: &str, offset: usize) -> &str {
    let (mut start, mut depth, mut escaped) = (0, 0usize, false);
    for (at, c) in expression.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 && at >= offset => return &expression[start..at],
            ',' if depth == 0 => start = at + 1,
            _ => {}
        }
    }
    &expression[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assignment_is_told_from_its_neighbours() {
        let text = "a=x\\,y,b={1,2},c.d=z";
        assert_eq!(assignment(text, 2), "a=x\\,y");
        assert_eq!(assignment(text, 12), "b={1,2}");
        assert_eq!(assignment(text, text.len() - 1), "c.d=z");
    }

    #[test]
    fn what_helm_refuses_is_told_with_its_place() {
        let file = |text: &str| ValuesFile { path: "prod.yaml".into(), text: text.into() };
        let told = |deployment: Deployment| deployment.check().unwrap_err().to_string();
        let bad = Deployment { files: vec![file("a: 1\nb: [1\nc: 2\n")], ..Deployment::default() };
        assert!(told(bad).starts_with("the values file prod.yaml:3:"), "it names the place");
        let list = Deployment { files: vec![file("- a\n")], ..Deployment::default() };
        assert!(told(list).contains("prod.yaml:1:1 cannot be read"));
        let set = Deployment { set: vec!["a.b".into()], ..Deployment::default() };
        assert_eq!(told(set), "failed parsing --set data: key \"b\" has no value");
        let set = Deployment { set_string: vec!["a[x]=1".into()], ..Deployment::default() };
        assert!(told(set).starts_with("failed parsing --set-string data: error parsing index"));
    }

    #[test]
    fn a_file_of_the_chart_is_there_once() {
        let mut sources = SourceMap::new();
        let own = sources.add("charts/a/prod.yaml", "a: 1");
        let files = ["charts/a/prod.yaml", "prod.yaml"]
            .map(|path| ValuesFile { path: path.into(), text: "a: 1".into() });
        let deployment = Deployment { files: files.to_vec(), ..Deployment::default() };
        let given = deployment.load(&mut sources);
        assert_eq!(given.files[0], (own, false));
        assert_eq!(given.added().collect::<Vec<_>>(), [given.files[1].0]);
    }
}
