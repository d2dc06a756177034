//! Finds the policy of a chart.

use super::Policy;
use super::mistake::Mistake;
use crate::check::PolicySource;
use std::collections::HashMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// The name of a policy file.
pub const FILE_NAME: &str = "image-policy.yaml";
/// A policy that is longer is a mistake, in bytes.
const LONGEST: u64 = 1 << 20;

/// A policy file that cannot judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The path relative to the root.
    pub path: String,
    /// The text, as far as it could be read.
    pub text: String,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
}

/// The policy of a chart, or what is wrong with it.
pub(crate) type Outcome = Result<Arc<Policy>, Arc<Broken>>;

/// Finds policies, and reads each file once.
pub struct Policies<'a> {
    source: &'a PolicySource,
    read: Mutex<HashMap<PathBuf, Outcome>>,
}

impl<'a> Policies<'a> {
    /// Policies that come from there.
    pub fn new(source: &'a PolicySource) -> Self {
        Self { source, read: Mutex::default() }
    }

    /// The policy of the chart in a folder, given relative to the root with `/`.
    ///
    /// # Errors
    /// When it is wrong.
    pub fn of_chart(&self, chart: &str) -> Result<Arc<Policy>, Arc<Broken>> {
        match self.source {
            PolicySource::File { read, display } => self.file(read, display.clone()),
            PolicySource::Nearest { root, top } => {
                let folder = if chart == "." { root.clone() } else { root.join(chart) };
                for above in folder.ancestors() {
                    let file = above.join(FILE_NAME);
                    // A broken link or an unreadable file is a policy that is wrong, not none.
                    if file.symlink_metadata().is_ok() {
                        let display = display(&file, root);
                        return self.file(&file, display);
                    }
                    if above == top {
                        break;
                    }
                }
                Ok(super::built_in())
            }
        }
    }

    fn file(&self, path: &Path, display: String) -> Outcome {
        let mut read = self.read.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        read.entry(path.to_owned()).or_insert_with(|| load(path, display)).clone()
    }
}

/// The path as the report shows it: relative to the root, or with `..` above it.
fn display(file: &Path, root: &Path) -> String {
    let slashed = |path: &Path| {
        path.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
    };
    if let Ok(inside) = file.strip_prefix(root) {
        return slashed(inside);
    }
    let ups = file
        .parent()
        .and_then(|folder| root.strip_prefix(folder).ok())
        .map_or(0, |rest| rest.components().count());
    format!("{}{FILE_NAME}", "../".repeat(ups))
}

fn load(path: &Path, display: String) -> Outcome {
    let broken =
        |text: String, mistakes| Arc::new(Broken { path: display.clone(), text, mistakes });
    let text = read(path).map_err(|error| {
        let message = format!("the policy cannot be read: {error}");
        let help = "make it a readable file of UTF-8 text below 1 MiB, or remove it".into();
        broken(String::new(), vec![Mistake { span: 0..0, message, help }])
    })?;
    Policy::parse(&text, &display).map(Arc::new).map_err(|mistakes| broken(text, mistakes))
}

fn read(path: &Path) -> io::Result<String> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a file"));
    }
    let mut text = String::new();
    fs::File::open(path)?.take(LONGEST + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LONGEST {
        return Err(io::Error::other("it is larger than 1 MiB"));
    }
    Ok(text)
}
