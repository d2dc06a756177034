//! Questions about images, each asked once.

use crate::ask::{self, Asking, Request};
use crate::credentials::Credentials;
use crate::digest;
use crate::endpoint::Settings;
use crate::failure::{Failure, Reason};
use crate::host::Host;
use crate::image::Image;
use crate::manifest::{KINDS, LONGEST, Manifest, Platform, platform_of};
use crate::transport::{Answer, Transport};
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use ureq::http::Method;

/// How a run asks.
pub struct Options {
    /// What is known of registries, by their name.
    pub settings: HashMap<String, Settings>,
    /// How one is known to them.
    pub credentials: Credentials,
    /// When the run ends; nothing waits longer.
    pub deadline: Instant,
    /// How long one request may take.
    pub patience: Duration,
    /// The wait before a second attempt; it doubles before each other one.
    pub back_off: Duration,
}

impl Options {
    /// As a run of so long does usually.
    pub fn new(credentials: Credentials, time: Duration) -> Self {
        Self {
            settings: HashMap::new(),
            credentials,
            deadline: Instant::now() + time,
            patience: Duration::from_secs(30),
            back_off: Duration::from_millis(500),
        }
    }
}

/// Ends a run before its time, from any thread.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Nothing more is asked.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was stopped.
    pub fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Asks registries. Any number of threads may use it.
pub struct Client {
    transport: Transport,
    options: Options,
    stop: Stop,
    hosts: Memo<String, Result<Arc<Host>, Failure>>,
    digests: Memo<Image, Result<String, Failure>>,
    manifests: Memo<Image, Result<(String, Arc<Manifest>), Failure>>,
    platforms: Memo<Image, Result<Platform, Failure>>,
}

impl Client {
    /// A client with the proxies and certificates of the environment.
    pub fn new(options: Options, stop: Stop) -> Self {
        Self {
            transport: Transport::from_environment(),
            options,
            stop,
            hosts: Memo::default(),
            digests: Memo::default(),
            manifests: Memo::default(),
            platforms: Memo::default(),
        }
    }

    /// The digest of an image as its registry tells it: of the index, where there is one.
    ///
    /// # Errors
    /// Says why there is none.
    pub fn digest(&self, image: &Image) -> Result<String, Failure> {
        self.digests.get(image, || {
            let answer = self.ask(image, Method::HEAD, &manifest(image))?;
            let header = digest_header(&answer);
            match answer.status.as_u16() {
                200 => match (header, image.digest()) {
                    (Some(said), Some(asked)) if said != asked => {
                        Err(Failure::unreachable(format!("the registry gives {said} for {asked}")))
                    }
                    (Some(said), _) => Ok(said),
                    (None, _) => self.manifest(image).map(|(digest, _)| digest),
                },
                // Not every registry takes HEAD; and only a body says what is missing.
                _ => self.manifest(image).map(|(digest, _)| digest),
            }
        })
    }

    /// The digest of an image, held against the bytes of its manifest.
    ///
    /// # Errors
    /// Says why there is none.
    pub fn checked_digest(&self, image: &Image) -> Result<String, Failure> {
        self.manifest(image).map(|(digest, _)| digest)
    }

    /// The manifest of an image with its digest, which is that of its bytes.
    pub(crate) fn manifest(&self, image: &Image) -> Result<(String, Arc<Manifest>), Failure> {
        self.manifests.get(image, || {
            let answer = self.ask(image, Method::GET, &manifest(image))?;
            let digest = self.checked(image, &answer, "manifest")?;
            let manifest = Manifest::parse(&answer.body).map_err(Failure::unreachable)?;
            Ok((digest, Arc::new(manifest)))
        })
    }

    /// The platform that a configuration of an image's repository names.
    pub(crate) fn platform(&self, image: &Image, config: &str) -> Result<Platform, Failure> {
        let config = image.at(config);
        self.platforms.get(&config, || {
            let path = format!("/v2/{}/blobs/{}", config.repository, config.version);
            let answer = self.ask(&config, Method::GET, &path)?;
            self.checked(&config, &answer, "configuration")?;
            Ok(platform_of(&answer.body))
        })
    }

    /// The digest of a body that was found, held against what was asked and what is said.
    fn checked(&self, image: &Image, answer: &Answer, what: &str) -> Result<String, Failure> {
        match answer.status.as_u16() {
            200 => {}
            404 => return Err(self.missing(image, answer)),
            status => {
                let words = ask::words(&answer.body);
                let message = format!("the registry does not give the {what} ({status}): {words}");
                return Err(Failure::unreachable(message));
            }
        }
        let said = digest_header(answer);
        let wanted = image.digest().or(said.as_deref());
        let is = digest::of(&answer.body, wanted);
        match [image.digest(), said.as_deref()].into_iter().flatten().find(|said| *said != is) {
            Some(said) => Err(Failure::unreachable(format!(
                "the {what} that the registry gives for {said} has the digest {is}"
            ))),
            None => Ok(is),
        }
    }

    /// What a 404 says: only a registry's own words make it one.
    fn missing(&self, image: &Image, answer: &Answer) -> Failure {
        let errors = ask::errors(&answer.body);
        let Some(error) = errors.first() else {
            return Failure::unreachable("a 404 that is not in the words of a registry");
        };
        let words = ask::words(&answer.body);
        let code = error.code.to_ascii_uppercase();
        match &*code {
            "NAME_UNKNOWN" | "NAME_INVALID" => {
                return Failure::new(Reason::MissingRepository, words);
            }
            "MANIFEST_UNKNOWN" | "BLOB_UNKNOWN" | "NOT_FOUND" => {}
            "DENIED" | "UNAUTHORIZED" => return Failure::new(Reason::Unauthorised, words),
            _ => return Failure::unreachable(format!("a 404 for another reason: {words}")),
        }
        // Many say the same of a missing repository as of a missing tag: a list of its tags
        // tells them apart.
        let path = format!("/v2/{}/tags/list?n=1", image.repository);
        if let Ok(tags) = self.ask(image, Method::GET, &path)
            && tags.status.as_u16() == 404
            && let Some(error) = ask::errors(&tags.body).first()
            && matches!(&*error.code.to_ascii_uppercase(), "NAME_UNKNOWN" | "NOT_FOUND")
        {
            return Failure::new(Reason::MissingRepository, ask::words(&tags.body));
        }
        Failure::new(Reason::MissingTag, words)
    }

    fn ask(&self, image: &Image, method: Method, path: &str) -> Result<Answer, Failure> {
        let host = self.hosts.get(&image.registry, || {
            let settings = self.options.settings.get(&image.registry).cloned().unwrap_or_default();
            Host::of(&image.registry, &settings, &self.options.credentials).map(Arc::new)
        })?;
        let asking = Asking {
            host: &host,
            transport: &self.transport,
            options: &self.options,
            stop: &self.stop,
        };
        asking.ask(&Request {
            method,
            repository: &image.repository,
            path,
            accept: KINDS,
            longest: LONGEST,
        })
    }
}

fn manifest(image: &Image) -> String {
    format!("/v2/{}/manifests/{}", image.repository, image.version)
}

fn digest_header(answer: &Answer) -> Option<String> {
    let value = answer.headers.get("docker-content-digest")?.to_str().ok()?;
    digest::is_digest(value).then(|| value.to_owned())
}

/// Answers that are asked for once; who wants one that is under way waits for it.
struct Memo<K, V>(Mutex<HashMap<K, Arc<OnceLock<V>>>>);

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Clone + Eq + Hash, V: Clone> Memo<K, V> {
    fn get(&self, key: &K, ask: impl FnOnce() -> V) -> V {
        let slot = {
            let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(slots.entry(key.clone()).or_default())
        };
        slot.get_or_init(ask).clone()
    }
}
