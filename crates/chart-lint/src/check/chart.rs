//! Judges one chart with its subcharts.

use super::defaults::Defaults;
use super::suppressions::Suppressed;
use super::{CheckRequest, places, ways};
use crate::deployment::Given;
use crate::discover::FoundChart;
use crate::extract::{self, Ask, Extracted, Found};
use crate::model::{
    ChartSummary, Evidence, FileOutcome, FileRecord, Finding, Hidden, Image, Level, Rendering,
    Role, Status,
};
use crate::policy::{Broken, Policies, Policy, Subject};
use crate::rules::{self, Draft, Judged, MISSING_DEPENDENCY, Runs};
use helm_engine::chart::{Chart, ChartFile, Dependency, FileKind, FileState, Limits, Origin, load};
use helm_engine::source::{SourceMap, Span};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// What judging one chart gave.
#[derive(Clone, Default)]
pub(super) struct ChartOutcome {
    pub(super) charts: Vec<ChartSummary>,
    pub(super) images: Vec<Image>,
    pub(super) findings: Vec<Finding>,
    pub(super) hidden: Vec<Hidden>,
    pub(super) files: Vec<FileRecord>,
    /// The policy, with the exceptions that permitted something.
    pub(super) policy: Option<(Arc<Policy>, BTreeSet<usize>)>,
    pub(super) broken: Option<Arc<Broken>>,
    /// What was too much to be evaluated.
    pub(super) unexplored: usize,
    /// What the chart renders, when that was asked for.
    pub(super) rendering: Option<(Arc<str>, Rendering)>,
}

/// Loads a chart and judges what is found in it.
pub(super) fn judge(
    found: &FoundChart,
    request: &CheckRequest<'_>,
    policies: &Policies<'_>,
) -> ChartOutcome {
    let policy = match policies.of_chart(&found.display) {
        Ok(policy) => policy,
        // Nothing is judged by a policy that is half understood.
        Err(broken) => return ChartOutcome { broken: Some(broken), ..ChartOutcome::default() },
    };
    let mut sources = SourceMap::new();
    let trusted_chart = request.trusted_root.as_ref().map(|root| root.join(&found.display));
    let limits = Limits {
        root: Some(request.root.clone()),
        trusted_chart,
        unwritten: Arc::clone(&request.unwritten),
        ..Limits::default()
    };
    let chart = load(&found.dir, &found.display, &limits, &mut sources);
    let given = request.deployment.load(&mut sources);
    let registries = extract::Registries::with(policy.hosts());
    let ask = Ask {
        evaluate: request.evaluate,
        ways: request.ways,
        rendering: request.renderings,
        given: &given,
        registries,
    };
    let mut extracted = extract::extract(&sources, &chart, ask);
    let rendering = extracted.first_mut().and_then(|part| part.rendering.take());
    let mut judge = ChartJudge {
        request,
        sources: &sources,
        given: &given,
        policy: &policy,
        parents: parents(&chart),
        used: BTreeSet::new(),
        lacks: chart.misses_dependencies(),
        drafts: Vec::new(),
        outcome: ChartOutcome {
            rendering: rendering.map(|rendering| (Arc::from(found.display.as_str()), rendering)),
            ..ChartOutcome::default()
        },
    };
    for part in &extracted {
        judge.part(part);
    }
    judge.drift(&chart, &extracted);
    judge.values_files();
    judge.finish()
}

struct ChartJudge<'a> {
    request: &'a CheckRequest<'a>,
    sources: &'a SourceMap,
    given: &'a Given,
    policy: &'a Arc<Policy>,
    /// The parent of each subchart, by the subchart's path.
    parents: HashMap<&'a str, &'a Chart>,
    used: BTreeSet<usize>,
    /// Whether a dependency is not vendored.
    lacks: bool,
    /// What the rules say, with what stays of each when lines move.
    drafts: Vec<(Draft, String, Arc<str>)>,
    outcome: ChartOutcome,
}

fn parents(chart: &Chart) -> HashMap<&str, &Chart> {
    let pairs = chart
        .tree()
        .into_iter()
        .flat_map(|parent| parent.subcharts.iter().map(move |sub| (sub.path.as_str(), parent)));
    pairs.collect()
}

impl ChartJudge<'_> {
    fn part(&mut self, part: &Extracted<'_>) {
        let path: Arc<str> = Arc::from(part.chart.path.as_str());
        self.outcome.charts.push(ChartSummary {
            path: path.clone(),
            name: part.chart.name.clone(),
            policy: Arc::from(self.policy.path()),
            bump: self.policy.bump(),
        });
        self.files(part, &path);
        self.outcome.unexplored += part.unexplored;
        let by_archive = self.archive_note(part.chart);
        let defaults = Defaults::of(self.sources, part.chart, &part.extraction.images);
        for found in part.extraction.images.iter().filter(|found| !defaults.repeats(found)) {
            self.image(part.chart, found, &path, by_archive.as_ref());
        }
        for invalid in &part.extraction.invalid {
            self.add(
                rules::invalid_reference(invalid),
                invalid.text.clone(),
                &path,
                by_archive.as_ref(),
            );
        }
        for unresolved in &part.extraction.unresolved {
            self.add(
                rules::unresolved_image(unresolved, self.lacks),
                unresolved.text.clone(),
                &path,
                by_archive.as_ref(),
            );
        }
        self.dependencies(part.chart, &path, by_archive.as_ref());
        for chart in &part.extraction.chart_registries {
            self.chart_registry(chart, &path);
        }
    }

    fn image(
        &mut self,
        chart: &Chart,
        found: &Found,
        path: &Arc<str>,
        by_archive: Option<&(Span, String)>,
    ) {
        let from = places::flags(self.sources, self.given, found);
        let primary_from = self.given.words(self.sources, found.primary);
        let why = self.request.ways.then(|| ways::all(self.sources, self.given, found));
        let placed = places::in_files(self.given, found);
        let found = placed.as_ref().unwrap_or(found);
        let name = found.reference.name();
        let paths: Vec<&str> = found
            .declarations
            .iter()
            .map(|(_, piece)| self.sources.file(piece.span.file).path())
            .collect();
        let subject = Subject {
            name: &name,
            // A digest that a template picks is a digest.
            pinned: found.reference.digest().is_some()
                || found.unknown.contains(&crate::model::Part::Digest),
            chart: path,
            chart_name: chart.name.as_deref(),
            paths: &paths,
        };
        let judgement = self.policy.judge(&subject, self.request.today);
        if let Some(exception) =
            judgement.exception.as_ref().filter(|exception| exception.unmet.is_none())
        {
            self.used.insert(exception.index);
        }
        // Half a name fits no replacement.
        let whole = !found.unknown.contains(&crate::model::Part::Repository);
        let moves = whole && judgement.status != Status::Allowed;
        let replacement = moves.then(|| self.policy.replacement(&found.reference)).flatten();
        // One that the policy forbids as well would have to move again.
        let replacement =
            replacement.filter(|to| self.policy.permits(to, &subject, self.request.today));
        let verdict = places::Verdict {
            policy: self.policy,
            judgement: &judgement,
            priority: self.policy.priority(&subject),
            replacement: replacement.as_ref(),
        };
        let mut image = places::image(self.sources, found, &name, path, &verdict);
        for (declaration, from) in image.declarations.iter_mut().zip(&from) {
            declaration.from.clone_from(from);
        }
        for (used, why) in image.uses.iter_mut().zip(why.into_iter().flatten()) {
            used.why = why;
        }
        self.outcome.images.push(image);
        let judged = Judged { found, judgement, replacement, from };
        let mut anchor = name.to_string();
        for key in &found.route {
            anchor.push('\u{0}');
            anchor.push_str(key);
        }
        let verified = self.request.verified.as_deref();
        let missing = verified.and_then(|verified| rules::replacement_missing(&judged, verified));
        for mut draft in rules::image(&judged, verified).into_iter().chain(missing) {
            if let Some(flag) = &primary_from {
                draft.primary_text.push_str(&format!(", from `{flag}`"));
            }
            self.add(draft, anchor.clone(), path, by_archive);
        }
    }

    /// The dependencies that are not vendored, each once whatever its aliases.
    fn dependencies(
        &mut self,
        chart: &Chart,
        path: &Arc<str>,
        by_archive: Option<&(Span, String)>,
    ) {
        let key = |d: &Dependency| (d.name.clone(), d.version.clone(), d.repository.clone());
        for (index, dependency) in chart.dependencies.iter().enumerate() {
            let (before, after) = chart.dependencies.split_at(index);
            if before.iter().any(|other| key(other) == key(dependency)) {
                continue;
            }
            let same: Vec<&Dependency> =
                after[1..].iter().filter(|other| key(other) == key(dependency)).collect();
            if let Some(draft) = rules::missing_dependency(chart, dependency, &same) {
                let anchor = dependency.name.clone().unwrap_or_default();
                self.add(draft, anchor, path, by_archive);
            }
        }
    }

    /// The lists of images in the chart's own Chart.yaml. A subchart's are not judged
    /// here: its parent may give it other images, and its publisher keeps its list.
    fn drift(&mut self, chart: &Chart, extracted: &[Extracted<'_>]) {
        let Some(root) = extracted.iter().find(|part| std::ptr::eq(part.chart, chart)) else {
            return;
        };
        let Some(&key) = root.extraction.lists.first().filter(|_| root.complete) else { return };
        // Of a list that is wrong itself there is something else to say.
        if root.extraction.invalid.iter().any(|invalid| invalid.span.file == key.file) {
            return;
        }
        let is_listed = |found: &&Found| found.evidence == Evidence::Annotation;
        let listed: Vec<&Found> = root.extraction.images.iter().filter(is_listed).collect();
        let of_tree = || extracted.iter().flat_map(|part| &part.extraction.images);
        let runs = Runs {
            all: of_tree().filter(|found| !is_listed(found)).collect(),
            own: root.extraction.images.iter().filter(|found| !is_listed(found)).collect(),
            listed_below: of_tree().filter(is_listed).collect(),
        };
        let path: Arc<str> = Arc::from(chart.path.as_str());
        for (draft, anchor) in rules::image_drift(key, &listed, &runs) {
            self.add(draft, anchor, &path, None);
        }
    }

    fn chart_registry(&mut self, chart: &extract::ChartRegistry, path: &Arc<str>) {
        let Ok(name) = image_ref::Name::parse(&chart.repository.text) else { return };
        let subject =
            Subject { name: &name, pinned: false, chart: path, chart_name: None, paths: &[] };
        let judgement = self.policy.judge(&subject, self.request.today);
        if judgement.status == Status::Disallowed {
            let mut draft = rules::chart_registry(chart, &name.registry);
            draft.decided_by = judgement.decided_by;
            self.add(draft, format!("{}\u{0}{name}", chart.dependency), path, None);
        }
    }

    /// Where the parent asks for a packaged chart: its bytes cannot be changed here.
    fn archive_note(&self, chart: &Chart) -> Option<(Span, String)> {
        let Origin::Archive(archive) = &chart.origin else { return None };
        let dependency = self.parents.get(chart.path.as_str())?.dependency_for(chart)?;
        let span = dependency.name_span.or(dependency.span)?;
        Some((span, format!("brings {}", archive.rsplit('/').next().unwrap_or(archive))))
    }

    fn add(
        &mut self,
        mut draft: Draft,
        anchor: String,
        path: &Arc<str>,
        by_archive: Option<&(Span, String)>,
    ) {
        draft.related.extend(by_archive.cloned());
        self.drafts.push((draft, anchor, path.clone()));
    }

    /// The files of a deployment that are none of the chart's own.
    fn values_files(&mut self) {
        for file in self.given.added() {
            self.outcome.files.push(FileRecord {
                path: self.sources.file(file).path().to_owned(),
                outcome: FileOutcome::Read(FileKind::Values.as_str()),
            });
        }
    }

    fn files(&mut self, part: &Extracted<'_>, path: &Arc<str>) {
        for problem in &part.chart.problems {
            let finding = places::problem(self.sources, problem, path);
            self.outcome.findings.push(finding);
            self.outcome.files.push(FileRecord {
                path: problem.path.clone(),
                outcome: FileOutcome::Failed(problem.message.clone()),
            });
        }
        for file in &part.chart.files {
            let outcome = self.file(file, part, path);
            self.outcome.files.push(FileRecord { path: file.display.clone(), outcome });
        }
    }

    fn file(&mut self, file: &ChartFile, part: &Extracted<'_>, path: &Arc<str>) -> FileOutcome {
        match &file.state {
            FileState::Skipped(reason) => FileOutcome::Skipped(reason.to_string()),
            FileState::Failed(problem) => {
                self.outcome.findings.push(places::problem(self.sources, problem, path));
                FileOutcome::Failed(problem.message.clone())
            }
            FileState::Loaded(_) if file.kind == FileKind::Text && !part.brings_files => {
                FileOutcome::Skipped("no template of the chart reads .Files".to_owned())
            }
            FileState::Loaded(id) => {
                let Some((_, flaw)) = part.flawed.iter().find(|(flawed, _)| flawed == id) else {
                    return FileOutcome::Read(file.kind.as_str());
                };
                // The chart's own problem says it already.
                if !part.chart.problems.iter().any(|problem| problem.path == file.display) {
                    self.outcome.findings.push(places::flawed(self.sources, *id, flaw, path));
                }
                FileOutcome::Failed(flaw.message.clone())
            }
        }
    }

    fn finish(self) -> ChartOutcome {
        let Self { sources, given, policy, request, used, drafts, mut outcome, .. } = self;
        let mut suppressed = Suppressed::of(sources, given, policy, request);
        for (draft, anchor, path) in drafts {
            let required = request.require_dependencies && draft.rule == MISSING_DEPENDENCY;
            let level = match required {
                true => Level::Error,
                false => policy.level(draft.rule.name).max(draft.at_most),
            };
            if level == Level::Off {
                continue;
            }
            let span = draft.primary;
            let finding = places::finding(sources, policy, draft, level, anchor, &path);
            let line = finding.primary.location.start.line;
            match suppressed.permits(sources, span.file, finding.rule, line) {
                Some((because, comment)) => {
                    outcome.hidden.push(Hidden { finding, because, comment: Some(comment) });
                }
                None => outcome.findings.push(finding),
            }
        }
        outcome.findings.extend(suppressed.findings(sources, policy));
        for image in &mut outcome.images {
            image.declarations.dedup();
        }
        outcome.policy = Some((policy.clone(), used));
        outcome
    }
}

/// The role of an image whose uses tell none: what runs is what matters most.
pub(super) const DEFAULT_ROLE: Role = Role::Runtime;
