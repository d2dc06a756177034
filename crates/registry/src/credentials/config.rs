//! Docker's `config.json`, as far as it tells of credentials.

use super::Login;
use crate::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use std::collections::HashMap;
use std::io::{ErrorKind, Read};
use std::path::Path;

/// No larger file is read, in bytes.
const LARGEST: u64 = 4 << 20;

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Config {
    #[serde(default)]
    auths: HashMap<String, Auth>,
    #[serde(default)]
    cred_helpers: HashMap<String, String>,
    #[serde(default)]
    creds_store: Option<String>,
}

#[derive(Default, Deserialize)]
struct Auth {
    #[serde(default)]
    auth: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    identitytoken: String,
}

impl Config {
    pub(super) fn read(file: &Path) -> Result<Self, String> {
        let shown = file.display();
        let mut text = String::new();
        let opened = match std::fs::File::open(file) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            opened => opened,
        };
        opened
            .and_then(|file| file.take(LARGEST).read_to_string(&mut text))
            .map_err(|error| format!("{shown} cannot be read: {error}"))?;
        serde_json::from_str(&text).map_err(|error| {
            // The message itself could quote a password.
            let (line, column) = (error.line(), error.column());
            format!("{shown} is no configuration of Docker: line {line}, column {column}")
        })
    }

    /// The program that keeps the credentials of a server.
    pub(super) fn helper(&self, server: &str) -> Option<&str> {
        let own = self.cred_helpers.iter().find(|(key, _)| host(key) == host(server));
        // A name that is empty stands for the file itself.
        let name = own.map(|(_, name)| name).or(self.creds_store.as_ref());
        name.map(|name| &**name).filter(|name| !name.is_empty())
    }

    /// The credentials that the file itself has.
    pub(super) fn login(&self, server: &str) -> Result<Option<Login>, String> {
        let exact = self.auths.get(server);
        let auth = exact.or_else(|| {
            self.auths.iter().find(|(key, _)| host(key) == host(server)).map(|(_, auth)| auth)
        });
        let Some(auth) = auth else { return Ok(None) };
        if !auth.identitytoken.is_empty() {
            return Ok(Some(Login::Identity(Secret::new(&*auth.identitytoken))));
        }
        if !auth.auth.is_empty() {
            let wrong = || {
                format!(
                    "the credentials for {server} in Docker's configuration are no name and password"
                )
            };
            let decoded = STANDARD.decode(auth.auth.trim()).map_err(|_| wrong())?;
            let text = String::from_utf8(decoded).map_err(|_| wrong())?;
            let (user, password) = text.split_once(':').ok_or_else(wrong)?;
            let password = Secret::new(password.trim_end_matches('\0'));
            return Ok(Some(Login::Basic { user: user.to_owned(), password }));
        }
        let has_name = !auth.username.is_empty();
        Ok(has_name.then(|| Login::Basic {
            user: auth.username.clone(),
            password: Secret::new(&*auth.password),
        }))
    }
}

/// A server's host: keys are hosts or addresses, `https://index.docker.io/v1/`.
fn host(server: &str) -> &str {
    let rest = server.split_once("://").map_or(server, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(text: &str) -> Config {
        serde_json::from_str(text).unwrap()
    }

    fn told(config: &Config, server: &str) -> String {
        match config.login(server) {
            Ok(None) => "nobody".to_owned(),
            Ok(Some(Login::Basic { user, password })) => format!("{user}/{}", password.expose()),
            Ok(Some(Login::Identity(token))) => format!("token {}", token.expose()),
            Err(why) => why,
        }
    }

    #[test]
    fn reads_what_docker_writes() {
        let config = config(
            r#"{"auths": {
                "https://index.docker.io/v1/": {"auth": "aHViOnA6dw=="},
                "ghcr.io": {"username": "a", "password": "b"},
                "https://r.corp": {"identitytoken": "t"},
                "empty.io": {},
                "bad.io": {"auth": "c2VjcmV0"}
            }, "HttpHeaders": {"x": "y"}}"#,
        );
        assert_eq!(told(&config, "https://index.docker.io/v1/"), "hub/p:w");
        assert_eq!(told(&config, "ghcr.io"), "a/b");
        assert_eq!(told(&config, "r.corp"), "token t");
        assert_eq!(told(&config, "empty.io"), "nobody");
        assert_eq!(told(&config, "ghcr.io.evil.com"), "nobody");
        assert!(!told(&config, "bad.io").contains("secret"));
    }

    #[test]
    fn a_helper_of_one_registry_goes_before_the_store() {
        let config = config(r#"{"credsStore": "desktop", "credHelpers": {"a.io": "ecr-login"}}"#);
        assert_eq!(config.helper("a.io"), Some("ecr-login"));
        assert_eq!(config.helper("b.io"), Some("desktop"));
    }

    #[test]
    fn a_helper_without_a_name_is_the_file_itself() {
        let config = config(r#"{"credsStore": "", "credHelpers": {"a.io": ""}}"#);
        assert_eq!((config.helper("a.io"), config.helper("b.io")), (None, None));
    }

    #[test]
    fn a_wrong_file_is_told_without_its_content() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("config.json");
        assert!(Config::read(&file).is_ok());
        std::fs::write(&file, r#"{"auths": {"a.io": "hunter2"}}"#).unwrap();
        let said = Config::read(&file).err().unwrap();
        assert!(said.contains("line 1") && !said.contains("hunter2"), "{said}");
    }
}
