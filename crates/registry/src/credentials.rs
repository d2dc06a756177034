//! Credentials as people have them after `docker login`: in Docker's `config.json`, or with
//! the programs that it names.

mod config;
mod helper;

use crate::secret::Secret;
use config::Config;
use std::path::{Path, PathBuf};

/// How one is known to a registry. It cannot be shown.
#[derive(Clone)]
pub(crate) enum Login {
    /// By name and password.
    Basic {
        /// The name.
        user: String,
        /// The password.
        password: Secret,
    },
    /// By a token that is changed into others.
    Identity(Secret),
}

/// Where credentials come from.
pub struct Credentials {
    config: Config,
    /// Where helper programs are looked for first; then `PATH`.
    helpers: Option<PathBuf>,
}

impl Credentials {
    /// None: every registry is asked as a stranger would.
    pub fn none() -> Self {
        Self { config: Config::default(), helpers: None }
    }

    /// Those of Docker's configuration: `$DOCKER_CONFIG/config.json`, else
    /// `~/.docker/config.json`.
    ///
    /// # Errors
    /// When there is one that cannot be read. The message tells nothing of its content.
    pub fn of_docker() -> Result<Self, String> {
        let set =
            |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let folder = set("DOCKER_CONFIG").or_else(|| Some(std::env::home_dir()?.join(".docker")));
        match folder {
            Some(folder) => Self::of_file(&folder.join("config.json")),
            None => Ok(Self::none()),
        }
    }

    /// Those of a file in the format of Docker's `config.json`; none when there is no file.
    ///
    /// # Errors
    /// When there is one that cannot be read. The message tells nothing of its content.
    pub fn of_file(file: &Path) -> Result<Self, String> {
        let config = Config::read(file)?;
        Ok(Self { config, helpers: None })
    }

    /// Looks for helper programs in this folder before `PATH`.
    pub fn with_helpers(mut self, folder: PathBuf) -> Self {
        self.helpers = Some(folder);
        self
    }

    /// How one is known to a registry; `None` where one is not.
    pub(crate) fn login(&self, registry: &str) -> Result<Option<Login>, String> {
        // Docker keeps its own registry under this name.
        let server = match registry {
            "docker.io" => "https://index.docker.io/v1/",
            registry => registry,
        };
        match self.config.helper(server) {
            Some(name) => helper::ask(name, server, self.helpers.as_deref()),
            None => self.config.login(server),
        }
    }
}
