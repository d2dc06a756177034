//! What registries do wrong, and what becomes of it: the right answer with a clear message,
//! nothing that hangs, no credential elsewhere, no memory without a bound.
#![allow(clippy::unwrap_used)]

#[path = "../server/mod.rs"]
mod server;

mod answers;
mod credentials;
mod manners;
mod wrong;

use registry::credentials::Credentials;
use registry::{Client, Failure, Image, Options, Reason, Settings, Stop};
use server::{Reply, Server};
use sha2::{Digest as _, Sha256};
use std::time::Duration;

/// The name under which the tests ask their server.
const NAME: &str = "registry.test";

/// The digest of a body.
fn digest(body: &[u8]) -> String {
    let hex: String = Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

/// A reply with a body and its digest.
fn content(body: impl Into<Vec<u8>>) -> Reply {
    let body = body.into();
    let digest = digest(&body);
    Reply::new(200, body).with("Docker-Content-Digest", digest)
}

fn image(repository: &str, version: &str) -> Image {
    Image { registry: NAME.into(), repository: repository.into(), version: version.into() }
}

/// Options of a run that asks an address instead of [`NAME`], and has no patience.
fn options(address: &str) -> Options {
    let mut options = Options::new(Credentials::none(), Duration::from_secs(20));
    options.back_off = Duration::from_millis(1);
    options.patience = Duration::from_secs(5);
    let endpoint = match address.contains("://") {
        true => address.to_owned(),
        false => format!("http://{address}"),
    };
    options
        .settings
        .insert(NAME.into(), Settings { endpoint: Some(endpoint), ..Settings::default() });
    options
}

fn client(server: &Server) -> Client {
    Client::new(options(&server.address), Stop::default())
}

/// The reason why an image has no digest, whose words hold these.
fn fails(client: &Client, reason: Reason, words: &str) -> Failure {
    let failure = client.digest(&image("a/b", "1")).unwrap_err();
    assert_eq!(failure.reason, reason, "{failure}");
    assert!(failure.said.contains(words), "{failure}");
    failure
}
