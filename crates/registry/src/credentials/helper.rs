//! Programs that keep credentials: `docker-credential-NAME get`.

use super::Login;
use crate::failure::harmless;
use crate::secret::Secret;
use serde::Deserialize;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A helper that takes longer waits for something that nobody gives it.
const PATIENCE: Duration = Duration::from_secs(30);
/// No longer answer is read, in bytes.
const LONGEST: u64 = 1 << 20;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Given {
    username: String,
    secret: String,
}

/// Asks a helper for the credentials of a server. A helper that has none is no failure.
pub(super) fn ask(
    name: &str,
    server: &str,
    folder: Option<&Path>,
) -> Result<Option<Login>, String> {
    let program = format!("docker-credential-{name}");
    if name.contains(['/', '\\']) {
        return Err(format!("`{name}` is no name of a credential helper"));
    }
    let given = folder.map(|folder| folder.join(&program)).filter(|file| file.exists());
    let mut child = Command::new(given.unwrap_or_else(|| program.clone().into()))
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| match error.kind() {
            ErrorKind::NotFound => format!(
                "Docker's configuration keeps the credentials of {server} with {program}, which is not installed"
            ),
            _ => format!("{program} cannot be run: {error}"),
        })?;
    if let Some(mut input) = child.stdin.take() {
        // A helper that does not read still answers.
        input.write_all(server.as_bytes()).ok();
    }
    let reader = child.stdout.take().map(|output| {
        thread::spawn(move || {
            let mut text = String::new();
            output.take(LONGEST).read_to_string(&mut text).map(|_| text).unwrap_or_default()
        })
    });
    let good = ended(&mut child, &program)?;
    let text = reader.and_then(|reader| reader.join().ok()).unwrap_or_default();
    if !good {
        // As Docker's own client does: a helper that has nothing says so in these words.
        let none = text.contains("credentials not found") || text.contains("no credentials");
        return match none {
            true => Ok(None),
            false => {
                Err(format!("{program} gives no credentials for {server}: {}", harmless(&text)))
            }
        };
    }
    let given: Given = serde_json::from_str(&text)
        .map_err(|_| format!("{program} answers for {server} with no credentials"))?;
    if given.username.is_empty() && given.secret.is_empty() {
        return Ok(None);
    }
    let secret = Secret::new(given.secret);
    Ok(Some(match &*given.username {
        "<token>" => Login::Identity(secret),
        _ => Login::Basic { user: given.username, password: secret },
    }))
}

/// Waits for a helper's end; it is ended when it takes too long.
fn ended(child: &mut Child, program: &str) -> Result<bool, String> {
    let until = Instant::now() + PATIENCE;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.success()),
            Ok(None) if Instant::now() < until => thread::sleep(Duration::from_millis(5)),
            Ok(None) => {
                child.kill().ok();
                child.wait().ok();
                return Err(format!("{program} did not answer within {} s", PATIENCE.as_secs()));
            }
            Err(error) => return Err(format!("{program} cannot be run: {error}")),
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn told(script: &str) -> String {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("docker-credential-test");
        std::fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        match ask("test", "r.corp", Some(dir.path())) {
            Ok(None) => "nobody".to_owned(),
            Ok(Some(Login::Basic { user, password })) => format!("{user}/{}", password.expose()),
            Ok(Some(Login::Identity(token))) => format!("token {}", token.expose()),
            Err(why) => why,
        }
    }

    #[test]
    fn helpers_are_asked_as_docker_asks_them() {
        let answer = r#"read server; echo "{\"ServerURL\":\"$server\",\"Username\":\"$1-$server\",\"Secret\":\"s\"}""#;
        assert_eq!(told(answer), "get-r.corp/s");
        assert_eq!(told(r#"echo '{"Username":"<token>","Secret":"t"}'"#), "token t");
        assert_eq!(told("echo 'credentials not found in native keychain'; exit 1"), "nobody");
        assert!(told("echo 'the keyring is locked'; exit 1").contains("the keyring is locked"));
        assert!(!told(r#"echo '{"Username":"a","Secret":"hunter2"'"#).contains("hunter2"));
        assert!(ask("../x", "r", None).is_err());
        let missing = ask("surely-not-installed", "r", None).err().unwrap();
        assert!(missing.contains("docker-credential-surely-not-installed, which is not installed"));
    }
}
