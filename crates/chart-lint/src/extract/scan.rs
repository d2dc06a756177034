//! References that stand in running text: an argument, an environment value, a
//! line of a configuration file. Only those that name a known registry count,
//! and only with a tag or digest unless the place says that it is an image.

use super::registries::Registries;
use image_ref::Reference;
use std::ops::Range;

/// What a text must have to be taken for an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Demand {
    /// A known registry.
    Registry,
    /// A known registry and a tag or a digest.
    RegistryAndVersion,
}

/// The references in a text, in order. Comment lines (`#`) and URLs are passed over.
pub(crate) fn references(
    text: &str,
    demand: Demand,
    registries: Registries<'_>,
) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut line = Line::default();
    let mut from = 0;
    while let Some(slash) = memchr::memchr(b'/', &bytes[from..]).map(|i| from + i) {
        from = slash + 1;
        let start = host_start(bytes, slash);
        if start == slash || !registries.know(&text[start..slash]) || in_address(bytes, start) {
            continue;
        }
        let end = reference_end(bytes, slash + 1);
        if line.is_comment_at(text, start) {
            continue;
        }
        // What is left of `docker.io/` alone is a host, which names no repository.
        let Some(range) = longest_reference(text, start..end).filter(|r| r.end > slash) else {
            continue;
        };
        if demand == Demand::RegistryAndVersion && !has_version(&text[range.clone()]) {
            continue;
        }
        from = range.end;
        found.push(range);
    }
    found
}

/// True when a known registry stands before a slash anywhere, comments included.
pub(crate) fn names_a_registry(text: &str, registries: Registries<'_>) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'/', bytes).any(|slash| {
        let start = host_start(bytes, slash);
        start < slash && registries.know(&text[start..slash])
    })
}

fn has_version(text: &str) -> bool {
    Reference::parse(text).is_ok_and(|r| r.tag().is_some() || r.digest().is_some())
}

/// The reference that begins here: sentences end with full stops and colons
/// that do not belong to it.
fn longest_reference(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let mut end = range.end;
    while end > range.start {
        let tail = text.as_bytes()[end - 1];
        if !matches!(tail, b'.' | b':' | b'/' | b'-' | b'_' | b'@') {
            break;
        }
        end -= 1;
    }
    let candidate = range.start..end;
    Reference::parse(&text[candidate.clone()]).is_ok().then_some(candidate)
}

/// Where the host that ends at `slash` begins.
fn host_start(bytes: &[u8], slash: usize) -> usize {
    let mut start = slash;
    let is_host = |b: u8| matches!(b, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-');
    let mut port = slash;
    while port > 0 && bytes[port - 1].is_ascii_digit() {
        port -= 1;
    }
    if port > 0 && port < slash && bytes[port - 1] == b':' {
        start = port - 1;
    }
    while start > 0 && is_host(bytes[start - 1]) {
        start -= 1;
    }
    start
}

fn reference_end(bytes: &[u8], from: usize) -> usize {
    let rest = &bytes[from..];
    let is_part = |b: &u8| matches!(b, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b':' | b'/' | b'@');
    from + rest.iter().position(|b| !is_part(b)).unwrap_or(rest.len())
}

/// True when the host is part of a URL, a path or a longer name.
fn in_address(bytes: &[u8], start: usize) -> bool {
    start > 0 && matches!(bytes[start - 1], b'/' | b'@' | b'_' | b'\\' | 0x80..)
}

/// The line of a place, as far as it was looked through: one can hold many references.
#[derive(Default)]
struct Line {
    seen: usize,
    /// Whether it has begun with more than blanks.
    has_begun: bool,
    is_comment: bool,
}

impl Line {
    /// True when a `#` or `//` that begins a comment stands before, on the same line. Places are
    /// asked about in their order.
    fn is_comment_at(&mut self, text: &str, at: usize) -> bool {
        let new = &text[self.seen..at];
        if let Some(end) = new.rfind('\n') {
            *self = Self { seen: self.seen + end + 1, ..Self::default() };
        }
        let new = &text[self.seen..at];
        let first = if self.has_begun { "" } else { new.trim_start() };
        self.has_begun |= !first.is_empty();
        self.is_comment |= first.starts_with('#') || first.starts_with("//") || new.contains(" #");
        self.seen = at;
        self.is_comment
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(text: &str) -> Vec<&str> {
        references(text, Demand::RegistryAndVersion, Registries::default())
            .into_iter()
            .map(|r| &text[r])
            .collect()
    }

    #[test]
    fn finds_references_in_running_text() {
        assert_eq!(scan("--image=ghcr.io/a/b:1.0"), ["ghcr.io/a/b:1.0"]);
        assert_eq!(scan("X = \"quay.io/a/b:v1\", y"), ["quay.io/a/b:v1"]);
        assert_eq!(
            scan("use docker.io/a/b:1, or gcr.io/c/d:2."),
            ["docker.io/a/b:1", "gcr.io/c/d:2"]
        );
        assert_eq!(
            scan("1234.dkr.ecr.eu-west-1.amazonaws.com/a:1"),
            ["1234.dkr.ecr.eu-west-1.amazonaws.com/a:1"]
        );
    }

    #[test]
    fn is_silent_about_addresses_and_comments() {
        assert_eq!(scan("https://ghcr.io/a/b:1"), [""; 0]);
        assert_eq!(scan("# ghcr.io/a/b:1"), [""; 0]);
        assert_eq!(scan("key: x # ghcr.io/a/b:1"), [""; 0]);
        assert_eq!(scan("ghcr.io/a/b"), [""; 0]);
        assert_eq!(scan("example.com/a/b:80"), [""; 0]);
        assert_eq!(scan("notghcr.io/a/b:1"), [""; 0]);
        assert_eq!(scan("x/ghcr.io/a/b:1"), [""; 0]);
    }

    #[test]
    fn a_lone_host_is_no_image_and_the_scan_goes_on() {
        for text in ["docker.io/", "docker.io/ x", "docker.io/.", "docker.io//", "docker.io/-/x"] {
            assert!(references(text, Demand::Registry, Registries::default()).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_name_is_enough_where_the_place_says_image() {
        let text = "--image=ghcr.io/a/b";
        let found = references(text, Demand::Registry, Registries::default());
        assert_eq!(found.len(), 1);
        assert_eq!(&text[found[0].clone()], "ghcr.io/a/b");
    }

    #[test]
    fn comments_end_with_their_line() {
        let text = "a ghcr.io/a/b:1 gcr.io/c/d:2 # quay.io/e/f:3, quay.io/e/f:4\n  ghcr.io/a/b:5\n\n\
                    // ghcr.io/a/b:6 ghcr.io/a/b:7\n  # ghcr.io/a/b:8\nx#y ghcr.io/a/b:9";
        assert_eq!(scan(text), ["ghcr.io/a/b:1", "gcr.io/c/d:2", "ghcr.io/a/b:5", "ghcr.io/a/b:9"]);
    }

    #[test]
    fn a_long_line_takes_no_time() {
        let started = std::time::Instant::now();
        let line = "ghcr.io/a/b:1, ".repeat(100_000);
        assert_eq!(scan(&format!("{}{line}", " ".repeat(1 << 20))).len(), 100_000);
        let took = started.elapsed();
        assert!(took < std::time::Duration::from_secs(20), "{took:?}");
    }
}
