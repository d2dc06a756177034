//! Templates that would take all memory, all time or the whole stack end in an error
//! that names the limit, and soon.

#![allow(clippy::unwrap_used, clippy::panic)] // a failed test is meant to panic

mod invariants;

use helm_engine::evaluate::with_stack;
use helm_engine::render::{Options, render};

const TEXT: &str = "more text than the limit allows";
const STEPS: &str = "more steps than the limit allows";
const DEEP_TEMPLATES: &str = "the templates nest deeper than the limit allows";
const INCLUSIONS: &str = "rendering template has a nested reference name";
const DEEP_VALUES: &str = "deeper than the limit of 256 levels";
const TPL: &str = "longer than the limit of 5 MiB";

/// Bytes and steps.
type Limits = (usize, usize);

/// Small limits, so that the tests are quick; what reaches them reaches larger ones.
const SMALL: Limits = (8 << 20, 100_000);
const USUAL: Limits = (256 << 20, 10_000_000);

/// Why a template fails, if it does.
fn said(template: &str, (bytes, steps): Limits) -> Option<String> {
    let (sources, chart) = invariants::chart(&[("templates/t.yaml", template)]);
    with_stack(|| {
        let options = Options { bytes, steps, ..Options::default() };
        render(&sources, &chart, &options).error().map(ToString::to_string)
    })
}

#[track_caller]
fn failure(template: &str, limits: Limits) -> String {
    said(template, limits).unwrap_or_else(|| panic!("no error: {template}"))
}

#[track_caller]
fn fail_with(limit: &str, templates: &[&str]) {
    for template in templates {
        let message = failure(template, SMALL);
        assert!(message.contains(limit), "{template}\n{message}");
    }
}

#[test]
fn recursion() {
    fail_with(
        INCLUSIONS,
        &[
            "{{define `f`}}{{include `f` .}}{{end}}{{include `f` .}}",
            "{{define `f`}}{{include `g` .}}{{end}}{{define `g`}}{{include `f` .}}{{end}}{{include `f` .}}",
            "{{define `f`}}{{template `g` .}}{{end}}{{define `g`}}{{include `f` .}}{{end}}{{include `f` .}}",
            "{{define `f`}}{{tpl \"{{include `f` .}}\" .}}{{end}}{{include `f` .}}",
        ],
    );
    fail_with(
        DEEP_TEMPLATES,
        &["{{$_ := set .Values `t` `{{tpl .Values.t .}}`}}{{tpl .Values.t .}}"],
    );
    let endless = "{{define `f`}}{{template `f` .}}{{end}}{{template `f` .}}";
    assert!(failure(endless, USUAL).contains(DEEP_TEMPLATES));
}

#[test]
fn loops() {
    fail_with(
        STEPS,
        &[
            "{{range 1000000000}}x{{end}}",
            "{{range 1000000000}}{{end}}",
            "{{range 9223372036854775807}}{{end}}",
            "{{range 100000}}{{range 100000}}{{end}}{{end}}",
            "{{range 100000}}{{range 100000}}{{continue}}{{end}}{{end}}",
        ],
    );
    fail_with(
        TEXT,
        &[
            "{{range until 1000000000}}{{end}}",
            "{{range untilStep 0 1000000000 1}}{{end}}",
            "{{range untilStep 1000000000 0 -1}}{{end}}",
            "{{seq 1000000000}}",
        ],
    );
}

#[test]
fn text() {
    fail_with(
        TEXT,
        &[
            "{{repeat 1000000000 `x`}}",
            "{{repeat 100000 `x` | repeat 100000}}",
            "{{indent 1000000000 `x`}}",
            "{{nindent 1000000000 `x`}}",
            "{{repeat 100000 `\\n` | replace `n` `a\n` | indent 100000}}",
            "{{printf \"%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d\" 1 2 3 4 5 6 7 8 9}}",
            "{{range 100}}{{printf \"%*d\" 999999 1}}{{end}}",
            "{{$x := `xxxxxxxx`}}{{range 64}}{{$x = printf \"%s%s\" $x $x}}{{end}}",
            "{{$x := `xxxxxxxx`}}{{range 64}}{{$x = cat $x $x}}{{end}}",
            "{{$x := `xxxxxxxx`}}{{range 64}}{{$x = replace `x` `xx` $x}}{{end}}",
            "{{$x := list 1}}{{range 64}}{{$x = concat $x $x}}{{end}}",
            "{{$x := list 1}}{{range 10000}}{{$x = append $x 1}}{{end}}",
            "{{regexReplaceAll `a` (repeat 20000 `a`) (repeat 20000 `b`)}}",
        ],
    );
}

#[test]
fn what_is_slow_for_its_length_counts_for_more() {
    let constraint = ">=1.0.0 <2.0.0 || 3.x || 4.x || 5.x";
    let template =
        format!("{{{{range 30000}}}}{{{{semverCompare `{constraint}` `1.2.3`}}}}{{{{end}}}}");
    fail_with(TEXT, &[&template]);
}

#[test]
fn text_of_tiny_pieces_counts_what_it_takes() {
    // A byte from elsewhere than its neighbours takes more than a byte.
    fail_with(TEXT, &["{{repeat 1000000 `x`}}", "{{range 20}}{{repeat 50000 `x`}}{{end}}"]);
}

#[test]
fn widths_that_go_refuses_are_refused_as_go_does() {
    let (sources, chart) = invariants::chart(&[(
        "templates/t.yaml",
        "{{printf \"%1000000000d\" 1}} {{printf \"%*d\" 1000000000 1}} {{printf \"%.*f\" 1000000000 1.5}}",
    )]);
    let rendered = render(&sources, &chart, &Options::default());
    let text = rendered.manifests[0].result.as_ref().unwrap();
    assert_eq!(text.as_str(), "%!(NOVERB)%!(EXTRA int=1) %!(BADWIDTH)1 %!(BADPREC)1.500000");
}

#[test]
fn regular_expressions() {
    let fails = |template| assert!(failure(template, (SMALL.0, 5_000)).contains(STEPS));
    fails("{{regexReplaceAll `a` (repeat 1000 `a`) (repeat 1000 `$0`)}}");
    // Each search looks to the end, and finds one letter.
    fails("{{regexReplaceAll `x+!|x` (repeat 10000 `x`) ``}}");
    fails("{{regexFindAll `x+!|x` (repeat 10000 `x`) -1}}");
    fail_with(
        TEXT,
        &[
            "{{range $i, $_ := until 1000}}{{regexMatch (printf `[a-z]{%d}x` (mod $i 500)) `a`}}{{end}}",
        ],
    );
}

#[test]
fn what_looks_through_large_arguments_takes_steps() {
    for call in [
        "hasKey $m $x",
        "contains `y` $x",
        "eq $x $y",
        "hasSuffix `y` $x",
        "regexMatch `y` $x",
        "has -1 $l",
        "len (sha256sum $x)",
        "atoi $x",
    ] {
        let template = format!(
            "{{{{$x := repeat 100000 `0`}}}}{{{{$y := print $x}}}}{{{{$m := dict $x 1}}}}\
             {{{{$l := until 20000}}}}{{{{range 2000}}}}{{{{$_ := {call}}}}}{{{{end}}}}"
        );
        let message = failure(&template, (SMALL.0, 20_000));
        assert!(message.contains(STEPS) || message.contains(TEXT), "{call}: {message}");
    }
}

#[test]
fn values_within_themselves() {
    fail_with(
        DEEP_VALUES,
        &[
            "{{$_ := set . `self` .}}{{print .}}",
            "{{$_ := set . `self` .}}{{deepCopy .}}",
            "{{$m := dict}}{{$_ := set $m `m` $m}}{{merge $m $m}}",
            "{{$m := dict}}{{$_ := set $m `m` $m}}{{mergeOverwrite $m (dict `m` $m)}}",
            "{{$m := dict}}{{$_ := set $m `m` $m}}{{$n := dict}}{{$_ := set $n `m` $n}}{{eq $m $n}}",
        ],
    );
    // Go has words of its own for it; toYaml and toJson are empty where these fail.
    fail_with(
        "encountered a cycle",
        &["{{$_ := set . `self` .}}{{mustToYaml .}}", "{{$_ := set . `self` .}}{{mustToJson .}}"],
    );
}

#[test]
fn values_that_nest_deeper_than_the_stack() {
    for nest in ["dict `a` $x", "list $x", "tuple (dict `a` (list $x))"] {
        let template = format!(
            "{{{{$x := dict}}}}{{{{range 200000}}}}{{{{$x = {nest}}}}}{{{{end}}}}{{{{print $x}}}}"
        );
        assert!(failure(&template, USUAL).contains(DEEP_VALUES), "{nest}");
    }
}

#[test]
fn values_that_share_what_they_hold() {
    for (call, limit) in [
        ("print $x", TEXT),
        ("toYaml $x", TEXT),
        ("mustToJson $x", TEXT),
        ("quote $x", TEXT),
        ("join `,` $x", TEXT),
        ("sortAlpha (list $x)", TEXT),
        ("deepCopy $x", TEXT),
        ("deepEqual $x $y", STEPS),
        ("uniq (list $x $y)", STEPS),
        ("has $x (list $y)", STEPS),
        ("without (list $x) $y", STEPS),
    ] {
        let template = format!(
            "{{{{$x := list 1}}}}{{{{$y := list 1}}}}{{{{range 60}}}}\
             {{{{$x = list $x $x}}}}{{{{$y = list $y $y}}}}{{{{end}}}}{{{{{call}}}}}"
        );
        let message = failure(&template, SMALL);
        assert!(message.contains(limit), "{call}: {message}");
    }
}

#[test]
fn large_keys() {
    for call in [
        "$_ := set $m $k 1",
        "$_ := unset $m $k",
        "$_ := dict $k 1",
        "$_ := pick $m $k",
        "$_ := omit $m $k",
        "$_ := merge (dict) $m",
        "$_ := keys $m",
    ] {
        let template = format!(
            "{{{{$k := repeat 60000 `k`}}}}{{{{$m := dict $k 1}}}}{{{{range 1000}}}}{{{{{call}}}}}{{{{end}}}}"
        );
        let message = failure(&template, SMALL);
        assert!(message.contains(TEXT), "{call}: {message}");
    }
}

#[test]
fn long_texts_for_tpl() {
    for text in ["{{1}}x", "{{", "{{/* x */}}"] {
        let count = (6 << 20) / text.len();
        let template = format!("{{{{tpl (repeat {count} \"{text}\") .}}}}");
        let message = failure(&template, USUAL);
        assert!(message.contains(TPL), "{text}: {message}");
    }
}

#[test]
fn texts_that_nest_deep_or_long() {
    let nested = |open: &str, close: &str| open.repeat(200_000) + &close.repeat(200_000);
    for (template, limit) in [
        (nested("{{if 1}}", "{{end}}"), "nest"),
        (nested("{{with 1}}", "{{end}}"), "nest"),
        (format!("{{{{{}}}}}", nested("(", ")")), "nest"),
        (format!("{{{{if 0}}}}{}{{{{end}}}}", "{{else if 0}}".repeat(200_000)), "nest"),
        (format!("{{{{fromJson `{}`}}}}", "[".repeat(100_000)), ""),
    ] {
        match said(&template, USUAL) {
            Some(error) => assert!(error.contains(limit), "{error}"),
            None => assert_eq!(limit, ""),
        }
    }
}

#[test]
fn many_definitions_variables_and_pipes_are_only_many() {
    let defines: String =
        (0..50_000).map(|index| format!("{{{{define \"d{index}\"}}}}x{{{{end}}}}")).collect();
    for template in [
        defines,
        "{{$x := 1}}".repeat(20_000) + &"{{$x}}".repeat(1_000),
        format!("{{{{1{}}}}}", " | add 1".repeat(20_000)),
        format!("{{{{add{}}}}}", " 1".repeat(20_000)),
    ] {
        assert_eq!(said(&template, USUAL), None);
    }
}

#[test]
fn what_is_explored_has_the_same_limits() {
    for body in [
        "{{range 1000000000}}x{{end}}",
        "{{repeat 1000000000 `x`}}",
        "{{$k := repeat 60000 `k`}}{{range 100000}}{{$_ := set $.Values $k 1}}{{end}}",
        "{{define `f`}}{{include `f` .}}{{end}}{{include `f` .}}",
        "{{$x := list}}{{range 100000}}{{$x = list $x}}{{end}}",
    ] {
        let template = format!("{{{{if .Values.off}}}}{body}\nimage: a/b:1\n{{{{end}}}}");
        let (sources, chart) = invariants::chart(&[("templates/t.yaml", &template)]);
        with_stack(|| {
            let options = Options { bytes: SMALL.0, steps: SMALL.1, ..Options::default() };
            invariants::evaluated(&sources, &chart, &options);
        });
    }
}
