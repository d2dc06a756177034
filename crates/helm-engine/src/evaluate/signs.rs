//! What text looks like that spells an image, or stands about one.

use std::ops::Range;

/// Words of keys that hold images, whatever the case of their first letter.
const WORDS: [&[u8]; 3] = [b"mage", b"MAGE", b"ontainers"];
/// How keys go on that are about images and hold none: `imagePullSecrets`.
const ABOUT_PULLING: &[u8] = b"Pull";
/// The ends of hosts that registries have.
const ENDS: [&[u8]; 7] = [b".io", b".com", b".aws", b".dev", b".co", b".org", b".net"];
/// Hosts that begin the names of labels and API groups, unless it is a registry of theirs.
const GROUPS: [&[u8]; 2] = [b"k8s.io", b"kubernetes.io"];

/// True of text that may spell an image, or a key that holds one.
pub(super) fn may_spell_an_image(text: &[u8]) -> bool {
    // Most texts are a part of a line: to prepare a faster search takes longer than this.
    text.iter().enumerate().any(|(at, byte)| match byte {
        b'm' | b'M' | b'o' => is_word_of_images(&text[at..]),
        b'/' => is_after_a_registry(text, at),
        _ => false,
    })
}

/// True of text that begins with such a word.
fn is_word_of_images(text: &[u8]) -> bool {
    let behind = WORDS.iter().find_map(|word| text.strip_prefix(*word));
    behind.is_some_and(|behind| !behind.starts_with(ABOUT_PULLING))
}

/// True of a slash behind a host that an image may come from: `ghcr.io/acme/web`, and
/// neither `https://ghcr.io/`, nor the label `app.kubernetes.io/name`, nor the
/// version `cert-manager.io/v1` of an API.
fn is_after_a_registry(text: &[u8], slash: usize) -> bool {
    let in_host = |byte: &&u8| byte.is_ascii_alphanumeric() || b".-:".contains(byte);
    let length = text[..slash].iter().rev().take_while(in_host).count();
    let host = text[slash - length..slash].split(|&byte| byte == b':').next().unwrap_or_default();
    if !ENDS.iter().any(|end| host.ends_with(end)) || text[..slash - length].ends_with(b"/") {
        return false;
    }
    let is_group = GROUPS.iter().any(|group| host.ends_with(group));
    if is_group && !host.starts_with(b"registry.") {
        return false;
    }
    let word = word_at(text, slash + 1);
    let behind = &text[word.end..];
    let is_key = behind.first() == Some(&b':')
        && behind.get(1).is_none_or(|byte| byte.is_ascii_whitespace());
    let goes_on = behind.first().is_some_and(|byte| b":/@".contains(byte));
    !is_key && (goes_on || !is_api_version(&text[word]))
}

/// The word that begins at an offset.
fn word_at(text: &[u8], start: usize) -> Range<usize> {
    let in_word = |byte: &&u8| byte.is_ascii_alphanumeric() || b"._-".contains(byte);
    start..start + text[start..].iter().take_while(in_word).count()
}

/// True of `v1` and `v2beta3`.
fn is_api_version(word: &[u8]) -> bool {
    let Some(rest) = word.strip_prefix(b"v") else { return false };
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (major, rest) = rest.split_at(digits(rest));
    let stage = [&b"alpha"[..], b"beta"].iter().find_map(|stage| rest.strip_prefix(*stage));
    !major.is_empty()
        && (rest.is_empty() || stage.is_some_and(|minor| digits(minor) == minor.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_and_the_keys_that_hold_them_are_seen() {
        for text in [
            "image: x",
            "initContainers:",
            "WORKER_IMAGE",
            "ghcr.io/acme/web",
            "ghcr.io/acme/web:1",
            "docker.io/",
            "registry.k8s.io/pause:3",
            "quay.io:443/v1/x",
            "args: [--sidecar=quay.io/v1:2]",
        ] {
            assert!(may_spell_an_image(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn labels_versions_of_apis_and_addresses_are_none() {
        for text in [
            "imagePullSecrets:\n  - name: x",
            "imagePullPolicy: Always",
            "app.kubernetes.io/name: web",
            "topologyKey: kubernetes.io/hostname",
            "apiVersion: cert-manager.io/v1\nkind: Issuer",
            "apiVersion: monitoring.coreos.com/v1alpha1",
            "argocd.argoproj.io/hook: Sync",
            "see https://github.com/acme/web",
            "path: /etc/web",
        ] {
            assert!(!may_spell_an_image(text.as_bytes()), "{text}");
        }
    }
}
