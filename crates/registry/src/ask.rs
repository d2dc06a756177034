//! One question to a registry: with a turn, a token, and as many attempts as make sense.

use crate::auth::Issuer;
use crate::challenge;
use crate::client::{Options, Stop};
use crate::failure::{Failure, Reason, harmless};
use crate::host::Host;
use crate::pace::NoTurn;
use crate::transport::{Answer, Question, Transport};
use crate::wait;
use serde::Deserialize;
use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};
use ureq::http::{Method, header};

/// So often is a question asked at most.
const ATTEMPTS: u32 = 5;
/// No wait between two attempts is longer, unless the registry wants it so.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What a question to a registry needs.
pub(crate) struct Asking<'a> {
    pub(crate) host: &'a Host,
    pub(crate) transport: &'a Transport,
    pub(crate) options: &'a Options,
    pub(crate) stop: &'a Stop,
}

/// A question to a registry.
pub(crate) struct Request<'a> {
    pub(crate) method: Method,
    /// The repository that the question is about.
    pub(crate) repository: &'a str,
    /// What follows the endpoint, from `/v2/` on.
    pub(crate) path: &'a str,
    pub(crate) accept: &'a str,
    pub(crate) longest: u64,
}

/// What became of one attempt.
enum Attempt {
    /// The registry's word: found, or not found.
    Done(Answer),
    /// No other attempt would change it.
    Final(Failure),
    /// Another attempt may; perhaps the registry says when.
    Again(Failure, Option<Duration>),
    /// It wants to know who asks, and can be told.
    Challenged,
}

impl Asking<'_> {
    /// Asks until there is an answer of status 200, 404, 400, 405 or 501, or none to expect.
    pub(crate) fn ask(&self, request: &Request<'_>) -> Result<Answer, Failure> {
        if let Some(failure) = self.host.given_up() {
            return Err(failure);
        }
        let mut last: Option<Failure> = None;
        let mut challenges = 0;
        let mut attempt = 0;
        while attempt < ATTEMPTS {
            let failed = match self.attempt(request, &mut challenges, last.as_ref())? {
                Attempt::Done(answer) => {
                    self.host.answered();
                    return Ok(answer);
                }
                Attempt::Final(failure) => {
                    // Being refused is an answer, too.
                    if failure.reason == Reason::Unauthorised {
                        self.host.answered();
                    }
                    return Err(failure);
                }
                Attempt::Challenged => continue,
                Attempt::Again(failure, wait) => {
                    attempt += 1;
                    self.hold_back(attempt, &failure, wait);
                    failure
                }
            };
            last = Some(failed);
        }
        let failure = last.unwrap_or_else(|| Failure::unreachable("no answer"));
        self.host.failed(&failure);
        Err(failure)
    }

    /// Waits before the next attempt: the whole registry, where it is it that wants so.
    fn hold_back(&self, attempt: u32, failure: &Failure, wait: Option<Duration>) {
        let longest =
            self.options.back_off.saturating_mul(1 << (attempt - 1).min(10)).min(LONGEST_WAIT);
        // Half of it by chance, so that those who failed together do not come back together.
        let wait = wait.unwrap_or_else(|| longest / 2 + (longest / 2).mul_f64(chance()));
        if failure.reason == Reason::Throttled {
            self.host.pace.pause(wait);
            return;
        }
        if attempt == ATTEMPTS {
            return;
        }
        let until = (Instant::now() + wait).min(self.options.deadline);
        while Instant::now() < until && !self.stop.is_stopped() {
            let left = until.saturating_duration_since(Instant::now());
            std::thread::sleep(left.min(Duration::from_millis(100)));
        }
    }

    fn attempt(
        &self,
        request: &Request<'_>,
        challenges: &mut u32,
        last: Option<&Failure>,
    ) -> Result<Attempt, Failure> {
        let turn = self
            .host
            .pace
            .turn(self.options.deadline, || self.stop.is_stopped())
            .map_err(|no_turn| self.out_of_time(no_turn, last))?;
        let patience = self.options.deadline.saturating_duration_since(Instant::now());
        let patience = patience.min(self.options.patience);
        let issuer = Issuer { transport: self.transport, endpoint: &self.host.endpoint, patience };
        let sent = match self.host.auth.header(request.repository, &issuer) {
            Ok(sent) => sent,
            Err(failure) if failure.reason == Reason::Unauthorised => {
                turn.answered();
                return Ok(Attempt::Final(failure));
            }
            Err(failure) => return Ok(Attempt::Again(failure, None)),
        };
        let address = format!("{}{}", self.host.endpoint.base, request.path);
        let answer = self.transport.ask(
            &self.host.endpoint,
            &Question {
                method: request.method.clone(),
                address: &address,
                accept: request.accept,
                authorization: sent.as_ref(),
                form: None,
                longest: request.longest,
                patience,
            },
        );
        let mut answer = match answer {
            Ok(answer) => answer,
            Err(failure) if failure.reason == Reason::Unauthorised => {
                turn.answered();
                return Ok(Attempt::Final(failure));
            }
            Err(failure) => return Ok(Attempt::Again(failure, None)),
        };
        if !answer.status.is_success() {
            // What complains may repeat what it was sent.
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            answer.body = self.host.auth.hide(&text, sent.as_ref()).into_bytes();
        }
        let limit = wait::rate_limit(&answer.headers);
        if let Some(per_second) = limit.per_second {
            self.host.pace.at_most(per_second);
        }
        if let Some(wait) = limit.exhausted {
            self.host.pace.pause(wait);
        }
        let said = |what: &str| {
            let words = words(&answer.body);
            let status = answer.status.as_u16();
            match words.is_empty() {
                true => format!("{what} ({status})"),
                false => format!("{what} ({status}): {words}"),
            }
        };
        let throttled = || {
            self.host.pace.slow_down(turn.began);
            Attempt::Again(
                Failure::new(Reason::Throttled, said("the registry wants to be asked less often")),
                wait::retry_after(&answer.headers),
            )
        };
        let attempt = match answer.status.as_u16() {
            429 => throttled(),
            // Some complain with another status.
            400..500 if is_throttling(&answer.body) => throttled(),
            200 | 404 | 400 | 405 | 501 => Attempt::Done(answer),
            401 => {
                let values = answer.headers.get_all(header::WWW_AUTHENTICATE);
                let challenge = challenge::choose(values.iter().filter_map(|v| v.to_str().ok()));
                // A first token, and one more where that had expired.
                *challenges += 1;
                let again = *challenges <= 2
                    && challenge.is_some_and(|challenge| {
                        self.host.auth.challenged(request.repository, challenge, sent.as_ref())
                    });
                let what = match self.host.auth.is_known() {
                    true => "the registry refuses the credentials",
                    false => "the registry wants credentials",
                };
                match again {
                    true => Attempt::Challenged,
                    false => Attempt::Final(Failure::new(Reason::Unauthorised, said(what))),
                }
            }
            403 => Attempt::Final(Failure::new(
                Reason::Unauthorised,
                said("the registry does not permit it"),
            )),
            500..600 => Attempt::Again(
                Failure::unreachable(said("the registry has an error of its own")),
                wait::retry_after(&answer.headers).filter(|wait| *wait <= LONGEST_WAIT),
            ),
            _ => Attempt::Final(Failure::unreachable(said("an answer that no registry gives"))),
        };
        // Only now is known what the registry wants of those who wait for the first answer.
        turn.answered();
        Ok(attempt)
    }

    /// What is known when no turn comes any more.
    fn out_of_time(&self, no_turn: NoTurn, last: Option<&Failure>) -> Failure {
        match (no_turn, last) {
            (_, Some(last)) => last.clone(),
            (NoTurn::AskedToWait(wait), None) => Failure::new(
                Reason::Throttled,
                format!("the registry wants to be left alone for another {} s", wait.as_secs()),
            ),
            (NoTurn::Over, None) => {
                Failure::new(Reason::NotAsked, "the run was over before it was asked")
            }
        }
    }
}

/// A number between 0 and 1.
fn chance() -> f64 {
    // The keys of a new hasher are the randomness that the standard library has.
    let random = RandomState::new().hash_one(());
    (random >> 11) as f64 / (1_u64 << 53) as f64
}

/// How registries tell what went wrong.
#[derive(Deserialize)]
struct Errors {
    errors: Vec<RegistryError>,
}

/// One of the things that went wrong.
#[derive(Deserialize)]
pub(crate) struct RegistryError {
    pub(crate) code: String,
    #[serde(default)]
    message: Option<String>,
}

/// The errors that a registry names in its own format; none where the body is anything else.
pub(crate) fn errors(body: &[u8]) -> Vec<RegistryError> {
    serde_json::from_slice(body).map(|errors: Errors| errors.errors).unwrap_or_default()
}

fn is_throttling(body: &[u8]) -> bool {
    errors(body).iter().any(|error| error.code.eq_ignore_ascii_case("toomanyrequests"))
}

/// A registry's own words in an error, harmless to print.
pub(crate) fn words(body: &[u8]) -> String {
    let errors = errors(body);
    let Some(error) = errors.first() else {
        // A page of a proxy tells more by its beginning than by its absence.
        let text = String::from_utf8_lossy(&body[..body.len().min(1000)]);
        return if text.trim_start().starts_with('<') { String::new() } else { harmless(&text) };
    };
    match error.message.as_deref().filter(|message| !message.is_empty()) {
        Some(message) => harmless(&format!("{}: {message}", error.code)),
        None => harmless(&error.code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_the_registrys() {
        let body = br#"{"errors":[{"code":"NAME_UNKNOWN","message":"no \u001b[31msuch"}]}"#;
        assert_eq!(words(body), "NAME_UNKNOWN: no [31msuch");
        assert_eq!(words(br#"{"errors":[{"code":"DENIED"}]}"#), "DENIED");
        assert_eq!(words(b"<html>404"), "");
        assert_eq!(words(b"toomanyrequests: Rate exceeded"), "toomanyrequests: Rate exceeded");
        assert!(is_throttling(br#"{"errors":[{"code":"TOOMANYREQUESTS","message":"x"}]}"#));
        assert!(!is_throttling(b"{}"));
    }

    #[test]
    fn chance_is_between_0_and_1() {
        let chances: Vec<f64> = (0..100).map(|_| chance()).collect();
        assert!(chances.iter().all(|chance| (0.0..1.0).contains(chance)));
        assert!(chances.iter().any(|chance| *chance != chances[0]));
    }
}
