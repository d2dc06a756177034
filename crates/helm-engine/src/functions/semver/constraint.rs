//! What a version must be: `>=1.2 <2 || ^3.0.0-0`.

use super::version::{Version, compare_pre};
use crate::functions::plain::quoted_string;
use regex::Regex;
use std::cmp::Ordering;
use std::sync::LazyLock;

/// Longer constraints are refused.
const LONGEST: usize = 512;
/// So are more alternatives.
const MOST_GROUPS: usize = 32;

/// A version with wildcards, of which parts may be left out.
const VERSION: &str = r"v?([0-9|xX*]+)(\.[0-9|xX*]+)?(\.[0-9|xX*]+)?(-([0-9A-Za-z\-]+(\.[0-9A-Za-z\-]+)*))?(\+([0-9A-Za-z\-]+(\.[0-9A-Za-z\-]+)*))?";
/// The operators, none among them, in the order in which they are tried.
const OPERATOR: &str = r"=||!=|>|<|>=|=>|<=|=<|~|~>|\^";
const BLANK: &str = r"[\t\n\f\r ]";

struct Patterns {
    one: Regex,
    find: Regex,
    range: Regex,
    valid: Regex,
}

/// The patterns that tell constraints apart are those of the library, so that
/// they are as lenient in the same places.
static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| {
    let (v, o, b) = (VERSION, OPERATOR, BLANK);
    Some(Patterns {
        one: Regex::new(&format!(r"^{b}*({o}){b}*({v}){b}*$")).ok()?,
        find: Regex::new(&format!(r"({o}){b}*({v})")).ok()?,
        range: Regex::new(&format!(r"{b}*({v}){b}+-{b}+({v}){b}*")).ok()?,
        valid: Regex::new(&format!(
            r"^({b}*({o}){b}*({v}){b}*)((?:{b}+|,{b}*)({o}){b}*({v}){b}*)*$"
        ))
        .ok()?,
    })
});

/// One condition.
struct Constraint {
    operator: String,
    version: Version,
    /// A part is a wildcard or left out: any, the minor one, the patch.
    dirty: bool,
    minor_dirty: bool,
    patch_dirty: bool,
}

/// True when a version is what a constraint asks for.
pub(super) fn satisfies(constraint: &str, version: &str) -> Result<bool, String> {
    let groups = parse(constraint)?;
    let version = Version::parse(version)?;
    Ok(groups.iter().any(|group| {
        let with_pre = group.iter().any(|constraint| !constraint.version.pre.is_empty());
        group.iter().all(|constraint| constraint.check(&version, with_pre))
    }))
}

/// The alternatives, each with what all must hold.
fn parse(text: &str) -> Result<Vec<Vec<Constraint>>, String> {
    if text.len() > LONGEST {
        return Err(format!("constraint string is too long (max {LONGEST} bytes)"));
    }
    let patterns = PATTERNS.as_ref().ok_or("improper constraint")?;
    let mut rewritten = text.to_owned();
    for found in patterns.range.captures_iter(text) {
        let (whole, from, to) = (&found[0], &found[1], &found[11]);
        rewritten = rewritten.replacen(whole, &format!(">= {from}, <= {to} "), 1);
    }
    let groups: Vec<&str> = rewritten.split("||").collect();
    if groups.len() > MOST_GROUPS {
        return Err(format!("too many constraint groups (max {MOST_GROUPS})"));
    }
    groups
        .into_iter()
        .map(|group| {
            if !patterns.valid.is_match(group) {
                return Err(improper(group));
            }
            patterns.find.find_iter(group).map(|one| parse_one(patterns, one.as_str())).collect()
        })
        .collect()
}

fn improper(text: &str) -> String {
    format!("improper constraint: {}", quoted_string(text.as_bytes()))
}

fn parse_one(patterns: &Patterns, text: &str) -> Result<Constraint, String> {
    let Some(found) = patterns.one.captures(text) else { return Err(improper(text)) };
    let group = |number: usize| found.get(number).map_or("", |found| found.as_str());
    let open = |part: &str| matches!(part.strip_prefix('.').unwrap_or(part), "" | "x" | "X" | "*");
    let (major, minor, patch, pre) = (group(3), group(4), group(5), group(6));
    let (spelled, dirty, minor_dirty, patch_dirty) = if open(major) {
        (format!("0.0.0{pre}"), true, false, false)
    } else if open(minor) {
        (format!("{major}.0.0{pre}"), true, true, false)
    } else if open(patch) {
        (format!("{major}{minor}.0{pre}"), true, false, true)
    } else {
        (group(2).to_owned(), false, false, false)
    };
    let version = Version::parse(&spelled).map_err(|_| "constraint parser error".to_owned())?;
    Ok(Constraint { operator: group(1).to_owned(), version, dirty, minor_dirty, patch_dirty })
}

impl Constraint {
    fn check(&self, version: &Version, with_pre: bool) -> bool {
        // Pre-releases are only for those who name one.
        if !version.pre.is_empty() && !with_pre {
            return false;
        }
        let order = version.compare(&self.version);
        match self.operator.as_str() {
            "!=" => self.differs(version),
            ">" => self.is_less(version),
            "<" => order == Ordering::Less,
            ">=" | "=>" => order != Ordering::Less,
            "<=" | "=<" => self.reaches(version),
            "~" | "~>" => self.tilde(version),
            "^" => self.caret(version),
            _ if self.dirty => self.tilde(version),
            _ => order == Ordering::Equal,
        }
    }

    fn differs(&self, version: &Version) -> bool {
        let own = &self.version;
        if self.dirty {
            if own.major != version.major {
                return true;
            }
            if self.minor_dirty {
                return false;
            }
            if own.minor != version.minor {
                return true;
            }
            if self.patch_dirty {
                return (!version.pre.is_empty() || !own.pre.is_empty())
                    && compare_pre(&version.pre, &own.pre) != Ordering::Equal;
            }
            if own.patch != version.patch {
                return true;
            }
        }
        version.compare(own) != Ordering::Equal
    }

    /// `>`: `>11` is 12 and more, `>11.1` is 11.2 and more.
    fn is_less(&self, version: &Version) -> bool {
        let own = &self.version;
        match version.major.cmp(&own.major) {
            _ if !self.dirty => version.compare(own) == Ordering::Greater,
            Ordering::Greater => true,
            Ordering::Less => false,
            Ordering::Equal if self.minor_dirty => false,
            Ordering::Equal if self.patch_dirty => version.minor > own.minor,
            Ordering::Equal => version.compare(own) == Ordering::Greater,
        }
    }

    /// `<=`: `<=11` takes 11.9.
    fn reaches(&self, version: &Version) -> bool {
        let own = &self.version;
        if !self.dirty {
            return version.compare(own) != Ordering::Greater;
        }
        version.major < own.major
            || version.major == own.major && (self.minor_dirty || version.minor <= own.minor)
    }

    fn tilde(&self, version: &Version) -> bool {
        let own = &self.version;
        if version.compare(own) == Ordering::Less {
            return false;
        }
        // 0.0.0 stands for anything.
        if (own.major, own.minor, own.patch) == (0, 0, 0) && !self.minor_dirty && !self.patch_dirty
        {
            return true;
        }
        version.major == own.major && (self.minor_dirty || version.minor == own.minor)
    }

    fn caret(&self, version: &Version) -> bool {
        let own = &self.version;
        if version.compare(own) == Ordering::Less {
            return false;
        }
        if own.major > 0 || self.minor_dirty {
            return version.major == own.major;
        }
        if version.major > 0 {
            return false;
        }
        if own.minor > 0 || self.patch_dirty {
            return version.minor == own.minor;
        }
        version.minor == 0 && version.patch == own.patch
    }
}
