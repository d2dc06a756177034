//! Who asks: the answer to a registry's challenge, with one token for each scope.

use crate::challenge::Challenge;
use crate::credentials::Login;
use crate::endpoint::Endpoint;
use crate::failure::{Failure, Reason};
use crate::secret::Secret;
use crate::transport::{Question, Transport};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use ureq::http::Method;

/// A token lives so long where its issuer does not say, as the protocol has it.
const USUAL_LIFE: Duration = Duration::from_secs(60);
/// A token is not used in its last seconds.
const MARGIN: Duration = Duration::from_secs(5);
/// No longer answer of an issuer is read, in bytes.
const LONGEST: u64 = 1 << 20;

/// How one registry is answered.
pub(crate) struct Auth {
    login: Option<Login>,
    /// What the registry wants, once it has said so, and of which repository it spoke.
    challenge: Mutex<Option<(Challenge, String)>>,
    /// The token of each scope. Who needs one that is being fetched waits for it.
    tokens: Mutex<HashMap<String, Arc<Mutex<Option<Token>>>>>,
}

struct Token {
    header: Secret,
    until: Instant,
}

/// What an issuer answers; it names the token in one of two ways.
#[derive(Deserialize)]
struct Issued {
    #[serde(default)]
    token: String,
    #[serde(default)]
    access_token: String,
    #[serde(default)]
    expires_in: Option<u64>,
}

/// How an issuer is asked.
pub(crate) struct Issuer<'a> {
    pub(crate) transport: &'a Transport,
    pub(crate) endpoint: &'a Endpoint,
    pub(crate) patience: Duration,
}

impl Auth {
    pub(crate) fn new(login: Option<Login>) -> Self {
        Self { login, challenge: Mutex::default(), tokens: Mutex::default() }
    }

    /// Whether credentials are at hand.
    pub(crate) fn is_known(&self) -> bool {
        self.login.is_some()
    }

    /// The header to send with a question about a repository, as far as is known what the
    /// registry wants; a token is fetched where one is needed.
    pub(crate) fn header(
        &self,
        repository: &str,
        issuer: &Issuer<'_>,
    ) -> Result<Option<Secret>, Failure> {
        let Some((challenge, of)) = lock(&self.challenge).clone() else { return Ok(None) };
        match challenge {
            Challenge::Basic => Ok(self.basic()),
            Challenge::Bearer { realm, service, scope } => {
                let scope = scope_of(repository, scope.as_deref(), &of);
                let slot = Arc::clone(lock(&self.tokens).entry(scope.clone()).or_default());
                let mut token = lock(&slot);
                if let Some(token) = token.as_ref().filter(|token| Instant::now() < token.until) {
                    return Ok(Some(token.header.clone()));
                }
                let new = self.fetch(&realm, service.as_deref(), &scope, issuer)?;
                let header = new.header.clone();
                *token = Some(new);
                Ok(Some(header))
            }
        }
    }

    /// Takes note of a challenge to a question that was sent with `sent`. Says whether it
    /// makes sense to ask again.
    pub(crate) fn challenged(
        &self,
        repository: &str,
        challenge: Challenge,
        sent: Option<&Secret>,
    ) -> bool {
        let answerable = match &challenge {
            Challenge::Basic => self.basic().is_some() && sent.is_none(),
            Challenge::Bearer { .. } => true,
        };
        if let (Challenge::Bearer { scope, .. }, Some(sent)) = (&challenge, sent) {
            let scope = scope_of(repository, scope.as_deref(), repository);
            let slot = Arc::clone(lock(&self.tokens).entry(scope).or_default());
            let mut token = lock(&slot);
            // Another thread may have renewed it meanwhile.
            if token.as_ref().is_some_and(|token| token.header == *sent) {
                *token = None;
            }
        }
        *lock(&self.challenge) = Some((challenge, repository.to_owned()));
        answerable
    }

    /// A text without what was sent to get it.
    pub(crate) fn hide(&self, text: &str, sent: Option<&Secret>) -> String {
        let mut text = text.to_owned();
        if let Some(sent) = sent {
            text = sent.hide_in(&text);
            let bare = sent.expose().split_once(' ').map_or("", |(_, bare)| bare);
            text = Secret::new(bare).hide_in(&text);
        }
        match &self.login {
            Some(Login::Basic { password, .. }) => password.hide_in(&text),
            Some(Login::Identity(token)) => token.hide_in(&text),
            None => text,
        }
    }

    fn basic(&self) -> Option<Secret> {
        match &self.login {
            Some(Login::Basic { user, password }) => {
                let pair = format!("{user}:{}", password.expose());
                Some(Secret::new(format!("Basic {}", STANDARD.encode(pair))))
            }
            _ => None,
        }
    }

    fn fetch(
        &self,
        realm: &str,
        service: Option<&str>,
        scope: &str,
        issuer: &Issuer<'_>,
    ) -> Result<Token, Failure> {
        let mut query = String::new();
        for (name, value) in [("service", service), ("scope", Some(scope))] {
            if let Some(value) = value {
                let mark = if query.is_empty() { "" } else { "&" };
                query.push_str(&format!("{mark}{name}={}", encoded(value)));
            }
        }
        let basic = self.basic();
        let mut form = None;
        let mut address = realm.to_owned();
        let mut method = Method::GET;
        if let Some(Login::Identity(token)) = &self.login {
            let token = encoded(token.expose());
            form = Some(Secret::new(format!(
                "grant_type=refresh_token&client_id=chart-images&refresh_token={token}&{query}"
            )));
            method = Method::POST;
        } else {
            address.push(if realm.contains('?') { '&' } else { '?' });
            address.push_str(&query);
        }
        let answer = issuer.transport.ask(
            issuer.endpoint,
            &Question {
                method,
                address: &address,
                accept: "application/json",
                authorization: basic.as_ref(),
                form: form.as_ref(),
                longest: LONGEST,
                patience: issuer.patience,
            },
        )?;
        let place = realm.split('?').next().unwrap_or(realm);
        let refused = |reason, what: &str| {
            let text = String::from_utf8_lossy(&answer.body);
            let words = crate::ask::words(self.hide(&text, basic.as_ref()).as_bytes());
            let words = if words.is_empty() { String::new() } else { format!(": {words}") };
            Failure::new(reason, format!("{place} {what} ({}){words}", answer.status.as_u16()))
        };
        match answer.status.as_u16() {
            200 => {}
            401 | 403 if self.is_known() => {
                return Err(refused(Reason::Unauthorised, "refuses the credentials"));
            }
            401 | 403 => {
                return Err(refused(Reason::Unauthorised, "gives no token to a stranger"));
            }
            429 => return Err(refused(Reason::Throttled, "gives no token now")),
            _ => return Err(refused(Reason::Unreachable, "gives no token")),
        }
        let issued: Issued = serde_json::from_slice(&answer.body)
            .map_err(|_| Failure::unreachable(format!("the token of {place} cannot be read")))?;
        let token = if issued.token.is_empty() { issued.access_token } else { issued.token };
        let plain = |c: char| c.is_ascii_graphic();
        if token.is_empty() || !token.chars().all(plain) {
            return Err(Failure::unreachable(format!("{place} gives no token")));
        }
        let life = issued.expires_in.map_or(USUAL_LIFE, Duration::from_secs).max(USUAL_LIFE);
        let until = Instant::now() + life.min(Duration::from_secs(24 * 3600)) - MARGIN;
        Ok(Token { header: Secret::new(format!("Bearer {token}")), until })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The scope of a repository, after that which the registry named for another one: where it
/// names no repository, all share one token.
fn scope_of(repository: &str, scope: Option<&str>, of: &str) -> String {
    match scope {
        None => format!("repository:{repository}:pull"),
        Some(scope) => {
            scope.replace(&format!("repository:{of}:"), &format!("repository:{repository}:"))
        }
    }
}

/// A value of a query.
fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            // Issuers read these either way, and people read them better so.
            b':' | b'/' | b',' => encoded.push(char::from(byte)),
            byte => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_without_a_repository_is_shared() {
        assert_eq!(scope_of("a/b", None, "x"), "repository:a/b:pull");
        assert_eq!(scope_of("a/b", Some("aws"), "x"), "aws");
        let named = "repository:x/y:pull";
        assert_eq!(scope_of("a/b", Some(named), "x/y"), "repository:a/b:pull");
    }

    #[test]
    fn a_query_cannot_be_extended() {
        assert_eq!(encoded("repository:a/b:pull"), "repository:a/b:pull");
        assert_eq!(encoded("a&b=c d#é"), "a%26b%3Dc%20d%23%C3%A9");
    }

    #[test]
    fn what_was_sent_is_not_shown() {
        let login = Login::Basic { user: "me".into(), password: Secret::new("hunter2") };
        let auth = Auth::new(Some(login));
        let sent = Secret::new("Bearer abc.def");
        let said = auth.hide("bad token abc.def of hunter2 (Bearer abc.def)", Some(&sent));
        assert_eq!(said, "bad token [hidden] of [hidden] ([hidden])");
    }
}
