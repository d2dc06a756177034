//! Replacements: where an image is to be pulled from instead.

use crate::name::Name;
use crate::pattern::{ImagePattern, PatternError};
use crate::reference::Reference;

/// A pattern and what its images become.
///
/// Each wildcard of `to` takes what the wildcard at its place in `from` matched.
/// Tag and digest stay.
///
/// ```
/// use image_ref::{Reference, Replacement};
///
/// let replacement = Replacement::new("docker.io/library/*", "public.ecr.aws/docker/library/*")?;
/// let image = Reference::parse("busybox:1.36").unwrap();
/// assert_eq!(replacement.apply(&image).as_deref(), Some("public.ecr.aws/docker/library/busybox:1.36"));
/// # Ok::<(), image_ref::PatternError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Replacement {
    from: ImagePattern,
    to: String,
}

impl Replacement {
    /// A replacement of the images of a pattern.
    ///
    /// # Errors
    /// When `from` is no pattern; see [`Replacement::check_target`] for `to`.
    pub fn new(from: &str, to: &str) -> Result<Self, PatternError> {
        let from = ImagePattern::parse(from)?;
        Self::check_target(&from, to)?;
        Ok(Self { from, to: to.to_owned() })
    }

    /// Tells whether a target fits a pattern.
    ///
    /// # Errors
    /// When `to` has another number of wildcards than the pattern, or is no image
    /// name once they are filled in. The span is one of `to`.
    pub fn check_target(from: &ImagePattern, to: &str) -> Result<(), PatternError> {
        let (wanted, given) = (from.wildcards(), pieces(to).len() - 1);
        if wanted != given {
            let message =
                format!("`from` has {wanted} wildcards in its repository and this has {given}");
            return Err(PatternError::new(0..to.len(), message));
        }
        let sample = pieces(to).join("x");
        let name = Name::parse(&sample);
        name.map(|_| ()).map_err(|error| {
            PatternError::new(0..to.len(), format!("this is no image name: {error}"))
        })
    }

    /// The pattern.
    pub fn from(&self) -> &ImagePattern {
        &self.from
    }

    /// The target as written.
    pub fn to(&self) -> &str {
        &self.to
    }

    /// The target as a pattern over what images become: a wildcard of `from` may have
    /// matched several parts, whichever one takes that.
    pub fn target(&self) -> Option<ImagePattern> {
        ImagePattern::parse(&pieces(&self.to).join("**")).ok()
    }

    /// What an image becomes; `None` when it does not match.
    pub fn apply(&self, image: &Reference) -> Option<String> {
        let mut captures = self.from.captures(&image.name())?.into_iter();
        let mut text = String::new();
        for (index, piece) in pieces(&self.to).iter().enumerate() {
            if index > 0 {
                text.push_str(&captures.next()?);
            }
            text.push_str(piece);
        }
        text.push_str(image.version());
        Some(text)
    }
}

/// The text between the wildcards of a target.
fn pieces(to: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = to;
    while let Some(star) = rest.find('*') {
        pieces.push(&rest[..star]);
        rest = &rest[star..];
        rest = rest.strip_prefix("**").unwrap_or(&rest[1..]);
    }
    pieces.push(rest);
    pieces
}
