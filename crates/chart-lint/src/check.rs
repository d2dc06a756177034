//! Judges charts and gives the finished report.

use crate::date::Date;
use crate::discover::{FoundChart, Problem};
use crate::model::{ChartSummary, Report};
use crate::scope::Scope;
use crate::suppress::TrustedSuppressions;
use std::path::PathBuf;
use std::sync::Arc;

/// What to judge, and by what.
pub struct CheckRequest<'a> {
    /// The absolute folder that every path of the report is relative to.
    pub root: PathBuf,
    /// The charts, by path.
    pub charts: Vec<FoundChart>,
    /// When single files or folders inside of a chart were given: charts are
    /// judged as a whole, and only findings whose primary label lies in here
    /// are reported.
    pub only: Option<Scope>,
    /// Given files that belong to no chart; the report counts them.
    pub outside: Vec<String>,
    /// Folders that could not be searched; each becomes an `unreadable-file`.
    pub problems: Vec<Problem>,
    /// Where policies come from.
    pub policies: PolicySource,
    /// The day on which exceptions and suppressions are judged.
    pub today: Date,
    /// When given, an inline suppression that it does not vouch for is treated
    /// as absent.
    pub trusted_suppressions: Option<TrustedSuppressions>,
    /// The same folder as `root` in a trusted revision, when there is one. What
    /// decides which files are read is not the present tree's word alone then:
    /// a file that a `.helmignore` hides is passed over only when the
    /// revision's `.helmignore` of that chart hides it too.
    pub trusted_root: Option<PathBuf>,
    /// Whether exceptions that permit nothing are findings.
    pub unused_exceptions: bool,
    /// Called after each chart with how many are done and how many there are;
    /// from any thread, in any order.
    pub progress: Option<Progress<'a>>,
}

/// Is told how many charts are done, and how many there are.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// Where policies come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicySource {
    /// For each chart the nearest policy file at or above its folder. The
    /// report names it by its path relative to `root`.
    Nearest {
        /// The folder that stands for the root when policies are looked for:
        /// the root itself, or the same folder of a trusted revision.
        root: PathBuf,
        /// The last folder to look in: at or above `root`.
        top: PathBuf,
    },
    /// This file, for every chart.
    File {
        /// The file to read.
        read: PathBuf,
        /// How the report names it.
        display: String,
    },
}

/// Judges the charts. The report is complete and sorted; known findings of a
/// baseline or a revision are not yet hidden, see [`crate::baseline::apply`]
/// and [`crate::since::apply`].
pub fn check(request: &CheckRequest<'_>) -> Report {
    let mut report = Report { outside: request.outside.clone(), ..Report::default() };
    for (done, chart) in request.charts.iter().enumerate() {
        stand_in(request, chart, &mut report);
        if let Some(progress) = request.progress {
            progress(done + 1, request.charts.len());
        }
    }
    crate::fingerprint::assign(&mut report.findings, |finding| finding.message.clone());
    report
}

/// Until extraction and rules land: every `image: ghcr.io/…` of a values.yaml
/// is disallowed, unless the policy has exceptions.
fn stand_in(request: &CheckRequest<'_>, chart: &FoundChart, report: &mut Report) {
    use crate::model::{Finding, Hidden, HiddenBy, Label, Level, Location};
    use helm_engine::source::{SourceMap, Span};
    let policy = match &request.policies {
        PolicySource::File { read, .. } => Some(read.clone()),
        PolicySource::Nearest { root, top } => root
            .join(&chart.display)
            .ancestors()
            .take_while(|folder| folder.starts_with(top))
            .map(|folder| folder.join("image-policy.yaml"))
            .find(|file| file.is_file()),
    };
    let policy = policy.and_then(|file| std::fs::read_to_string(file).ok()).unwrap_or_default();
    report.charts.push(ChartSummary {
        path: Arc::from(chart.display.as_str()),
        name: None,
        policy: Arc::from("built-in"),
    });
    let Ok(text) = std::fs::read_to_string(chart.dir.join("values.yaml")) else { return };
    let path = match &*chart.display {
        "." => "values.yaml".to_owned(),
        folder => format!("{folder}/values.yaml"),
    };
    let mut sources = SourceMap::new();
    let file = sources.add(&*path, &*text);
    let rules = crate::rules::ALL.map(|rule| rule.name);
    let comments = crate::suppress::in_text(&text);
    let found = crate::suppress::find(&text, &comments, &rules);
    let mut suppressions: Vec<_> = found.into_iter().flatten().collect();
    if let Some(trusted) = &request.trusted_suppressions {
        suppressions = trusted.part(&path, suppressions).0;
    }
    for (at, _) in text.match_indices("image: ghcr.io/").filter(|_| !policy.contains("exceptions"))
    {
        let start = at + "image: ".len();
        let end = start + text[start..].find(char::is_whitespace).unwrap_or(text.len() - start);
        let location = Location::new(&sources, Span::new(file, start..end));
        let line = location.start.line;
        let finding = Finding {
            rule: "disallowed-registry",
            level: Level::Error,
            message: format!("`{}` comes from ghcr.io, which is disallowed", &text[start..end]),
            reference: Some(text[start..end].to_owned()),
            chart: Some(Arc::from(chart.display.as_str())),
            primary: Label { location, text: "disallowed registry".into() },
            related: Vec::new(),
            help: Vec::new(),
            replacement: None,
            fingerprint: String::new(),
        };
        if request.only.as_ref().is_some_and(|only| !only.covers(&path)) {
            continue;
        }
        let permits =
            |s: &&crate::suppress::Suppression| s.permits(finding.rule, line, request.today);
        match suppressions.iter().find(permits) {
            Some(s) => {
                let because = HiddenBy::Suppression(s.reason.clone());
                report.hidden.push(Hidden { finding, because });
            }
            None => report.findings.push(finding),
        }
    }
}
