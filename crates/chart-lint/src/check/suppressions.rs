//! The inline suppressions of a chart's files, and which of them had an effect.

use super::CheckRequest;
use crate::deployment::Given;
use crate::model::{Comment, Finding, HiddenBy, Label, Level, Location};
use crate::policy::{Inline, Policy};
use crate::rules::{self, UNUSED_SUPPRESSION};
use crate::suppress::{self, Suppression};
use helm_engine::source::{FileId, SourceMap, Span};
use std::collections::{HashMap, HashSet};

/// The suppressions of every file of a chart.
pub(super) struct Suppressed {
    by_file: HashMap<FileId, Vec<Entry>>,
    /// Comments without effect: where, why, what to do.
    without_effect: Vec<(Span, String, String)>,
    /// Files that other charts see as well: what is of no use here may be there.
    shared: HashSet<FileId>,
    today: crate::date::Date,
}

struct Entry {
    suppression: Suppression,
    used: bool,
}

impl Suppressed {
    /// Reads the comments of the files that have any.
    pub(super) fn of(
        sources: &SourceMap,
        given: &Given,
        policy: &Policy,
        request: &CheckRequest<'_>,
    ) -> Self {
        let mut this = Self {
            by_file: HashMap::new(),
            without_effect: Vec::new(),
            shared: given.added().collect(),
            today: request.today,
        };
        let names: Vec<&str> = rules::ALL.iter().map(|rule| rule.name).collect();
        for (id, file) in sources.iter() {
            let marked =
                memchr::memmem::find(file.text().as_bytes(), suppress::MARKER.as_bytes()).is_some();
            if !marked || given.is_set(id) {
                continue;
            }
            let mut good = Vec::new();
            for found in suppress::find(file.text(), &suppress::in_text(file.text()), &names) {
                match found {
                    Ok(suppression) => good.push(suppression),
                    Err(bad) => {
                        this.without_effect.push((Span::new(id, bad.span), bad.message, bad.help))
                    }
                }
            }
            if policy.inline() == Inline::Forbidden {
                this.refuse(
                    id,
                    good,
                    "the policy forbids inline suppressions",
                    "add an exception to the policy instead",
                );
                continue;
            }
            if let Some(trusted) = &request.trusted_suppressions {
                let (kept, refused) = trusted.part(file.path(), good);
                let why = "the trusted revision does not have this suppression";
                this.refuse(id, refused, why, "it counts once it is merged");
                good = kept;
            }
            let entries = good.into_iter().map(|suppression| Entry { suppression, used: false });
            this.by_file.insert(id, entries.collect());
        }
        this
    }

    fn refuse(&mut self, id: FileId, suppressions: Vec<Suppression>, why: &str, help: &str) {
        let refused = suppressions
            .into_iter()
            .map(|s| (Span::new(id, s.span), why.to_owned(), help.to_owned()));
        self.without_effect.extend(refused);
    }

    /// What permits a finding of a rule on a line, when there is a comment that does.
    pub(super) fn permits(
        &mut self,
        sources: &SourceMap,
        file: FileId,
        rule: &str,
        line: u32,
    ) -> Option<(HiddenBy, Comment)> {
        let today = self.today;
        let entries = self.by_file.get_mut(&file)?;
        let entry =
            entries.iter_mut().find(|entry| entry.suppression.permits(rule, line, today))?;
        entry.used = true;
        let Suppression { reason, until, span, .. } = &entry.suppression;
        let location = Location::new(sources, Span::new(file, span.clone()));
        Some((HiddenBy::Suppression(reason.clone()), Comment { location, until: *until }))
    }

    /// The findings about suppressions without effect.
    pub(super) fn findings(self, sources: &SourceMap, policy: &Policy) -> Vec<Finding> {
        let level = policy.level(UNUSED_SUPPRESSION.name);
        if level == Level::Off {
            return Vec::new();
        }
        let mut all = self.without_effect;
        for (file, entries) in self.by_file {
            let shared = self.shared.contains(&file);
            let unused = entries.into_iter().filter(|entry| !entry.used && !shared);
            for Entry { suppression, .. } in unused {
                let why = match suppression.until {
                    Some(until) if until < self.today => format!("its last day, {until}, is over"),
                    _ => "there is no such finding on its line".to_owned(),
                };
                all.push((
                    Span::new(file, suppression.span),
                    why,
                    "remove the comment, or correct it".to_owned(),
                ));
            }
        }
        let finding = |(span, why, help): (Span, String, String)| Finding {
            rule: UNUSED_SUPPRESSION.name,
            level,
            message: format!("this suppression has no effect: {why}"),
            reference: None,
            chart: None,
            primary: Label { location: Location::new(sources, span), text: "no effect".to_owned() },
            related: Vec::new(),
            help: vec![help],
            replacement: None,
            fix: None,
            fingerprint: sources.text(span).to_owned(),
        };
        all.into_iter().map(finding).collect()
    }
}
