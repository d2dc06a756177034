//! Whatever stands in a template, evaluating it ends in a text or an error.

mod invariants;

use helm_engine::evaluate;
use helm_engine::functions;
use helm_engine::render::Options;
use proptest::prelude::*;

const VALUES: &str = "a: text\nb: 3\nc: [1, x, null, {d: 2.5}]\nd: {e: {f: '{{ .Values.a }}'}, n: null}\n\
                      t: true\ne: ''\nbig: 1e300\nu: 'é😀'\n";

/// Values, as arguments of functions.
fn operand() -> impl Strategy<Value = String> {
    let leaves = prop::sample::select(vec![
        ".",
        "$",
        "nil",
        "true",
        "0",
        "-1",
        "1.5",
        "9223372036854775807",
        "\"\"",
        "\"a,b\"",
        "`é\\`",
        "'x'",
        ".Values",
        ".Values.a",
        ".Values.b",
        ".Values.c",
        ".Values.d",
        ".Values.d.e.f",
        ".Values.missing",
        ".Values.missing.x",
        ".Values.big",
        ".Values.u",
        ".Chart",
        ".Files",
        ".Capabilities",
        ".Release.Name",
        "(list 1 2 3)",
        "(dict \"k\" 1)",
        "(now)",
        "(semver \"1.2.3\")",
        "(.Files.Glob \"*\")",
        "\"1h\"",
        "\"{{ . }}\"",
        "\"(\"",
        "(until 3)",
        "\"%5d%s%[9]q\"",
        "\"2006-01-02\"",
        "99999999",
    ]);
    leaves.prop_map(str::to_owned)
}

fn pipeline() -> impl Strategy<Value = String> {
    let names: Vec<&str> = functions::names().chain(evaluate::SPECIAL).collect();
    let call = (prop::sample::select(names), prop::collection::vec(operand(), 0..5))
        .prop_map(|(name, arguments)| format!("{name} {}", arguments.join(" ")))
        .boxed();
    let first = prop_oneof![operand(), call.clone()];
    (first, prop::collection::vec(call, 0..3)).prop_map(|(first, rest)| {
        std::iter::once(first).chain(rest).collect::<Vec<_>>().join(" | ")
    })
}

fn template() -> impl Strategy<Value = String> {
    (pipeline(), prop::sample::select(vec!["", "if", "with", "range", "range $i, $x :=", "$x :="]))
        .prop_map(|(pipeline, head)| match head {
            "" => format!("{{{{ {pipeline} }}}}"),
            "$x :=" => format!("{{{{ $x := {pipeline} }}}}{{{{ $x.a }}}}"),
            head => format!("{{{{ {head} {pipeline} }}}}{{{{ . }}}}{{{{ else }}}}x{{{{ end }}}}"),
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_render_ends_in_a_text_or_an_error(templates in prop::collection::vec(template(), 8)) {
        let names: Vec<String> =
            (0..templates.len()).map(|index| format!("templates/{index}.yaml")).collect();
        let mut files = vec![("values.yaml", VALUES), ("f.txt", "x\n")];
        files.extend(names.iter().map(String::as_str).zip(templates.iter().map(String::as_str)));
        let (sources, chart) = invariants::chart(&files);
        let options = Options { bytes: 1 << 20, steps: 10_000, ..Options::default() };
        invariants::evaluated(&sources, &chart, &options);
    }
}
