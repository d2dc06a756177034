//! Why a question got no answer, told on standard error.

use crate::outcome::Outcome;
use crate::terminal::{harmless, say};
use chart_lint::discover::DiscoverError;
use chart_lint::git::GitError;

/// A question that got no answer.
#[derive(Debug)]
pub struct Failure {
    /// What went wrong and where.
    message: String,
    /// What to do next.
    help: Option<String>,
}

impl Failure {
    /// A question that got no answer, because of this.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    /// What to do next.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Tells it and gives the status for it.
    pub fn print(&self) -> Outcome {
        let mut text = format!("error: {}\n", harmless(&self.message));
        if let Some(help) = &self.help {
            text.push_str(&format!("help: {}\n", harmless(help)));
        }
        say(&text);
        Outcome::Wrong
    }
}

impl From<DiscoverError> for Failure {
    fn from(error: DiscoverError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<GitError> for Failure {
    fn from(error: GitError) -> Self {
        Self::new(error.to_string())
    }
}
