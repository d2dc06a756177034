//! Every kind of mistake that a policy file can have is told at its bytes.

use chart_lint::policy::Policy;

/// A policy, the bytes under its one mistake, and a part of what is said of them.
type Case = (&'static str, &'static str, &'static str);

const STRUCTURE: [Case; 15] = [
    ("", "", "the policy is empty"),
    ("# nothing\n", "#", "the policy is empty"),
    ("- version: 1\n", "- version: 1", "a map has to stand here, not a list"),
    ("policy\n", "policy", "a map has to stand here, not `policy`"),
    ("registries: {}\n", "registries", "`version` is missing"),
    ("version: 2\n", "2", "this version of the format is not known"),
    ("version: 1.5\n", "1.5", "this version of the format is not known"),
    ("version: one\n", "one", "the number 1 has to stand here, not `one`"),
    ("version: \"1\"\n", "\"1\"", "the number 1 has to stand here, not `1`"),
    ("version: 1\nversion: 1\n", "version", "the key `version` stands here for the second time"),
    ("version: 1\n---\nversion: 1\n", "version: 1", "a policy is one document"),
    ("version: 1\nregistry: {}\n", "registry", "unknown key `registry`"),
    ("version: 1\nregistries: {forbidden: []}\n", "forbidden", "unknown key `forbidden`"),
    ("version: 1\nregistries: []\n", "[]", "a map has to stand here, not a list"),
    ("version: 1\nregistries:\n", "", "a map has to stand here, not nothing"),
];

const REGISTRIES: [Case; 12] = [
    ("version: 1\nregistries: {allowed: ghcr.io}\n", "ghcr.io", "a list has to stand here"),
    ("version: 1\nregistries: {allowed: [1]}\n", "1", "text has to stand here, not `1`"),
    (
        "version: 1\nregistries: {allowed: [{a: b}]}\n",
        "{a: b}",
        "text has to stand here, not a map",
    ),
    ("version: 1\nregistries: {allowed: ['']}\n", "''", "this is empty"),
    ("version: 1\nregistries: {allowed: [ghcr.io/x]}\n", "/x", "a registry has no `/`"),
    ("version: 1\nregistries: {allowed: ['a*.io']}\n", "a*", "`*` stands for a whole label"),
    ("version: 1\nregistries: {allowed: [gh cr.io]}\n", " ", "' ' cannot stand in a registry"),
    (
        "version: 1\nregistries: {allowed: [ghcr..io]}\n",
        "ghcr..io",
        "a label between two dots is empty",
    ),
    ("version: 1\nregistries: {unlisted: eror}\n", "eror", "unknown value `eror`"),
    ("version: 1\nregistries: {unlisted: }\n", "", "one of `error`, `warning`, `note`, `off` has"),
    ("version: 1\nregistries: {unlisted: [off]}\n", "[off]", "has to stand here, not a list"),
    (
        "version: 1\nregistries: {allowed: [GHCR.io], disallowed: [GHCR.io]}\n",
        "GHCR.io",
        "`GHCR.io` is disallowed too",
    ),
];

const ENTRIES: [Case; 21] = [
    ("version: 1\nexceptions: {}\n", "{}", "a list has to stand here, not a map"),
    ("version: 1\nexceptions: [a]\n", "a", "a map has to stand here, not `a`"),
    ("version: 1\nexceptions:\n  - reason: r\n", "reason", "`images` is missing"),
    ("version: 1\nexceptions:\n  - images: [a/b]\n", "images", "`reason` is missing"),
    (
        "version: 1\nexceptions:\n  - {images: [], reason: r}\n",
        "{images: [], reason: r}",
        "names no images",
    ),
    ("version: 1\nexceptions:\n  - {images: [a/b], reason: ' '}\n", "' '", "this is empty"),
    (
        "version: 1\nexceptions:\n  - {images: [a/b], reason: 5}\n",
        "5",
        "text has to stand here, not `5`",
    ),
    ("version: 1\nexceptions:\n  - {images: ['a/b:1'], reason: r}\n", ":", "is no pattern"),
    (
        "version: 1\nexceptions:\n  - {images: [a/b], reason: r, requires: tag}\n",
        "tag",
        "unknown value `tag`",
    ),
    (
        "version: 1\nexceptions:\n  - {images: [a/b], reason: r, expires: soon}\n",
        "soon",
        "a day such as",
    ),
    (
        "version: 1\nexceptions:\n  - {images: [a/b], reason: r, expires: 2030-02-30}\n",
        "2030-02-30",
        "a day such as",
    ),
    (
        "version: 1\nexceptions:\n  - {images: [a/b], reason: r, expire: 2030-01-01}\n",
        "expire",
        "unknown key `expire`",
    ),
    (
        "version: 1\nexceptions:\n  - {images: [a/b], reason: r, paths: ['a/[']}\n",
        "'a/['",
        "is no glob",
    ),
    ("version: 1\nreplacements:\n  - {from: a/b}\n", "from", "`to` is missing"),
    ("version: 1\nreplacements:\n  - {to: a/b}\n", "to", "`from` is missing"),
    (
        "version: 1\nreplacements:\n  - {from: 'a/*', to: b.io/c}\n",
        "b.io/c",
        "`from` has 1 wildcards",
    ),
    ("version: 1\nreplacements:\n  - {from: a/b, to: B/C}\n", "B/C", "this is no image name"),
    ("version: 1\nreplacements:\n  - {from: 'a b', to: b.io/c}\n", " ", "is no pattern"),
    (
        "version: 1\nregistries: {disallowed: ['*.b.io']}\nreplacements:\n  - {from: a/b, to: a.b.io/b}\n",
        "a.b.io/b",
        "`registries.disallowed` forbids as `*.b.io`",
    ),
    ("version: 1\npriorities:\n  - {images: [a/b]}\n", "images", "`priority` is missing"),
    ("version: 1\npriorities:\n  - {priority: urgent}\n", "urgent", "unknown value `urgent`"),
];

const RULES: [Case; 8] = [
    ("version: 1\nrules: []\n", "[]", "a map from rules to levels has to stand here"),
    ("version: 1\nrules: {disallowed-registries: off}\n", "disallowed-registries", "unknown rule"),
    ("version: 1\nrules: {disallowed-registry: fatal}\n", "fatal", "unknown value `fatal`"),
    ("version: 1\nrules: {unreadable-file: off}\n", "unreadable-file", "cannot be set"),
    ("version: 1\nrules: {invalid-policy: note}\n", "invalid-policy", "cannot be set"),
    ("version: 1\nsuppressions: {inline: no}\n", "no", "unknown value `no`"),
    ("version: 1\nsuppressions: forbidden\n", "forbidden", "a map has to stand here"),
    ("version: 1\nregistries: [\n", "", "the policy is not YAML"),
];

const ENDPOINTS: [Case; 13] = [
    ("version: 1\nendpoints: {}\n", "{}", "a list has to stand here, not a map"),
    ("version: 1\nendpoints: [{insecure: true}]\n", "insecure", "`registry` is missing"),
    ("version: 1\nendpoints: [{registry: '*.io'}]\n", "'*.io'", "not of a pattern"),
    ("version: 1\nendpoints: [{registry: a.io/b}]\n", "/b", "a registry has no `/`"),
    ("version: 1\nendpoints: [{registry: a.io, endpoint: b.io}]\n", "b.io", "`b.io` is no address"),
    (
        "version: 1\nendpoints: [{registry: a.io, insecure: yes}]\n",
        "yes",
        "`true` or `false` has to stand here",
    ),
    (
        "version: 1\nendpoints: [{registry: a.io, at-once: 0}]\n",
        "0",
        "a number from 1 to 65535 has to stand here",
    ),
    ("version: 1\nendpoints: [{registry: a.io, at-once: 1.5}]\n", "1.5", "a number from 1"),
    ("version: 1\nendpoints: [{registry: a.io, per-second: 0}]\n", "0", "a number above 0"),
    ("version: 1\nendpoints: [{registry: a.io, per-second: '1'}]\n", "'1'", "a number above 0"),
    ("version: 1\nendpoints: [{registry: a.io, retries: 1}]\n", "retries", "unknown key"),
    ("version: 1\nmirror: mirror\n", "mirror", "is no registry"),
    ("version: 1\nmirror: a.io/b:1\n", "a.io/b:1", "is no registry"),
];

#[test]
fn each_mistake_is_told_once_at_its_bytes() {
    for (text, bytes, said) in
        STRUCTURE.iter().chain(&REGISTRIES).chain(&ENTRIES).chain(&RULES).chain(&ENDPOINTS).copied()
    {
        let mistakes = Policy::parse(text, "p.yaml").err().unwrap_or_default();
        let [mistake] = mistakes.as_slice() else { panic!("{text:?}: {mistakes:#?}") };
        assert!(mistake.message.contains(said), "{text:?}: {mistake}");
        assert_eq!(&text[mistake.span.clone()], bytes, "{text:?}: {mistake}");
        assert!(!mistake.help.is_empty(), "{text:?}");
    }
}

#[test]
fn a_slip_of_the_pen_is_told_what_was_meant() {
    for (text, help) in [
        ("version: 1\nregistrys: {}\n", "did you mean `registries`?"),
        ("version: 1\nregistries: {unlisted: warn}\n", "did you mean `warning`?"),
        ("version: 1\nrules: {unlisted-registy: off}\n", "did you mean `unlisted-registry`?"),
        ("version: 1\nqqq: {}\n", "known here: `version`, `registries`,"),
    ] {
        let mistakes = Policy::parse(text, "p.yaml").unwrap_err();
        assert!(mistakes[0].help.starts_with(help), "{text:?}: {}", mistakes[0].help);
    }
}

#[test]
fn all_mistakes_are_told_together() {
    let text = "version: 3\nregistries: {allowd: []}\nexceptions:\n  - {images: [a/b]}\n";
    let told = Policy::parse(text, "p.yaml").unwrap_err();
    let under: Vec<&str> = told.iter().map(|mistake| &text[mistake.span.clone()]).collect();
    assert_eq!(under, ["3", "allowd", "images"]);
}

/// `off` without quotes is false in YAML 1.1; in a policy it is the word.
#[test]
fn what_is_meant_is_read() {
    let text = "version: 1\nregistries: {unlisted: off}\nrules: {unused-exception: note}\n";
    let policy = Policy::parse(text, "p.yaml").unwrap();
    assert_eq!(policy.level("unlisted-registry").as_str(), "off");
    assert_eq!(policy.level("unused-exception").as_str(), "note");
}
