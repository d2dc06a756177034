//! What nobody may read.

/// A text that is sent and never shown: it has no `Debug` and no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

impl Secret {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the one who sends it.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// A text in which the secret may have been repeated, without it. A registry can send
    /// back what it was sent.
    pub(crate) fn hide_in(&self, text: &str) -> String {
        // What is as short as this stands in ordinary words.
        if self.0.len() < 4 { text.to_owned() } else { text.replace(&self.0, "[hidden]") }
    }
}
