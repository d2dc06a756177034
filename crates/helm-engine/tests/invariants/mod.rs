//! What holds for every chart, right or wrong. The fuzz targets check it too.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use helm_engine::chart::{Chart, ChartFile, FileKind, FileState, Origin};
use helm_engine::evaluate::{Error, Print, Source, Under, Via, Visitor};
use helm_engine::render::{Cache, Explore, Manifest, Options, Rendered, explore, render_with};
use helm_engine::source::{SourceMap, Span};
use helm_engine::value::{self, Text};
use std::ops::Range;

/// A chart of these files, which are on no disk.
pub fn chart(files: &[(&str, &str)]) -> (SourceMap, Chart) {
    let mut sources = SourceMap::new();
    let metadata = sources.add("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n");
    let mut chart = Chart {
        path: "c".to_owned(),
        origin: Origin::Folder,
        chart_yaml: Some(metadata),
        api_version: Some("v2".to_owned()),
        name: Some("c".to_owned()),
        version: Some("1.0.0".to_owned()),
        app_version: None,
        dependencies: Vec::new(),
        files: Vec::new(),
        subcharts: Vec::new(),
        problems: Vec::new(),
    };
    for (path, text) in files {
        let display = format!("c/{path}");
        let state = FileState::Loaded(sources.add(&*display, *text));
        let kind = match *path {
            "values.yaml" => FileKind::Values,
            path if path.starts_with("templates/") => FileKind::Template,
            _ => FileKind::Text,
        };
        chart.files.push(ChartFile { path: (*path).to_owned(), display, link: None, kind, state });
    }
    (sources, chart)
}

/// Renders a chart, explores it, and renders it once more: exploring leaves no trace,
/// and every byte's origin is a place in the sources.
pub fn evaluated(sources: &SourceMap, chart: &Chart, options: &Options) {
    let mut cache = Cache::default();
    let before = render_with(&mut cache, sources, chart, options);
    rendered(sources, &before);
    let mut explorer = Explorer { sources, exact: Vec::new(), seen: 0 };
    let explored = explore(&mut cache, sources, chart, options, &mut explorer);
    rendered(sources, &explored);
    assert_eq!(explorer.exact, results(&before.manifests), "exploring changes what is exact");
    let after = render_with(&mut cache, sources, chart, options);
    assert_eq!(results(&after.manifests), results(&before.manifests), "exploring leaves a trace");
}

/// Checks what must hold of everything that was rendered.
pub fn rendered(sources: &SourceMap, rendered: &Rendered) {
    for manifest in &rendered.manifests {
        match &manifest.result {
            Ok(text) => origins(sources, text),
            Err(error) => failure(sources, error),
        }
    }
}

/// What a manifest gave, with the origin of every byte.
type Given = Result<(Vec<u8>, Vec<(Range<usize>, value::Origin)>), String>;

fn results(manifests: &[Manifest]) -> Vec<Given> {
    let given = |manifest: &Manifest| match &manifest.result {
        Ok(text) => {
            let runs = text.runs().map(|(range, origin)| (range, origin.clone()));
            Ok((text.bytes().to_vec(), runs.collect()))
        }
        Err(error) => Err(error.to_string()),
    };
    manifests.iter().map(given).collect()
}

/// Runs tile a text, and each of them comes from bytes that are there: the same
/// ones, where it says that they are copied.
pub fn origins(sources: &SourceMap, text: &Text) {
    let mut at = 0;
    for (range, origin) in text.runs() {
        assert_eq!(range.start, at);
        assert!(!range.is_empty());
        at = range.end;
        for span in origin.spans(range.len()) {
            within(sources, span);
            if let value::Origin::Copied { .. } = origin {
                let source = sources.file(span.file).text().as_bytes();
                assert_eq!(source[span.range()], text.bytes()[range.clone()]);
            }
        }
    }
    assert_eq!(at, text.len());
}

fn within(sources: &SourceMap, span: Span) {
    assert!(span.start <= span.end);
    assert!(span.end <= sources.file(span.file).text().len());
}

fn failure(sources: &SourceMap, error: &Error) {
    assert!(!error.to_string().is_empty());
    for frame in &error.frames {
        frame.place.spans.iter().for_each(|span| within(sources, *span));
        if let Via::Tpl(text) = &frame.via {
            origins(sources, text);
        }
    }
}

/// Looks at all that is explored, and takes some of it for new.
struct Explorer<'s> {
    sources: &'s SourceMap,
    exact: Vec<Given>,
    seen: usize,
}

impl Explore for Explorer<'_> {
    fn exact(&mut self, manifests: &[Manifest]) {
        self.exact = results(manifests);
    }
}

impl Visitor for Explorer<'_> {
    fn news(&mut self, print: &Print<'_>) -> Vec<Source> {
        origins(self.sources, print.text);
        let spans = print.text.spans(0..print.text.len());
        let source = |span: &Span| Source { copied: vec![*span], printed: vec![*span] };
        spans.iter().take(print.text.len() % 3).map(source).collect()
    }

    fn take(&mut self, print: &Print<'_>, under: Under<'_>) -> usize {
        origins(self.sources, print.text);
        let spans = print.text.spans(0..print.text.len());
        let source = Source { copied: spans.into_iter().take(1).collect(), printed: Vec::new() };
        for condition in under(&source).into_iter().flatten() {
            assert!(!condition.text.is_empty());
            condition.span.iter().for_each(|span| within(self.sources, *span));
        }
        self.seen += 1;
        self.seen % 2
    }
}
