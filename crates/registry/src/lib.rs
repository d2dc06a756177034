//! A client of the [OCI distribution API] for the few questions that are asked here: does
//! an image exist, what is its digest, which platforms has it, is it the same as another.
//!
//! It minds its manners: it asks for a header before a body, keeps to a pace for each
//! registry, waits when it is told to wait, and asks for each digest once. What a registry
//! answers is told apart from what kept it from answering: only its own "not found" is
//! [`Reason::MissingTag`] or [`Reason::MissingRepository`].
//!
//! Registries are not trusted: what they send is bounded, checked against its digest and
//! stripped of control characters, and credentials never follow a redirect to another host.
//!
//! [OCI distribution API]: https://github.com/opencontainers/distribution-spec
#![deny(missing_docs)]

mod ask;
mod auth;
mod challenge;
mod client;
mod compare;
pub mod credentials;
mod digest;
mod endpoint;
mod failure;
mod host;
mod image;
mod manifest;
mod pace;
mod secret;
mod transport;
mod wait;

pub use client::{Client, Options, Stop};
pub use compare::{Comparison, Uncompared};
pub use digest::is_digest;
pub use endpoint::{Settings, is_loopback};
pub use failure::{Failure, Reason};
pub use image::Image;
pub use manifest::Platform;
