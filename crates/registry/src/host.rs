//! What is remembered of one registry during a run.

use crate::auth::Auth;
use crate::credentials::Credentials;
use crate::endpoint::{Endpoint, Settings, is_loopback};
use crate::failure::{Failure, Reason};
use crate::pace::Pace;
use std::sync::{Mutex, PoisonError};

/// So many questions in a row without an answer, and the rest is not asked.
const MOST_FAILURES: usize = 3;

/// A registry that is asked.
pub(crate) struct Host {
    pub(crate) endpoint: Endpoint,
    pub(crate) pace: Pace,
    pub(crate) auth: Auth,
    /// The failures since the last answer, and the last of them.
    failures: Mutex<(usize, Option<Failure>)>,
}

impl Host {
    pub(crate) fn of(
        registry: &str,
        settings: &Settings,
        credentials: &Credentials,
    ) -> Result<Self, Failure> {
        let endpoint = Endpoint::of(registry, settings).map_err(Failure::unreachable)?;
        // What stands in for a registry is another host, and gets no credentials of it.
        let server = if settings.endpoint.is_some() { endpoint.host() } else { registry };
        let login =
            credentials.login(server).map_err(|why| Failure::new(Reason::Unauthorised, why))?;
        let auth = Auth::new(login);
        let (at_once, per_second) = manners(registry, &endpoint, auth.is_known());
        let pace =
            Pace::new(settings.at_once.unwrap_or(at_once), settings.per_second.or(per_second));
        Ok(Self { endpoint, pace, auth, failures: Mutex::default() })
    }

    /// The registry answered.
    pub(crate) fn answered(&self) {
        *self.failures() = (0, None);
    }

    /// It did not, after all attempts.
    pub(crate) fn failed(&self, failure: &Failure) {
        let mut failures = self.failures();
        *failures = (failures.0 + 1, Some(failure.clone()));
    }

    /// Why it makes no sense to ask it any more.
    pub(crate) fn given_up(&self) -> Option<Failure> {
        let failures = self.failures();
        let last = failures.1.clone().filter(|_| failures.0 >= MOST_FAILURES)?;
        Some(Failure::new(last.reason, format!("not asked again: {last}")))
    }

    fn failures(&self) -> std::sync::MutexGuard<'_, (usize, Option<Failure>)> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many requests at once and in a second suit a registry that nothing else is said of.
fn manners(registry: &str, endpoint: &Endpoint, is_known: bool) -> (usize, Option<f64>) {
    if is_loopback(endpoint.host()) {
        return (16, None);
    }
    match registry {
        // The quotas of ECR Public: once a second for strangers, ten times for others.
        "public.ecr.aws" | "ecr-public.aws.com" if is_known => (4, Some(10.0)),
        "public.ecr.aws" | "ecr-public.aws.com" => (1, Some(1.0)),
        // Docker Hub counts pulls, which these are not, and frowns on floods.
        "docker.io" => (4, Some(10.0)),
        _ => (8, Some(20.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_is_asked_as_often_as_suits_it() {
        let manners = |registry: &str, is_known| {
            let endpoint = Endpoint::of(registry, &Settings::default()).unwrap();
            super::manners(registry, &endpoint, is_known)
        };
        assert_eq!(manners("public.ecr.aws", false), (1, Some(1.0)));
        assert_eq!(manners("public.ecr.aws", true), (4, Some(10.0)));
        assert_eq!(manners("docker.io", false), (4, Some(10.0)));
        assert_eq!(manners("127.0.0.1:5000", false), (16, None));
    }

    #[test]
    fn a_dead_registry_is_given_up() {
        let host = Host::of("a.io", &Settings::default(), &Credentials::none()).ok().unwrap();
        let failure = Failure::unreachable("no connection");
        for _ in 0..MOST_FAILURES {
            assert_eq!(host.given_up(), None);
            host.failed(&failure);
        }
        assert_eq!(host.given_up().unwrap().said, "not asked again: no connection");
        host.answered();
        assert_eq!(host.given_up(), None);
    }
}
