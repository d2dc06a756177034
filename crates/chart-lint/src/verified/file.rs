//! Reading and writing the file.

use super::{Entry, Verified};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;
use std::io::{self, Read};
use std::path::Path;

/// The only version of the file's shape that there is.
const VERSION: u32 = 1;

/// No larger file is read, in bytes.
pub const LARGEST: u64 = 64 << 20;

#[derive(Deserialize)]
struct Given {
    #[serde(deserialize_with = "version")]
    #[allow(dead_code, reason = "reading it is checking it")]
    version: u32,
    entries: Vec<Entry>,
}

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    entries: Vec<&'a Entry>,
}

fn version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    match u32::deserialize(deserializer)? {
        VERSION => Ok(VERSION),
        other => Err(D::Error::custom(format!("version {other} of the file is not known"))),
    }
}

/// Why the file cannot be read. `line` and `column` count from 1, the column in bytes;
/// both are 0 where the file as a whole is the matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedError {
    /// The line of the mistake.
    pub line: usize,
    /// The column of the mistake.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for VerifiedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}, column {}: ", self.line, self.column)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for VerifiedError {}

impl Verified {
    /// Reads the text of a file. A byte order mark is let pass.
    ///
    /// # Errors
    /// When it is no such file, with the place.
    pub fn parse(text: &str) -> Result<Self, VerifiedError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let given: Given = serde_json::from_str(text).map_err(|error| {
            // serde_json appends the position, which is told apart here.
            let said = error.to_string();
            let position = format!(" at line {} column {}", error.line(), error.column());
            let message = said.strip_suffix(&position).unwrap_or(&said).to_owned();
            VerifiedError { line: error.line(), column: error.column(), message }
        })?;
        let mut verified = Self::default();
        given.entries.into_iter().for_each(|entry| verified.insert(entry));
        Ok(verified)
    }

    /// The text of the file: sorted, so that the same findings are the same bytes.
    pub fn to_text(&self) -> String {
        let written = Written { version: VERSION, entries: self.entries().collect() };
        let mut text = serde_json::to_string_pretty(&written).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// Reads a file; `None` when there is none.
///
/// # Errors
/// When there is one that cannot be read, or is no such file.
pub fn read(file: &Path) -> Result<Option<Verified>, VerifiedError> {
    let whole = |message: String| VerifiedError { line: 0, column: 0, message };
    let mut text = String::new();
    let opened = match std::fs::File::open(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened,
    };
    opened
        .and_then(|file| file.take(LARGEST + 1).read_to_string(&mut text))
        .map_err(|error| whole(format!("it cannot be read: {error}")))?;
    if text.len() as u64 > LARGEST {
        return Err(whole("it is larger than 64 MiB".to_owned()));
    }
    Verified::parse(&text).map(Some)
}

#[cfg(test)]
mod tests {
    use super::super::Answer;
    use super::*;

    const TEXT: &str = r#"{
  "version": 1,
  "entries": [
    {
      "reference": "ghcr.io/acme/web:1",
      "target": "public.ecr.aws/acme/web:1",
      "answer": "different",
      "sourceDigest": "sha256:aa",
      "targetDigest": "sha256:bb",
      "platforms": [
        "linux/amd64"
      ],
      "lost": [
        "linux/arm64"
      ],
      "asked": "2026-11-25T22:00:00Z",
      "said": "linux/arm64 is missing"
    }
  ]
}
"#;

    #[test]
    fn writes_what_it_reads() {
        let verified = Verified::parse(TEXT).unwrap();
        assert_eq!(verified.to_text(), TEXT);
        let entry = verified.find("ghcr.io/acme/web:1", "public.ecr.aws/acme/web:1").unwrap();
        assert_eq!(entry.answer, Answer::Different);
        assert_eq!(entry.asked.to_string(), "2026-11-25T22:00:00Z");
    }

    #[test]
    fn what_a_later_version_adds_is_passed_over() {
        let text = TEXT.replace("\"lost\": [", "\"new\": {\"a\": 1}, \"lost\": [");
        assert_eq!(Verified::parse(&text), Verified::parse(TEXT));
    }

    #[test]
    fn mistakes_have_a_place() {
        let wrong = |text: String| Verified::parse(&text).unwrap_err();
        let error = wrong(TEXT.replace("different", "perhaps"));
        assert_eq!((error.line, error.column > 0), (7, true), "{error}");
        let error = wrong(TEXT.replace("\"version\": 1", "\"version\": 2"));
        assert_eq!(error.to_string(), "line 2, column 14: version 2 of the file is not known");
        assert!(wrong(TEXT.replace("22:00:00Z", "22")).message.contains("YYYY"));
        assert!(wrong(String::new()).line > 0);
    }

    #[test]
    fn no_file_is_no_mistake() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(read(&dir.path().join("none.json")), Ok(None));
        let file = dir.path().join("verified.json");
        std::fs::write(&file, Verified::default().to_text()).unwrap();
        assert_eq!(read(&file), Ok(Some(Verified::default())));
        assert!(read(dir.path()).is_err());
    }
}
