//! The registries that make a text an image even where no key says so.

use super::words::is_known_registry;
use image_ref::{RegistryPattern, normalize_registry};

/// Those that everybody knows, and those that the policy names: a company's own mirror
/// is a registry to the company.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Registries<'a>(&'a [RegistryPattern]);

impl<'a> Registries<'a> {
    /// Everybody's, and these.
    pub(crate) fn with(own: &'a [RegistryPattern]) -> Self {
        Self(own)
    }

    /// True when this host is a container registry.
    pub(crate) fn know(self, host: &str) -> bool {
        if is_known_registry(host) {
            return true;
        }
        // Most of what stands before a slash is a folder.
        if self.0.is_empty() || !host.contains(['.', ':']) {
            return false;
        }
        let host = normalize_registry(host);
        self.0.iter().any(|own| own.matches(&host))
    }

    /// True when a line may name one of the policy's, by the end of its host.
    pub(crate) fn may_stand_in(self, line: &[u8]) -> bool {
        let ends = |own: &RegistryPattern| {
            let end = own.as_str().rsplit('*').next().unwrap_or_default();
            memchr::memmem::find(line, format!("{end}/").as_bytes()).is_some()
        };
        self.0.iter().any(ends)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policys_registries_are_known() {
        let own = ["mirror.example.com", "*.corp.example", "registry:5000"]
            .map(|text| RegistryPattern::parse(text).unwrap());
        let registries = Registries::with(&own);
        for host in ["ghcr.io", "mirror.example.com", "Mirror.Example.com:443", "a.corp.example"] {
            assert!(registries.know(host), "{host}");
        }
        assert!(registries.know("registry:5000"));
        for host in ["example.com", "mirror", "corp.example", "templates", "registry"] {
            assert!(!registries.know(host), "{host}");
        }
        assert!(!Registries::default().know("mirror.example.com"));
        assert!(registries.may_stand_in(b"x: a.corp.example/b:1"));
        assert!(!registries.may_stand_in(b"x: a.corp/b:1"));
    }
}
