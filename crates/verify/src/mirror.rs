//! What is missing, for the programs that copy it to a registry of one's own.

use crate::run::Results;
use crate::subject::Subject;
use chart_images::sibling::{Failure, harmless};
use chart_lint::verified::Entry;
use image_ref::Name;
use migrate::mirror::{Copy, Mirror, NoPlace, Program};
use registry::Image;
use std::fmt::Write;

/// What is to be copied, and what cannot be.
#[derive(Default)]
struct Plan<'a> {
    mirror: Mirror,
    left: Vec<(&'a Image, &'static str)>,
}

/// The file for a program.
///
/// # Errors
/// When the policy does not name one place to copy to.
pub(crate) fn plan(results: &Results, program: Program) -> Result<String, Failure> {
    let mut plan = Plan::default();
    let failed = |no_place: NoPlace| Failure::new(no_place.to_string()).help(no_place.help());
    for (subject, entry) in &results.rows {
        if let Some(entry) = entry.as_ref().filter(|entry| entry.answer.is_missing()) {
            plan.take(subject, entry).map_err(failed)?;
        }
    }
    let file = plan.mirror.file(program).map_err(failed)?;
    let mut text =
        file.unwrap_or_else(|| "# Nothing is missing that could be copied.\n".to_owned());
    text.push_str(&plan.rest());
    Ok(harmless(&text))
}

impl<'a> Plan<'a> {
    fn take(&mut self, subject: &'a Subject, entry: &'a Entry) -> Result<(), NoPlace> {
        let image = &subject.source_image;
        if image == &subject.target_image {
            let because = "it is missing where it stays, and no other place of it is known";
            self.left.push((image, because));
            return Ok(());
        }
        let name = Name { registry: image.registry.clone(), repository: image.repository.clone() };
        if let Some(because) = Copy::hindrance(&name) {
            self.left.push((image, because));
            return Ok(());
        }
        // A file that others write has it; what is no digest does not come into a plan.
        let known = entry.source_digest.as_deref().filter(|digest| registry::is_digest(digest));
        let Some(digest) = image.digest().or(known) else {
            self.left.push((image, "its own registry did not give it either"));
            return Ok(());
        };
        let (version, digest) = (image.version.clone(), Some(digest.to_owned()));
        self.mirror.add(Copy { name, version, digest }, subject.mirror.clone()?);
        Ok(())
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
