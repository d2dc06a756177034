//! Which registries a policy names, and how they are asked.

use super::Policy;
use super::document::Endpoint;
use image_ref::{Name, RegistryPattern, Replacement};

impl Policy {
    /// Whether the policy itself names a registry, so that it may be asked: in a list, an
    /// exception, a replacement or an endpoint. A pattern that matches everybody's hosts
    /// names none of them, or a chart could make a run call any host that it likes.
    pub fn names(&self, registry: &str) -> bool {
        let matches =
            |pattern: &RegistryPattern| pattern.is_confined() && pattern.matches(registry);
        let listed = self.allowed.iter().chain(&self.disallowed).any(|l| matches(&l.pattern));
        let excepted = || {
            let mut images = self.exceptions.iter().flat_map(|exception| &exception.images);
            images.any(|(image, _)| matches(image.registry()))
        };
        let replaced = || {
            let mut all = self.replacements.iter().map(|substitute| &substitute.replacement);
            all.any(|of| matches(of.from().registry()) || target(of).as_deref() == Some(registry))
        };
        let asked = || self.endpoints.iter().any(|endpoint| endpoint.registry == registry);
        let mirrored = || self.mirror.as_ref().is_some_and(|mirror| mirror.registry == registry);
        listed || excepted() || replaced() || asked() || mirrored()
    }

    /// How registries are asked, by their normalised names.
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    /// Where images are copied to that have no replacement elsewhere: a registry, and the
    /// beginning of a repository, which may be empty. Where the policy does not say, it is
    /// the only private registry of Amazon's that it allows.
    pub fn mirror(&self) -> Option<Name> {
        if let Some(mirror) = &self.mirror {
            return Some(mirror.clone());
        }
        let private = |text: &&str| {
            let host = text.to_ascii_lowercase();
            !host.contains('*') && host.contains(".dkr.ecr.") && host.contains(".amazonaws.com")
        };
        let mut all = self.allowed.iter().map(|listed| listed.pattern.as_str()).filter(private);
        match (all.next(), all.next()) {
            (Some(registry), None) => {
                let registry = image_ref::normalize_registry(registry);
                Some(Name { registry, repository: String::new() })
            }
            _ => None,
        }
    }
}

/// The registry that a replacement leads to; wildcards stand in its repository alone.
fn target(replacement: &Replacement) -> Option<String> {
    Name::parse(&replacement.to().replace('*', "x")).ok().map(|name| name.registry)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(rest: &str) -> Policy {
        Policy::parse(&format!("version: 1\n{rest}"), "image-policy.yaml").unwrap()
    }

    #[test]
    fn a_registry_is_named_in_any_place() {
        let policy = policy(
            "registries: {allowed: [a.io, '*.dkr.ecr.*.amazonaws.com'], disallowed: ['*.gcr.io', docker.io]}
exceptions: [{images: ['e.io/x/**'], reason: r}]
replacements: [{from: 'f.io/*', to: 'T.io/y/*'}, {from: busybox, to: t2.io/b}]
endpoints: [{registry: 'P.io', endpoint: 'http://localhost:5000'}]
mirror: m.io/copies
",
        );
        for registry in [
            "a.io",
            "1.dkr.ecr.eu-west-1.amazonaws.com",
            "eu.gcr.io",
            "docker.io",
            "e.io",
            "f.io",
            "t.io",
            "t2.io",
            "p.io",
            "m.io",
        ] {
            assert!(policy.names(registry), "{registry}");
        }
        for registry in ["gcr.io", "evil.com", "169.254.169.254", "localhost:5000", "a.io.evil.com"]
        {
            assert!(!policy.names(registry), "{registry}");
        }
    }

    #[test]
    fn a_pattern_over_all_hosts_names_none() {
        let policy = policy(
            "registries: {allowed: ['*.io'], disallowed: ['*', '10.0.0.*']}
exceptions: [{images: ['*/x', '*/y'], reason: r}]
replacements: [{from: '**/y', to: 't.io/y'}]
",
        );
        for registry in ["evil.com", "a.io", "10.0.0.1", "169.254.169.254", "localhost"] {
            assert!(!policy.names(registry), "{registry}");
        }
        assert!(policy.names("t.io"));
    }

    #[test]
    fn the_mirror_is_said_or_the_only_private_one() {
        let mirror = |rest: &str| policy(rest).mirror().map(|name| name.to_string());
        let said =
            "registries: {allowed: [1.dkr.ecr.us-east-1.amazonaws.com]}\nmirror: A.io/b/c/\n";
        assert_eq!(mirror(said).as_deref(), Some("a.io/b/c"));
        let one = "registries: {allowed: [public.ecr.aws, 1.dkr.ecr.us-east-1.amazonaws.com]}\n";
        assert_eq!(mirror(one).as_deref(), Some("1.dkr.ecr.us-east-1.amazonaws.com/"));
        let two = "registries: {allowed: [1.dkr.ecr.a.amazonaws.com, 2.dkr.ecr.a.amazonaws.com]}\n";
        assert_eq!(mirror(two), None);
        assert_eq!(mirror("registries: {allowed: ['*.dkr.ecr.*.amazonaws.com']}\n"), None);
    }
}
