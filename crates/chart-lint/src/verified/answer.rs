//! What a verification can find.

use serde::{Deserialize, Serialize};

/// What was found of a target. The answers are never mixed: what could not be asked is not
/// missing, and what could not be compared is not the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// The target has the image's digest: it is the same, byte for byte. Also said of an
    /// image that nothing replaces and that is there.
    Identical,
    /// The digests differ, and every platform of the image has the same manifest or the
    /// same configuration in the target.
    SamePlatforms,
    /// The target is there and is another image, or lacks a platform.
    Different,
    /// The registry has the repository, and not this tag or digest.
    MissingTag,
    /// The registry has no such repository.
    MissingRepository,
    /// The registry does not tell this to who asked.
    Unauthorised,
    /// The registry wants to be asked less often, or later.
    Throttled,
    /// No answer that could be used: no connection, an error of the registry's own, an
    /// answer that is cut, too large or wrong.
    Unreachable,
    /// The target is there; what it replaces is not known, so nothing can be compared.
    UnknownSource,
}

impl Answer {
    /// All, in the order in which they are told.
    pub const ALL: [Self; 9] = [
        Self::Identical,
        Self::SamePlatforms,
        Self::Different,
        Self::MissingTag,
        Self::MissingRepository,
        Self::Unauthorised,
        Self::Throttled,
        Self::Unreachable,
        Self::UnknownSource,
    ];

    /// The word for it in machine output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Identical => "identical",
            Self::SamePlatforms => "same-platforms",
            Self::Different => "different",
            Self::MissingTag => "missing-tag",
            Self::MissingRepository => "missing-repository",
            Self::Unauthorised => "unauthorised",
            Self::Throttled => "throttled",
            Self::Unreachable => "unreachable",
            Self::UnknownSource => "unknown-source",
        }
    }

    /// The registry itself says that the target is not there.
    pub fn is_missing(self) -> bool {
        matches!(self, Self::MissingTag | Self::MissingRepository)
    }

    /// An image that moves to the target stays what it is on every platform that it has.
    pub fn is_same(self) -> bool {
        matches!(self, Self::Identical | Self::SamePlatforms)
    }

    /// Nothing is known yet: asked again, the answer may be another one.
    pub fn is_unknown(self) -> bool {
        !self.is_missing() && !self.is_same() && self != Self::Different
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_has_the_same_words() {
        for answer in Answer::ALL {
            let word = serde_json::to_string(&answer).unwrap();
            assert_eq!(word, format!("\"{}\"", answer.as_str()));
        }
    }

    #[test]
    fn each_answer_is_same_different_missing_or_unknown() {
        for answer in Answer::ALL {
            let kinds = [
                answer.is_missing(),
                answer.is_same(),
                answer.is_unknown(),
                answer == Answer::Different,
            ];
            assert_eq!(kinds.iter().filter(|&&kind| kind).count(), 1, "{answer:?}");
        }
    }
}
