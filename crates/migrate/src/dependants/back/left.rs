//! What is left to do in charts that depend on those that have new versions.

use super::super::asked::{Follows, Published, Stuck, follows, published};
use super::super::{FILES, Versions};
use super::Repository;
use crate::edit::{self, Edit};
use crate::lock;
use crate::migration::file_of;
use crate::rollback::name_of;
use chart_lint::discover::FoundChart;
use chart_lint::shell;
use helm_engine::values::admits;
use std::collections::{BTreeMap, BTreeSet};

impl Repository<'_> {
    /// What is left to do by hand when all have these versions but some, which stay.
    pub(super) fn left(&self, versions: &Versions, stay: &BTreeSet<&str>) -> Vec<String> {
        let names: BTreeMap<String, &(String, String)> = versions
            .iter()
            .filter(|(_, (before, after))| admits(&format!(">{before}"), after))
            .filter_map(|(folder, version)| Some((name_of(self.root, folder)?, version)))
            .collect();
        let mut notes = Vec::new();
        for chart in self.charts {
            for (file, lock) in FILES {
                let file = file_of(&chart.display, file);
                let Some(text) = self.texts.existing(&file) else { continue };
                let Follows { versions: exact, raised, stuck } =
                    follows(&text, &chart.display, versions);
                let word = shell::word(&chart.display);
                notes.extend(stuck.iter().map(|Stuck { name, range, version }| {
                    format!(
                        "{file} depends on {name} `{range}`, which does not admit its new version \
                         {version}: change the range, or `helm dependency update {word}` fails"
                    )
                }));
                let is_stuck = stay.contains(&*chart.display);
                let follows = !is_stuck && versions.contains_key(&chart.display);
                if !exact.is_empty() && !follows {
                    let why = match is_stuck {
                        true => "cannot follow with the copy that it has",
                        false => "has no version of its own that could be raised",
                    };
                    notes.push(format!(
                        "{file} depends on a chart that has a new version now, and {why}: name {} \
                         there, then run `helm dependency update {word}`",
                        named(&exact)
                    ));
                } else if !raised.is_empty() {
                    let lock = file_of(&chart.display, lock);
                    let names = (&*text, &*exact, &*raised);
                    notes.extend(self.for_helm(chart, follows, &lock, names).map(|what| {
                        format!(
                            "{} depends on a chart that has a new version now: run `helm \
                             dependency update {word}` for its {what}",
                            chart.display
                        )
                    }));
                }
                notes.extend(published(&text).into_iter().filter_map(|one| {
                    let Published { name, range, repository } = one;
                    let (_, version) = names.get(&name).filter(|(old, _)| admits(&range, old))?;
                    let how = match admits(&range, version) {
                        true => String::new(),
                        false => format!("set its version there to {version} and "),
                    };
                    Some(format!(
                        "{file} depends on {name} `{range}` of {repository}: where that is the \
                         chart here, {} gets what was taken back when {version} is published; then \
                         {how}run `helm dependency update {word}`",
                        chart.display
                    ))
                }));
            }
        }
        notes
    }

    /// What Helm has to write anew in a chart that depends on others, if anything.
    fn for_helm(
        &self,
        chart: &FoundChart,
        follows: bool,
        lock: &str,
        (text, exact, raised): (&str, &[Edit], &[lock::Raised]),
    ) -> Option<&'static str> {
        let locked = self.texts.existing(lock);
        let is_stale = locked.as_ref().is_some_and(|locked| {
            let after = edit::apply(text, exact).unwrap_or_default();
            let is_done = lock::is_of(&after, raised, locked);
            let is_to_be = follows && lock::edits(text, exact, raised, locked).is_some();
            !is_done && !is_to_be
        });
        let has_copies = chart.dir.join("charts").is_dir();
        match (is_stale, has_copies && (!exact.is_empty() || locked.is_some())) {
            (true, _) => Some("lock"),
            (false, true) => Some("charts/"),
            (false, false) => None,
        }
    }
}

/// Versions and those that they replace, in words.
fn named(exact: &[Edit]) -> String {
    let one = |edit: &Edit| format!("{} for {}", edit.after, edit.before);
    exact.iter().map(one).collect::<Vec<_>>().join(" and ")
}
