//! What is missing, as files for the programs that copy it to a registry of one's own.

use crate::run::Results;
use crate::subject::Subject;
use chart_images::sibling::{Failure, harmless};
use chart_lint::verified::Entry;
use image_ref::Name;
use registry::Image;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The program that is to copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Program {
    Skopeo,
    Regsync,
}

impl Program {
    pub(crate) const NAMES: [&str; 2] = ["skopeo", "regsync"];

    pub(crate) fn of(name: &str) -> Option<Self> {
        match name {
            "skopeo" => Some(Self::Skopeo),
            "regsync" => Some(Self::Regsync),
            _ => None,
        }
    }
}

/// An image that is to be copied.
struct Copy<'a> {
    image: &'a Image,
    /// The digest that it has, where its registry told it.
    digest: Option<&'a str>,
}

/// What is to be copied, and what cannot be.
#[derive(Default)]
struct Plan<'a> {
    copies: Vec<Copy<'a>>,
    left: Vec<(&'a Image, String)>,
    mirrors: BTreeSet<Name>,
}

/// The file for a program.
///
/// # Errors
/// When the policy does not name one place to copy to.
pub(crate) fn plan(results: &Results, program: Program) -> Result<String, Failure> {
    let mut plan = Plan::default();
    for (subject, entry) in &results.rows {
        if let Some(entry) = entry.as_ref().filter(|entry| entry.answer.is_missing()) {
            plan.take(subject, entry)?;
        }
    }
    let mirrors: Vec<String> = plan.mirrors.iter().map(place).collect();
    let mirror = match &*mirrors {
        [] => return Ok("# Nothing is missing that could be copied.\n".to_owned() + &plan.rest()),
        [mirror] => mirror,
        several => {
            let message = format!("the policies name several mirrors: {}", several.join(", "));
            return Err(Failure::new(message).help("ask about the charts of one policy at a time"));
        }
    };
    let mut text = match program {
        Program::Skopeo => plan.skopeo(mirror),
        Program::Regsync => plan.regsync(mirror),
    };
    text.push_str(&plan.policy(mirror));
    text.push_str(&plan.rest());
    Ok(harmless(&text))
}

impl<'a> Plan<'a> {
    fn take(&mut self, subject: &'a Subject, entry: &'a Entry) -> Result<(), Failure> {
        let image = &subject.source_image;
        if image == &subject.target_image {
            let because = "it is missing where it stays, and no other place of it is known";
            self.left.push((image, because.to_owned()));
            return Ok(());
        }
        if image.registry.contains(':') {
            let because = "its registry has a port, which stands in no name of a repository";
            self.left.push((image, because.to_owned()));
            return Ok(());
        }
        // A file that others write has it; what is no digest does not come into a plan.
        let known = entry.source_digest.as_deref().filter(|digest| registry::is_digest(digest));
        let digest = image.digest().or(known);
        if digest.is_none() {
            self.left.push((image, "its own registry did not give it either".to_owned()));
            return Ok(());
        }
        let Some(mirror) = &subject.mirror else {
            return Err(Failure::new("the policy names no registry to copy to")
                .help("add `mirror: 123456789012.dkr.ecr.us-east-1.amazonaws.com/mirror` to it"));
        };
        self.mirrors.insert(mirror.clone());
        self.copies.push(Copy { image, digest });
        Ok(())
    }

    fn by_repository(&self) -> BTreeMap<(&str, &str), Vec<&Copy<'a>>> {
        let mut by: BTreeMap<(&str, &str), Vec<&Copy<'a>>> = BTreeMap::new();
        for copy in &self.copies {
            let of = (&*copy.image.registry, &*copy.image.repository);
            let copies = by.entry(of).or_default();
            if !copies.iter().any(|other| other.image == copy.image) {
                copies.push(copy);
            }
        }
        by
    }

    fn skopeo(&self, mirror: &str) -> String {
        let mut text =
            format!("# skopeo sync --all --scoped --src yaml --dest docker THIS_FILE {mirror}\n");
        let mut registry_before = "";
        for ((registry, repository), copies) in self.by_repository() {
            if registry != registry_before {
                let _ = writeln!(text, "{registry}:\n  images:");
                registry_before = registry;
            }
            let _ = writeln!(text, "    {repository}:");
            for copy in copies {
                let is = copy.digest.filter(|_| copy.image.digest().is_none());
                let is = is.map(|digest| format!("  # {digest}")).unwrap_or_default();
                let _ = writeln!(text, "      - \"{}\"{is}", copy.image.version);
            }
        }
        text
    }

    fn regsync(&self, mirror: &str) -> String {
        let mut text = "# regsync once --config THIS_FILE\nversion: 1\nsync:\n".to_owned();
        for ((registry, repository), copies) in self.by_repository() {
            for copy in copies {
                // By its digest, so that what is copied is what was seen.
                let digest = copy.digest.unwrap_or_default();
                let target = match copy.image.digest() {
                    Some(digest) => format!("@{digest}"),
                    None => format!(":{}", copy.image.version),
                };
                let _ = writeln!(
                    text,
                    "  - source: {registry}/{repository}@{digest}\n    \
                     target: {mirror}/{registry}/{repository}{target}\n    type: image"
                );
            }
        }
        text
    }

    /// What else is to do for the charts to use the copies.
    fn policy(&self, mirror: &str) -> String {
        let mut text = String::new();
        if mirror.contains(".dkr.ecr.") {
            text.push_str("\n# ECR makes no repository by itself:\n");
            let folder = mirror.split_once('/').map(|(_, folder)| format!("{folder}/"));
            let folder = folder.unwrap_or_default();
            for (registry, repository) in self.by_repository().into_keys() {
                let _ = writeln!(
                    text,
                    "#   aws ecr create-repository --repository-name {folder}{registry}/{repository}"
                );
            }
        }
        text.push_str(
            "\n# Then, in the policy, above the replacements that are missing:\n# replacements:\n",
        );
        for (registry, repository) in self.by_repository().into_keys() {
            let from = format!("{registry}/{repository}");
            let _ = writeln!(text, "#   - {{ from: \"{from}\", to: \"{mirror}/{from}\" }}");
        }
        text
    }

    fn rest(&self) -> String {
        let mut text = String::new();
        for (index, (image, because)) in self.left.iter().enumerate() {
            if index == 0 {
                text.push_str("\n# Missing, and not copied:\n");
            }
            let _ = writeln!(text, "#   {image}: {because}");
        }
        text
    }
}

fn place(mirror: &Name) -> String {
    match &*mirror.repository {
        "" => mirror.registry.clone(),
        folder => format!("{}/{folder}", mirror.registry),
    }
}
