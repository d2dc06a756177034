//! Where replacements lead: to what the policy permits, or to what is to be moved again.

use super::mistake::Mistake;
use super::{Policy, Subject, Suggestion};
use crate::date::Date;
use crate::model::Status;
use image_ref::{Reference, normalize_registry};

impl Policy {
    /// Replacements that lead to a registry that the policy disallows. Where an exception
    /// may permit some of these images, that is judged image by image.
    pub(super) fn forbidden_targets(&self) -> Vec<Mistake> {
        let forbidden = |substitute: &super::Substitute| {
            let target = substitute.replacement.target()?;
            let registry = normalize_registry(target.registry().as_str());
            let listed = self.disallowed.iter().find(|listed| listed.pattern.matches(&registry))?;
            let mut excepted = self.exceptions.iter().flat_map(|exception| &exception.images);
            let is_excepted = excepted.any(|(pattern, _)| {
                pattern.registry().matches(&registry) && pattern.overlaps(&target)
            });
            (!is_excepted).then(|| Mistake {
                span: substitute.place.0.range(),
                message: format!(
                    "`{}` is in `{registry}`, which `registries.disallowed` forbids as `{}`: what \
                     moves there would have to move again",
                    substitute.replacement.to(),
                    listed.pattern.as_str()
                ),
                help:
                    "name a registry that is not disallowed, or permit the target by an exception"
                        .into(),
            })
        };
        self.replacements.iter().filter_map(forbidden).collect()
    }

    /// Whether the policy lets an image become what it suggests.
    pub fn permits(&self, to: &Suggestion, image: &Subject<'_>, today: Date) -> bool {
        let Ok(reference) = Reference::parse(&to.text) else { return false };
        let name = reference.name();
        self.judge(&Subject { name: &name, ..*image }, today).status != Status::Disallowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image_ref::Name;

    fn parse(rest: &str) -> Result<Policy, Vec<Mistake>> {
        let registries = "registries: {allowed: [a.io], disallowed: [docker.io, '*.gcr.io']}\n";
        Policy::parse(&format!("version: 1\n{registries}{rest}"), "image-policy.yaml")
    }

    const EXCEPTION: &str = "exceptions:\n  - {images: ['docker.io/mirror/*'], reason: r, charts: [web], requires: digest, expires: 2026-01-31}\n";

    #[test]
    fn a_target_that_an_exception_may_permit_is_none_that_is_forbidden() {
        for (to, is_good) in [
            ("a.io/x/**", true),
            ("unlisted.io/**", true),
            ("docker.io/mirror/**", true),
            ("mirror/**", true),
            ("docker.io/mirror/x-**", true),
            ("docker.io/mirrors/**", false),
            ("index.docker.io/mirrors/**", false),
            ("**", true),
            ("eu.gcr.io/**", false),
        ] {
            let replacement = format!("replacements: [{{from: 'b.io/**', to: '{to}'}}]\n");
            assert_eq!(parse(&format!("{EXCEPTION}{replacement}")).is_ok(), is_good, "{to}");
            let alone = to.contains(".io/x") || to.contains("unlisted");
            assert_eq!(parse(&replacement).is_ok(), alone, "{to} without the exception");
        }
    }

    #[test]
    fn what_is_suggested_is_judged_as_the_image_would_be() {
        let text =
            format!("{EXCEPTION}replacements: [{{from: 'b.io/**', to: 'docker.io/mirror/**'}}]\n");
        let policy = parse(&text).unwrap();
        let image = |text: &str| Reference::parse(text).unwrap();
        let permits = |reference: &str, chart: &str, today: &str| {
            let reference = image(reference);
            let name: Name = reference.name();
            let pinned = reference.digest().is_some();
            let subject = Subject { name: &name, pinned, chart, chart_name: None, paths: &[] };
            let suggestion = policy.replacement(&reference).unwrap();
            policy.permits(&suggestion, &subject, today.parse().unwrap())
        };
        let pinned = format!("b.io/x@sha256:{}", "0".repeat(64));
        assert!(permits(&pinned, "web", "2026-01-31"));
        assert!(!permits(&pinned, "web", "2026-02-01"));
        assert!(!permits(&pinned, "app", "2026-01-31"));
        assert!(!permits("b.io/x:1", "web", "2026-01-31"));
        assert!(!permits(&pinned.replace("x@", "x/y@"), "web", "2026-01-31"));
    }
}
