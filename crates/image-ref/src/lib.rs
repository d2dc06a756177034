//! Container image references: parse, normalise, match, with the span of every part.
//!
//! The grammar is the one of [distribution/reference], which container runtimes use:
//! `[registry/]repository[:tag][@digest]`.
//!
//! ```
//! use image_ref::Reference;
//!
//! let image = Reference::parse("GHCR.IO/dexidp/dex:v2.42.0")?;
//! assert_eq!(image.registry(), Some("GHCR.IO"));
//! assert_eq!(image.tag(), Some("v2.42.0"));
//! assert_eq!(image.repository_span(), 8..18);
//! assert_eq!(image.name().to_string(), "ghcr.io/dexidp/dex");
//!
//! // What a reference leaves out is implied.
//! assert_eq!(Reference::parse("busybox")?.name().to_string(), "docker.io/library/busybox");
//!
//! // A wrong one says which character broke which rule.
//! let error = Reference::parse("docker.io//busybox").unwrap_err();
//! assert_eq!(error.span, 10..11);
//! # Ok::<(), image_ref::ParseError>(())
//! ```
//!
//! Patterns match registry and repository apart:
//!
//! ```
//! use image_ref::{ImagePattern, Name};
//!
//! let pattern = ImagePattern::parse("gcr.io/projectsigstore/**")?;
//! assert!(pattern.matches(&Name::new("gcr.io", "projectsigstore/fulcio")));
//! assert!(!pattern.matches(&Name::new("evil.com", "gcr.io/projectsigstore/fulcio")));
//! # Ok::<(), image_ref::PatternError>(())
//! ```
//!
//! [distribution/reference]: https://github.com/distribution/reference
#![deny(missing_docs)]

mod error;
mod glob;
mod name;
mod pattern;
mod reference;
mod replacement;

pub use error::{ParseError, Rule};
pub use name::{Name, normalize_registry};
pub use pattern::{ImagePattern, PatternError, RegistryPattern};
pub use reference::Reference;
pub use replacement::Replacement;
