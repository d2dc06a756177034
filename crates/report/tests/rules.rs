//! What each rule says, pinned in every format: a case that it finds, one that
//! it must not find, and one that is written wrongly.
#![allow(clippy::unwrap_used)]

mod common;

use chart_lint::model::{Level, Report};
use chart_lint::rules;
use common::{formats, judge};
use std::collections::BTreeSet;

const CHART: (&str, &str) =
    ("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\nappVersion: \"1.4\"\n");

const POLICY: (&str, &str) = (
    "image-policy.yaml",
    "version: 1
registries:
  allowed: [public.ecr.aws]
  disallowed: [docker.io, ghcr.io]
exceptions:
  - images: [ghcr.io/sigstore/**]
    requires: digest
    reason: Sigstore publishes no mirror
  - images: [ghcr.io/acme/old]
    reason: until the mirror is ready
    expires: 2026-05-31
replacements:
  - { from: \"docker.io/library/*\", to: \"public.ecr.aws/docker/library/*\" }
",
);

type Files = &'static [(&'static str, &'static str)];

/// A rule with its three cases: found, near miss, malformed.
struct Cases {
    rule: &'static str,
    found: Files,
    near_miss: Files,
    malformed: Files,
}

const DIGEST: &str = "image: ghcr.io/sigstore/cosign:v2@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n";

/// What a verification found of the images of the cases below.
const VERIFIED: (&str, &str) = (
    ".chart-images/verified.json",
    r#"{"version": 1, "entries": [
  {"reference": "busybox:1.36", "target": "public.ecr.aws/docker/library/busybox:1.36",
   "answer": "missing-tag", "asked": "2026-05-30T10:00:00Z", "said": "MANIFEST_UNKNOWN: \u001b[31mno"},
  {"reference": "busybox:1.37", "target": "public.ecr.aws/docker/library/busybox:1.37",
   "answer": "throttled", "asked": "2026-05-30T10:00:00Z"},
  {"reference": "alpine:3", "target": "public.ecr.aws/docker/library/alpine:3",
   "answer": "different", "lost": ["linux/arm64"], "asked": "2026-05-30T10:00:00Z", "said": "linux/arm64 is lost"},
  {"reference": "public.ecr.aws/acme/gone:1", "target": "public.ecr.aws/acme/gone:1",
   "answer": "missing-repository", "asked": "2026-05-30T10:00:00Z"}
]}"#,
);

#[test]
fn a_digest_that_was_verified_is_named() {
    let verified = r#"{"version": 1, "entries": [{"reference": "ghcr.io/sigstore/cosign:v2",
        "target": "ghcr.io/sigstore/cosign:v2", "answer": "identical",
        "targetDigest": "sha256:aa", "asked": "2026-05-30T10:00:00Z"}]}"#;
    let values = ("values.yaml", "image: ghcr.io/sigstore/cosign:v2\n");
    let files = [CHART, POLICY, values, (".chart-images/verified.json", verified)];
    let report = judge(&files, false, false);
    let [finding] = &report.findings[..] else { panic!("{:#?}", report.findings) };
    assert_eq!(finding.rule, "unpinned-exception");
    assert_eq!(finding.replacement.as_deref(), Some("ghcr.io/sigstore/cosign:v2@sha256:aa"));
    assert!(
        finding.help[0]
            .starts_with("write `ghcr.io/sigstore/cosign:v2@sha256:aa` (verified on 2026-05-30)")
    );
}

const CASES: [Cases; 14] = [
    Cases {
        rule: "disallowed-registry",
        found: &[("values.yaml", "# the web\nimage:\n  repository: busybox\n  tag: \"1.36\"\n")],
        near_miss: &[(
            "values.yaml",
            "image:\n  repository: public.ecr.aws/docker/library/busybox\n  tag: \"1.36\"\n",
        )],
        malformed: &[("values.yaml", "image:\n  repository: ghcr.io//acme/web\n  tag: \"1\"\n")],
    },
    Cases {
        rule: "unpinned-exception",
        found: &[("values.yaml", "image: ghcr.io/sigstore/cosign:v2\n")],
        near_miss: &[("values.yaml", DIGEST)],
        malformed: &[("values.yaml", "image: ghcr.io/sigstore/cosign@sha256:abc\n")],
    },
    Cases {
        rule: "expired-exception",
        found: &[("values.yaml", "image: ghcr.io/acme/old:1\n")],
        near_miss: &[
            ("values.yaml", "image: ghcr.io/acme/old:1\n"),
            (
                "image-policy.yaml",
                "version: 1\nregistries: {disallowed: [ghcr.io]}\nexceptions:\n  - images: [ghcr.io/acme/old]\n    reason: until June\n    expires: 2026-06-01\n",
            ),
        ],
        malformed: &[
            ("values.yaml", "image: ghcr.io/acme/old:1\n"),
            (
                "image-policy.yaml",
                "version: 1\nregistries: {disallowed: [ghcr.io]}\nexceptions:\n  - images: [ghcr.io/acme/old]\n    reason: until June\n    expires: 2026-02-30\n",
            ),
        ],
    },
    Cases {
        rule: "unused-exception",
        found: &[
            ("values.yaml", "image: public.ecr.aws/a/b:1\n"),
            (
                "image-policy.yaml",
                "version: 1\nregistries: {allowed: [public.ecr.aws], disallowed: [ghcr.io]}\nexceptions:\n  - images: [ghcr.io/acme/web]\n    reason: it moves in May\n",
            ),
        ],
        near_miss: &[
            ("values.yaml", "image: ghcr.io/acme/web:1\n"),
            (
                "image-policy.yaml",
                "version: 1\nregistries: {allowed: [public.ecr.aws], disallowed: [ghcr.io]}\nexceptions:\n  - images: [ghcr.io/acme/web]\n    reason: it moves in May\n",
            ),
        ],
        malformed: &[
            ("values.yaml", "image: ghcr.io/acme/web:1\n"),
            (
                "image-policy.yaml",
                "version: 1\nregistries: {disallowed: [ghcr.io]}\nexceptions:\n  - images: []\n    reason: none\n",
            ),
        ],
    },
    Cases {
        rule: "unlisted-registry",
        found: &[("values.yaml", "image: quay.io/acme/web:1\n")],
        near_miss: &[("values.yaml", "image: public.ecr.aws/acme/web:1\n")],
        malformed: &[("values.yaml", "image: quay.io:port/acme/web:1\n")],
    },
    Cases {
        rule: "invalid-reference",
        found: &[(
            "templates/pod.yaml",
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n      image: docker.io//acme/web:1\n",
        )],
        near_miss: &[(
            "values.yaml",
            "image: auto\nicon:\n  image: https://acme.example/logo.png\n",
        )],
        malformed: &[("values.yaml", "image:\n  repository: public.ecr.aws/a/b\n  tag: \"a b\"\n")],
    },
    Cases {
        rule: "unresolved-image",
        found: &[(
            "templates/pod.yaml",
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n      image: {{ .Values.worker.image }}\n",
        )],
        near_miss: &[
            ("values.yaml", "worker:\n  image: public.ecr.aws/a/b:1\n"),
            (
                "templates/pod.yaml",
                "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n      image: {{ .Values.worker.image }}\n",
            ),
        ],
        malformed: &[(
            "templates/pod.yaml",
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n      image: {{ .Values.worker.image\n",
        )],
    },
    Cases {
        rule: "missing-dependency",
        found: &[(
            "Chart.yaml",
            "apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n  - name: redis\n    version: 1.x\n    repository: https://charts.acme.example\n  - name: redis\n    alias: cache\n    version: 1.x\n    repository: https://charts.acme.example\n",
        )],
        near_miss: &[
            (
                "Chart.yaml",
                "apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n  - name: redis\n    version: 1.x\n    condition: redis.enabled\n    repository: https://charts.acme.example\n",
            ),
            ("values.yaml", "redis:\n  enabled: false\n"),
            ("charts/cache/Chart.yaml", "apiVersion: v2\nname: redis\nversion: 1.2.3\n"),
        ],
        malformed: &[
            (
                "Chart.yaml",
                "apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n  - name: redis\n    version: 2.x\n    repository: file://../redis; id\n",
            ),
            ("charts/redis/Chart.yaml", "apiVersion: v2\nname: redis\nversion: 1.2.3\n"),
        ],
    },
    Cases {
        rule: "image-drift",
        found: &[
            (
                "Chart.yaml",
                "apiVersion: v2\nname: web\nversion: 1.0.0\nannotations:\n  artifacthub.io/images: |\n    - name: web\n      image: public.ecr.aws/acme/web:1.3\n    - name: old\n      image: public.ecr.aws/acme/old:1\n",
            ),
            (
                "templates/pod.yaml",
                "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n      image: public.ecr.aws/acme/web:1.4\n    - name: side\n      image: public.ecr.aws/acme/side:1\n",
            ),
        ],
        near_miss: &[
            (
                "Chart.yaml",
                "apiVersion: v2\nname: web\nversion: 1.0.0\nannotations:\n  artifacthub.io/images: |\n    - image: index.docker.io/library/busybox:1\n",
            ),
            (
                "templates/pod.yaml",
                "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n      image: busybox:1\n",
            ),
        ],
        malformed: &[
            (
                "Chart.yaml",
                "apiVersion: v2\nname: web\nversion: 1.0.0\nannotations:\n  artifacthub.io/images: |\n    - image: public.ecr.aws//acme/web:1.3\n",
            ),
            (
                "templates/pod.yaml",
                "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n      image: public.ecr.aws/acme/web:1.4\n",
            ),
        ],
    },
    Cases {
        rule: "replacement-missing",
        found: &[
            (
                "values.yaml",
                "a: {image: busybox:1.36}\nb: {image: alpine:3}\nc: {image: public.ecr.aws/acme/gone:1}\n",
            ),
            VERIFIED,
        ],
        near_miss: &[
            ("values.yaml", "a: {image: busybox:1.37}\nb: {image: public.ecr.aws/acme/web:1}\n"),
            VERIFIED,
        ],
        malformed: &[("values.yaml", "image: busybox:1.36:1.36\n"), VERIFIED],
    },
    Cases {
        rule: "disallowed-chart-registry",
        found: &[(
            "Chart.yaml",
            "apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n  - name: redis\n    version: 1.x\n    repository: oci://registry-1.docker.io/acmecharts\n",
        )],
        near_miss: &[(
            "Chart.yaml",
            "apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n  - name: redis\n    version: 1.x\n    repository: https://charts.acme.example\n",
        )],
        malformed: &[(
            "Chart.yaml",
            "apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n  - name: redis\n    version: 1.x\n    repository: [oci://docker.io/x]\n",
        )],
    },
    Cases {
        rule: "unused-suppression",
        found: &[(
            "values.yaml",
            "# chart-images: allow disallowed-registry -- it was ours\nimage: public.ecr.aws/a/b:1\n",
        )],
        near_miss: &[(
            "values.yaml",
            "# chart-images: allow disallowed-registry -- it is ours\nimage: ghcr.io/acme/web:1\n",
        )],
        malformed: &[(
            "values.yaml",
            "# chart-images: allow disallowed-registry\nimage: ghcr.io/acme/web:1\n",
        )],
    },
    Cases {
        rule: "unreadable-file",
        found: &[("values.yaml", "image: 'ghcr.io/acme/web:1\n")],
        near_miss: &[("values.yaml", "# 'unclosed in a comment\nimage: 'public.ecr.aws/a/b:1'\n")],
        malformed: &[
            ("values.yaml", "a: 1\n\tb: 2\n"),
            ("templates/pod.yaml", "image: ghcr.io/acme/web:1\n"),
        ],
    },
    Cases {
        rule: "invalid-policy",
        found: &[
            ("values.yaml", "image: ghcr.io/acme/web:1\n"),
            ("image-policy.yaml", "version: 1\nregistries:\n  disalowed: [ghcr.io]\n"),
        ],
        near_miss: &[
            ("values.yaml", "image: ghcr.io/acme/web:1\n"),
            ("image-policy.yaml", "version: 1\n"),
        ],
        malformed: &[
            ("values.yaml", "image: ghcr.io/acme/web:1\n"),
            ("image-policy.yaml", "version: [1\n"),
        ],
    },
];

/// Rules that reading alone says less of.
const NEED_EVALUATION: [&str; 2] = ["unresolved-image", "image-drift"];

fn run(rule: &str, case: Files) -> Report {
    let given: BTreeSet<&str> = case.iter().map(|(path, _)| *path).collect();
    let mut files: Vec<(&str, &str)> =
        [CHART, POLICY].into_iter().filter(|(path, _)| !given.contains(path)).collect();
    files.extend(case);
    judge(&files, rule == "unused-exception", NEED_EVALUATION.contains(&rule))
}

fn has(report: &Report, rule: &str) -> bool {
    report.findings.iter().any(|finding| finding.rule == rule)
}

/// The three cases in four formats, as the snapshot holds them.
fn picture(cases: &Cases) -> String {
    let mut text = String::new();
    for (name, files) in
        [("found", cases.found), ("near miss", cases.near_miss), ("malformed", cases.malformed)]
    {
        let report = run(cases.rule, files);
        for (format, shown) in formats(&report) {
            // The rule table of SARIF is the same for every case; its results are not.
            let shown = match format {
                "sarif" => results(&shown),
                "concise" => continue,
                _ => shown,
            };
            text.push_str(&format!("===== {name}: {format}\n{shown}\n"));
        }
    }
    text
}

fn results(sarif: &str) -> String {
    let log: serde_json::Value = serde_json::from_str(sarif).unwrap();
    serde_json::to_string_pretty(&log["runs"][0]["results"]).unwrap()
}

#[test]
fn every_rule_says_what_its_snapshot_says() {
    for cases in &CASES {
        assert!(has(&run(cases.rule, cases.found), cases.rule), "{} is not found", cases.rule);
        assert!(
            !has(&run(cases.rule, cases.near_miss), cases.rule),
            "{} is found in its near miss",
            cases.rule
        );
        insta::assert_snapshot!(cases.rule, picture(cases));
    }
}

#[test]
fn every_rule_has_its_cases() {
    let with_cases: BTreeSet<&str> = CASES.iter().map(|cases| cases.rule).collect();
    let all: BTreeSet<&str> = rules::ALL.iter().map(|rule| rule.name).collect();
    assert_eq!(with_cases, all);
}

/// A rule that says another word, at another place, or at another level shows
/// in every format, so its snapshot breaks.
#[test]
fn a_changed_rule_breaks_its_snapshot() {
    for cases in &CASES {
        let report = run(cases.rule, cases.found);
        let index = report.findings.iter().position(|finding| finding.rule == cases.rule).unwrap();
        let changes: [fn(&mut chart_lint::model::Finding); 3] = [
            |finding| finding.message.push_str(" (changed)"),
            |finding| finding.primary.location.start.line += 1,
            |finding| {
                finding.level =
                    if finding.level == Level::Error { Level::Warning } else { Level::Error };
            },
        ];
        for (number, change) in changes.iter().enumerate() {
            let mut changed = report.clone();
            change(&mut changed.findings[index]);
            for ((format, before), (_, after)) in
                formats(&report).iter().zip(formats(&changed).iter())
            {
                // The picture of the human format numbers its lines by the snippet.
                if *format == "human" && number == 1 {
                    continue;
                }
                assert_ne!(before, after, "{} in {format}, change {number}", cases.rule);
            }
        }
    }
}
