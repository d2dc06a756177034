//! Versions, read loosely: with a `v`, without patch or minor, with leading zeros.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Range;

/// Longer versions are refused.
const LONGEST: usize = 256;

/// A version.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Version {
    pub(super) major: u64,
    pub(super) minor: u64,
    pub(super) patch: u64,
    pub(super) pre: String,
    pub(super) metadata: String,
    /// Where major, minor, patch, pre-release and metadata are written.
    pub(super) places: [Range<usize>; 5],
}

const INVALID: &str = "invalid semantic version";

/// The length of dotted identifiers of letters, digits and hyphens.
pub(super) fn identifiers(text: &[u8]) -> usize {
    let (mut end, mut at) = (0, 0);
    loop {
        let letters = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'-';
        let length = text[at..].iter().take_while(letters).count();
        if length == 0 {
            return end;
        }
        end = at + length;
        if text.get(end) != Some(&b'.') {
            return end;
        }
        at = end + 1;
    }
}

impl Version {
    /// Parses a version.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text.len() > LONGEST {
            return Err(format!("version string is too long (max {LONGEST} bytes)"));
        }
        let bytes = text.as_bytes();
        let mut out = Self::default();
        let mut at = usize::from(bytes.starts_with(b"v"));
        for index in 0..3 {
            let start = match (index, bytes.get(at)) {
                (0, _) => at,
                (_, Some(b'.')) => at + 1,
                _ => {
                    out.places[index] = at..at;
                    continue;
                }
            };
            let length = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            if length == 0 {
                return Err(INVALID.to_owned());
            }
            at = start + length;
            out.places[index] = start..at;
        }
        for (index, mark) in [(3, b'-'), (4, b'+')] {
            out.places[index] = at..at;
            if bytes.get(at) == Some(&mark) {
                let length = identifiers(&bytes[at + 1..]);
                if length == 0 {
                    return Err(INVALID.to_owned());
                }
                out.places[index] = at + 1..at + 1 + length;
                at += 1 + length;
            }
        }
        if at != bytes.len() {
            return Err(INVALID.to_owned());
        }
        let places = out.places.clone();
        out.major = number(&text[places[0].clone()])?;
        out.minor = number(&text[places[1].clone()])?;
        out.patch = number(&text[places[2].clone()])?;
        out.pre = text[places[3].clone()].to_owned();
        out.metadata = text[places[4].clone()].to_owned();
        let zero_first = |part: &str| {
            part.len() > 1
                && part.starts_with('0')
                && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        if out.pre.split('.').any(zero_first) {
            return Err("version segment starts with 0".to_owned());
        }
        Ok(out)
    }

    /// By precedence; metadata do not count.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        (self.major, self.minor, self.patch)
            .cmp(&(other.major, other.minor, other.patch))
            .then_with(|| match (self.pre.as_str(), other.pre.as_str()) {
                ("", "") => Ordering::Equal,
                ("", _) => Ordering::Greater,
                (_, "") => Ordering::Less,
                (a, b) => compare_pre(a, b),
            })
    }
}

fn number(digits: &str) -> Result<u64, String> {
    if digits.is_empty() {
        return Ok(0);
    }
    digits.parse().map_err(|_| {
        format!(
            "error parsing version segment: strconv.ParseUint: parsing \"{digits}\": value out of range"
        )
    })
}

/// Compares pre-releases, part by part.
pub(super) fn compare_pre(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let (a, b) = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (a, b) => (a.unwrap_or_default(), b.unwrap_or_default()),
        };
        if a == b {
            continue;
        }
        return match (a.is_empty(), b.is_empty(), a.parse::<u64>(), b.parse::<u64>()) {
            (true, ..) => Ordering::Less,
            (_, true, ..) => Ordering::Greater,
            // Numbers come before letters.
            (_, _, Ok(a), Ok(b)) if a > b => Ordering::Greater,
            (_, _, Ok(_), _) => Ordering::Less,
            (_, _, _, Ok(_)) => Ordering::Greater,
            _ => a.cmp(b),
        };
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.pre.is_empty() {
            write!(f, "-{}", self.pre)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}
