//! Digests of what registries send.

use sha2::{Digest as _, Sha256, Sha512};
use std::fmt::Write;

/// Whether a text is a digest that can be checked: `sha256:` or `sha512:` and its hexadecimal
/// digits.
pub fn is_digest(digest: &str) -> bool {
    let hex = |text: &str, length| {
        text.len() == length && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    match digest.split_once(':') {
        Some(("sha256", rest)) => hex(rest, 64),
        Some(("sha512", rest)) => hex(rest, 128),
        _ => false,
    }
}

/// The digest of a body, by the algorithm of another digest, else by SHA-256.
pub(crate) fn of(body: &[u8], like: Option<&str>) -> String {
    match like {
        Some(like) if like.starts_with("sha512:") => {
            format!("sha512:{}", hex(&Sha512::digest(body)))
        }
        _ => format!("sha256:{}", hex(&Sha256::digest(body))),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_of_a_known_kind() {
        let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(of(b"", None), empty);
        assert!(is_digest(empty));
        assert!(is_digest(&of(b"", Some("sha512:"))));
        assert!(!is_digest(&empty.to_uppercase()));
        assert!(!is_digest("sha256:abc"));
        assert!(!is_digest("md5:d41d8cd98f00b204e9800998ecf8427e"));
    }
}
