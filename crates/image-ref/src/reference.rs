//! The grammar of references.

use crate::error::{ParseError, Rule};
use crate::name::{DEFAULT_REGISTRY, Name};
use std::fmt;
use std::ops::Range;

/// The longest repository path, in bytes. distribution/reference counts the path alone.
const LONGEST_REPOSITORY: usize = 255;
/// The longest tag, in bytes.
const LONGEST_TAG: usize = 128;

/// An image reference as written, its parts as byte ranges in its text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    text: String,
    /// The end of the registry; 0 when there is none.
    registry: usize,
    repository: (usize, usize),
    tag: Option<(usize, usize)>,
    digest: Option<usize>,
}

impl Reference {
    /// Parses a text.
    ///
    /// # Errors
    /// Says which bytes break which rule of the grammar.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let parser = Parser { text };
        parser.whole_text()?;
        let (name, digest) = match text.split_once('@') {
            Some((name, _)) => (name, Some(name.len() + 1)),
            None => (text, None),
        };
        let registry = parser.registry(name)?;
        let start = registry.map_or(0, |end| end + 1);
        let last_slash = name[start..].rfind('/').map_or(start, |i| start + i);
        let colon = name[last_slash..].find(':').map(|i| last_slash + i);
        let end = colon.unwrap_or(name.len());
        parser.repository(start..end, registry.is_some())?;
        let tag = colon.map(|colon| (colon + 1, name.len()));
        if let Some((from, to)) = tag {
            parser.tag(from..to)?;
        }
        if let Some(digest) = digest {
            parser.digest(digest)?;
        }
        Ok(Self {
            text: text.to_owned(),
            registry: registry.unwrap_or(0),
            repository: (start, end),
            tag,
            digest,
        })
    }

    /// The text as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The registry as written; `None` when it is implied.
    pub fn registry(&self) -> Option<&str> {
        self.registry_span().map(|span| &self.text[span])
    }

    /// The repository as written, without the `library/` that Docker Hub implies.
    pub fn repository(&self) -> &str {
        &self.text[self.repository_span()]
    }

    /// The tag, when there is one.
    pub fn tag(&self) -> Option<&str> {
        self.tag_span().map(|span| &self.text[span])
    }

    /// The digest with its algorithm, when there is one.
    pub fn digest(&self) -> Option<&str> {
        self.digest_span().map(|span| &self.text[span])
    }

    /// The bytes of the registry.
    pub fn registry_span(&self) -> Option<Range<usize>> {
        (self.registry > 0).then_some(0..self.registry)
    }

    /// The bytes of the repository.
    pub fn repository_span(&self) -> Range<usize> {
        self.repository.0..self.repository.1
    }

    /// The bytes of the tag, without its colon.
    pub fn tag_span(&self) -> Option<Range<usize>> {
        self.tag.map(|(from, to)| from..to)
    }

    /// The bytes of the digest, without its at sign.
    pub fn digest_span(&self) -> Option<Range<usize>> {
        self.digest.map(|from| from..self.text.len())
    }

    /// Registry and repository, normalised and with what is implied.
    pub fn name(&self) -> Name {
        Name::new(self.registry().unwrap_or(DEFAULT_REGISTRY), self.repository())
    }

    /// Tag and digest as they follow a name: `:1.4@sha256:…`, or nothing.
    pub(crate) fn version(&self) -> &str {
        &self.text[self.repository.1..]
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

struct Parser<'a> {
    text: &'a str,
}

impl Parser<'_> {
    fn error(&self, span: Range<usize>, rule: Rule) -> ParseError {
        let character = self.text.get(span.start..).and_then(|rest| rest.chars().next());
        let end =
            span.end.max(span.start + character.map_or(0, char::len_utf8)).min(self.text.len());
        ParseError { span: span.start..end, rule, character }
    }

    fn at(&self, offset: usize, rule: Rule) -> ParseError {
        self.error(offset..offset, rule)
    }

    /// What can be said before the parts are known, and is clearer said so.
    fn whole_text(&self) -> Result<(), ParseError> {
        if self.text.is_empty() {
            return Err(ParseError { span: 0..0, rule: Rule::Empty, character: None });
        }
        for missing in ["%!", "<no value>", "<nil>"] {
            if let Some(start) = self.text.find(missing) {
                return Err(self.error(start..start + missing.len(), Rule::MissingValue));
            }
        }
        if let Some((offset, _)) =
            self.text.char_indices().find(|(_, c)| c.is_whitespace() || c.is_control())
        {
            return Err(self.at(offset, Rule::Blank));
        }
        if let Some(scheme) = self.text.find("://") {
            return Err(self.error(0..scheme + 3, Rule::Scheme));
        }
        let hex = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
        if self.text.len() == 64 && self.text.bytes().all(hex) {
            return Err(self.error(0..64, Rule::Identifier));
        }
        Ok(())
    }

    /// The end of the registry, when the first part is one.
    fn registry(&self, name: &str) -> Result<Option<usize>, ParseError> {
        let Some(slash) = name.find('/') else { return Ok(None) };
        let first = &name[..slash];
        let is_registry = first == "localhost"
            || first.contains(['.', ':', '['])
            || first.bytes().any(|b| b.is_ascii_uppercase());
        if !is_registry {
            return Ok(None);
        }
        let host_end = match first.strip_prefix('[').and_then(|rest| rest.find(']')) {
            Some(close) => {
                let address = &first[1..close + 1];
                if let Some(bad) = address.find(|c: char| !c.is_ascii_hexdigit() && c != ':') {
                    return Err(self.at(1 + bad, Rule::Registry));
                }
                close + 2
            }
            None => {
                let end = first.find(':').unwrap_or(slash);
                self.host(0..end)?;
                end
            }
        };
        match first[host_end..].strip_prefix(':') {
            Some("") => return Err(self.at(host_end + 1, Rule::Port)),
            Some(port) => {
                if let Some(bad) = port.find(|c: char| !c.is_ascii_digit()) {
                    return Err(self.at(host_end + 1 + bad, Rule::Port));
                }
            }
            None if host_end < slash => return Err(self.at(host_end, Rule::Registry)),
            None => {}
        }
        Ok(Some(slash))
    }

    fn host(&self, span: Range<usize>) -> Result<(), ParseError> {
        let mut start = span.start;
        for label in self.text[span.clone()].split('.') {
            let bad = label.find(|c: char| !c.is_ascii_alphanumeric() && c != '-');
            if let Some(bad) = bad {
                return Err(self.at(start + bad, Rule::Registry));
            }
            if label.is_empty() || label.starts_with('-') {
                return Err(self.at(start, Rule::Registry));
            }
            if label.ends_with('-') {
                return Err(self.at(start + label.len() - 1, Rule::Registry));
            }
            start += label.len() + 1;
        }
        Ok(())
    }

    fn repository(&self, span: Range<usize>, after_registry: bool) -> Result<(), ParseError> {
        let path = &self.text[span.clone()];
        if path.is_empty() && !after_registry {
            return Err(self.at(span.start, Rule::EmptyComponent));
        }
        let mut start = span.start;
        for component in path.split('/') {
            self.component(start..start + component.len())?;
            start += component.len() + 1;
        }
        if path.len() > LONGEST_REPOSITORY {
            return Err(self.error(span, Rule::NameLength));
        }
        Ok(())
    }

    /// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`
    fn component(&self, span: Range<usize>) -> Result<(), ParseError> {
        let text = &self.text[span.clone()];
        if text.is_empty() {
            return Err(self.at(span.start, Rule::EmptyComponent));
        }
        let mut separator = String::new();
        let mut begun = false;
        for (index, c) in text.char_indices() {
            let offset = span.start + index;
            match c {
                'a'..='z' | '0'..='9' => {
                    let allowed = matches!(separator.as_str(), "" | "." | "_" | "__")
                        || separator.bytes().all(|b| b == b'-');
                    if !allowed || (!begun && !separator.is_empty()) {
                        return Err(self.at(offset - separator.len(), Rule::Separator));
                    }
                    separator.clear();
                    begun = true;
                }
                '.' | '_' | '-' => separator.push(c),
                'A'..='Z' => return Err(self.at(offset, Rule::Uppercase)),
                _ => return Err(self.at(offset, Rule::RepositoryCharacter)),
            }
        }
        if separator.is_empty() {
            Ok(())
        } else {
            Err(self.at(span.end - separator.len(), Rule::Separator))
        }
    }

    fn tag(&self, span: Range<usize>) -> Result<(), ParseError> {
        let tag = &self.text[span.clone()];
        if tag.is_empty() {
            return Err(self.at(span.start, Rule::EmptyTag));
        }
        let bad = tag.char_indices().find(|&(index, c)| {
            !(c.is_ascii_alphanumeric() || c == '_' || (index > 0 && matches!(c, '.' | '-')))
        });
        match bad {
            Some((index, _)) => Err(self.at(span.start + index, Rule::TagCharacter)),
            None if tag.len() > LONGEST_TAG => Err(self.error(span, Rule::TagLength)),
            None => Ok(()),
        }
    }

    fn digest(&self, start: usize) -> Result<(), ParseError> {
        let digest = &self.text[start..];
        let Some((algorithm, hex)) = digest.split_once(':') else {
            return Err(self.error(start..self.text.len(), Rule::Digest));
        };
        let mut component_start = true;
        for (index, c) in algorithm.char_indices() {
            let good =
                if component_start { c.is_ascii_alphabetic() } else { c.is_ascii_alphanumeric() };
            let separator = !component_start && matches!(c, '+' | '.' | '-' | '_');
            if !good && !separator {
                return Err(self.at(start + index, Rule::Digest));
            }
            component_start = separator;
        }
        let hex_start = start + algorithm.len() + 1;
        if algorithm.is_empty() || component_start {
            return Err(self.at(hex_start - 1, Rule::Digest));
        }
        if let Some(bad) = hex.find(|c: char| !c.is_ascii_hexdigit()) {
            return Err(self.at(hex_start + bad, Rule::Digest));
        }
        // The registered algorithms write their hex digits small.
        let registered = matches!(algorithm, "sha256" | "sha384" | "sha512");
        if let Some(bad) = hex.find(|c: char| registered && c.is_ascii_uppercase()) {
            return Err(self.at(hex_start + bad, Rule::Digest));
        }
        let fits = match algorithm {
            "sha256" => hex.len() == 64,
            "sha384" => hex.len() == 96,
            "sha512" => hex.len() == 128,
            _ => hex.len() >= 32,
        };
        if fits { Ok(()) } else { Err(self.error(hex_start..self.text.len(), Rule::DigestLength)) }
    }
}
