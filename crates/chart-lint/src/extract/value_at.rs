//! How far the value reaches that a template prints at a place.

use helm_engine::source::{SourceMap, Span};

/// The value at a place in a template: its actions and what stands between them, to the
/// end of the line, without quotes and without the rest of a flow collection. A span
/// that is not empty stays as it is.
pub(super) fn value_at(sources: &SourceMap, site: Span) -> Span {
    if site.start < site.end {
        return site;
    }
    let text = sources.file(site.file).text();
    let line = text.get(site.start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let start = line.len() - line.trim_start().len();
    let quote = |c: Option<char>| c.filter(|c| matches!(c, '"' | '\''));
    let opens = quote(line[start..].chars().next());
    let opened = || quote(text.get(..site.start).and_then(|before| before.chars().next_back()));
    let start = start + usize::from(opens.is_some());
    let end = start + extent(&line[start..], opens.or_else(opened));
    Span::new(site.file, site.start + start..site.start + end)
}

/// The length of a value at the beginning of a text.
fn extent(text: &str, quote: Option<char>) -> usize {
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        // What stands in an action ends nothing.
        if rest.starts_with("{{") {
            at += rest.find("}}").map_or(rest.len(), |end| end + 2);
            continue;
        }
        let ends = match quote {
            Some(quote) => c == quote,
            None => matches!(c, ',' | '}' | ']') || rest.starts_with(" #"),
        };
        if ends {
            break;
        }
        at += c.len_utf8();
    }
    if quote.is_some() { at } else { text[..at].trim_end().len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_ends_where_yaml_ends_it() {
        for (text, value) in [
            ("image: @{{ .a }}:{{ .b }}  \nx: 1", "{{ .a }}:{{ .b }}"),
            ("image: @\"{{ include \"x\" . }}:1\" # why", "{{ include \"x\" . }}:1"),
            ("image: \"@{{ .a }}\"\n", "{{ .a }}"),
            ("image: '@{{ .a }}'\n", "{{ .a }}"),
            ("- {image: @{{ .a }}, name: b}", "{{ .a }}"),
            ("- {name: b, image: @\"{{ .a }}\", x: [\"\"]}", "{{ .a }}"),
            ("- {name: b, image: @{{ .a }} }", "{{ .a }}"),
            ("[@{{ .a }}]", "{{ .a }}"),
            (
                "image: @{{ if .r }}{{ .r }} {{ end }}{{ .a }} # b",
                "{{ if .r }}{{ .r }} {{ end }}{{ .a }}",
            ),
            ("image: @{{ .a", "{{ .a"),
            ("image:@\n  x", ""),
        ] {
            let at = text.find('@').unwrap();
            let mut sources = SourceMap::new();
            let file = sources.add("a", text.replacen('@', "", 1));
            let span = value_at(&sources, Span::new(file, at..at));
            assert_eq!(sources.text(span), value, "{text}");
        }
    }
}
