//! Input that is broken, or made to harm: the run ends, says what and where,
//! and still judges everything else.
#![allow(clippy::unwrap_used)]

mod sandbox;

use flate2::{Compression, write::GzEncoder};
use sandbox::{BAD, Said, Sandbox};
use std::fs;
use std::io::Write;
use tar::{EntryType, Header};

/// An image that the built-in policy allows.
const GOOD: &str = "image: public.ecr.aws/acme/web:1\n";

/// A chart with an image that is found whatever else is wrong.
fn chart() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.chart("a", BAD);
    sandbox
}

impl Sandbox {
    /// The real binary judges the folder, with memory for charts but not for bombs.
    fn judge(&self) -> Said {
        let mut command = if cfg!(target_os = "linux") {
            let mut shell = self.command_of("sh", ".");
            shell.args(["-c", "ulimit -v 1500000; exec \"$0\" \"$@\""]);
            shell.arg(env!("CARGO_BIN_EXE_chart-images"));
            shell
        } else {
            self.command(".")
        };
        Said::from(command.args(["lint", "--format", "concise"]).output().unwrap())
    }

    fn write_bytes(&self, path: &str, bytes: &[u8]) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// The run says what is wrong and where, and still finds [`BAD`]; without it, it is incomplete.
#[track_caller]
fn incomplete(sandbox: &Sandbox, place: &str, words: &str) {
    sandbox.judge().exits(1).shows(place).shows(words).shows("a/values.yaml:1:8");
    sandbox.write("a/values.yaml", GOOD);
    sandbox.judge().exits(3).shows(place).shows(words);
}

#[test]
fn a_folder_without_a_chart_is_no_success() {
    let sandbox = Sandbox::new();
    sandbox.write("notes/values.yaml", BAD);
    sandbox.judge().exits(2).errs("no chart");
    sandbox.run("lint nowhere").exits(2).errs("nowhere");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_read_is_said() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = chart();
    sandbox.write("a/templates/d.yaml", "image: docker.io/acme/b:1\n");
    let folder = sandbox.root().join("a/templates");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read_dir(&folder).is_ok() {
        // The superuser reads every folder.
        sandbox.judge().exits(1).shows("docker.io/acme/b:1");
    } else {
        incomplete(&sandbox, "a/templates", "unreadable-file");
    }
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn text_that_is_no_utf8_is_placed() {
    let sandbox = chart();
    sandbox.write_bytes("a/values-b.yaml", b"image: docker.io/b:1\nname: \xff\xfe\n");
    incomplete(&sandbox, "a/values-b.yaml:2:7", "UTF-8");
}

#[test]
fn broken_yaml_is_placed() {
    for (text, place) in [
        ("a:\n\tb: 1\n", "2:1"),
        ("a: \"b\nc: 1\n", ""),
        ("a: [1, 2\nb: 1\n", ""),
        ("a: {b\nc: d: e\n", ""),
        ("a: *nowhere\n", "1:4"),
        ("? - a\n  b\n- c: [", ""),
    ] {
        let sandbox = chart();
        sandbox.write("a/values-b.yaml", text);
        incomplete(&sandbox, &format!("a/values-b.yaml:{place}"), "unreadable-file");
    }
}

#[test]
fn a_line_break_that_editors_do_not_show_hides_no_image() {
    for (text, place) in [
        ("a: 1 # \u{2028}image: public.ecr.aws/acme/b:1\n", "values-b.yaml:1:8"),
        ("a: 1 # \rimage: public.ecr.aws/acme/b:1\n", "values-b.yaml:1:8"),
        ("# {{ .x }}\u{85}image: public.ecr.aws/acme/b:{{ .y }}\n", "templates/b.yaml:1:11"),
    ] {
        let sandbox = chart();
        let file = place.split(':').next().unwrap();
        sandbox.write(&format!("a/{file}"), text);
        incomplete(&sandbox, &format!("a/{place}"), "ends a line for Helm");
    }
}

#[test]
fn an_unclosed_action_hides_no_image() {
    let sandbox = chart();
    sandbox.write("a/templates/d.yaml", "image: docker.io/acme/b:1\nx: {{ .Values.x \ny: 1\n");
    let said = sandbox.judge();
    let status = said.status;
    assert!(matches!(status, 1 | 3), "status {status}");
    said.shows("docker.io/acme/b:1").shows("a/values.yaml:1:8");
}

#[test]
fn a_file_of_a_hundred_megabytes_is_not_read() {
    let sandbox = chart();
    let file = fs::File::create(sandbox.root().join("a/values-b.yaml")).unwrap();
    file.set_len(100 << 20).unwrap();
    incomplete(&sandbox, "a/values-b.yaml", "20 MiB");
}

#[test]
fn a_megabyte_of_brackets_ends() {
    for open in ["[", "{", "- ", "{{ ", "( ", "? ", "&a ", "!!", "a: &x [*x, "] {
        let sandbox = chart();
        let text = format!("a: {}\n", open.repeat(100_000));
        sandbox.write("a/values-b.yaml", &text);
        sandbox.write("a/templates/b.yaml", &text);
        sandbox.write("a/templates/c.yaml", &format!("{{{{ {} }}}}\n", "(".repeat(100_000)));
        let said = sandbox.judge();
        assert!(matches!(said.status, 1 | 3), "{open}: {} {}", said.status, said.err);
        said.shows("a/values.yaml:1:8");
    }
}

#[test]
fn a_bomb_of_aliases_ends() {
    let mut text = String::from("a0: &a0 {image: docker.io/acme/b:1}\n");
    for level in 1..40 {
        let below = format!("*a{}", level - 1);
        text.push_str(&format!("a{level}: &a{level} [{}]\n", [below.as_str(); 9].join(", ")));
    }
    let sandbox = chart();
    sandbox.write("a/values-b.yaml", &text);
    sandbox.judge().shows("a/values.yaml:1:8").shows("docker.io/acme/b:1");
    let merges: String = (1..40)
        .map(|n| format!("a{n}: &a{n}\n  <<: [*a{0}, *a{0}, *a{0}]\n  k{n}: *a{0}\n", n - 1))
        .collect();
    sandbox.write("a/values-b.yaml", &format!("a0: &a0 {{image: docker.io/acme/b:1}}\n{merges}"));
    sandbox.judge().shows("a/values.yaml:1:8").shows("docker.io/acme/b:1");
}

#[test]
fn aliases_in_circles_end() {
    let sandbox = chart();
    // Loops through an alias, and the same with many ways around.
    for name in ["values.schema.json", "questions.yaml", "values-b.yaml", "ci/test-values.yaml"] {
        for text in [
            "&a {\"default\": \"x\", \"properties\": {\"image\": {\"default\": \"docker.io/acme/b:1\"}, \"x\": *a}}",
            "&a {\"default\": {\"image\": \"docker.io/acme/b:1\", \"more\": *a}, \"properties\": {\"x\": *a, \"y\": *a}}",
            "questions: &a [{variable: image, default: \"docker.io/acme/b:1\", subquestions: *a}]",
            "image: docker.io/acme/b:1\nmore: &a {image: docker.io/acme/c:1, more: [*a, *a]}",
            "image: docker.io/acme/b:1\nmore: &a {<<: *a, image: docker.io/acme/c:1}",
        ] {
            sandbox.write(&format!("a/{name}"), text);
            sandbox.judge();
            let said = sandbox.run("migrate --dry-run --unverified");
            assert!(matches!(said.status, 0 | 3), "{name}: {} {}", said.status, said.err);
        }
        sandbox.write(&format!("a/{name}"), "{}");
    }
}

#[cfg(unix)]
#[test]
fn links_out_and_in_circles_are_said() {
    use std::os::unix::fs::symlink;
    let outside = Sandbox::new();
    outside.write("secret.yaml", "image: docker.io/secret/x:1\n");
    let sandbox = chart();
    fs::create_dir(sandbox.root().join("a/templates")).unwrap();
    let template = |name: &str| sandbox.root().join("a/templates").join(name);
    symlink(outside.root().join("secret.yaml"), template("out.yaml")).unwrap();
    symlink("../templates", template("loop")).unwrap();
    symlink("self.yaml", template("self.yaml")).unwrap();
    sandbox.judge().shows("a/templates/loop").shows("a/templates/self.yaml").hides("secret/x");
    incomplete(&sandbox, "a/templates/out.yaml", "leads out");
}

/// An archive with one member, whose header may lie.
fn archive(name: &str, size: u64, content: &[u8]) -> Vec<u8> {
    let mut header = Header::new_gnu();
    // The crate refuses `..`, so the name is written as a hostile program would.
    header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(EntryType::Regular);
    header.set_mode(0o644);
    header.set_size(size);
    header.set_cksum();
    let mut packed = header.as_bytes().to_vec();
    packed.extend_from_slice(content);
    packed.resize(packed.len().next_multiple_of(512) + 1024, 0);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&packed).unwrap();
    gzip.finish().unwrap()
}

#[test]
fn an_archive_writes_nothing_and_ends() {
    let yaml = b"apiVersion: v2\nname: b\nversion: 0.1.0\n";
    let whole = archive("b/Chart.yaml", yaml.len() as u64, yaml);
    for (name, packed) in [
        ("leads-out", archive("../../b.yaml", 2, b"a\n")),
        ("ten-gigabytes", archive("b/values.yaml", 10 << 30, b"a: 1\n")),
        ("truncated", whole[..whole.len() / 2].to_vec()),
        ("no-archive", b"not an archive".to_vec()),
        ("empty", Vec::new()),
    ] {
        let sandbox = chart();
        let path = format!("a/charts/{name}.tgz");
        sandbox.write_bytes(&path, &packed);
        incomplete(&sandbox, &path, "unreadable-file");
        assert!(!sandbox.root().join("b.yaml").exists());
        assert!(!sandbox.root().parent().unwrap().join("b.yaml").exists());
    }
}

#[test]
fn a_policy_that_is_broken_judges_nothing() {
    for (text, place) in [
        ("version: 1\nregistries: [\n", "image-policy.yaml:"),
        ("version: 1\nregistry:\n  allowed: []\n", "image-policy.yaml:2:1"),
        ("version: 9\n", "image-policy.yaml:1:10"),
        ("", "image-policy.yaml"),
    ] {
        let sandbox = chart();
        sandbox.write("image-policy.yaml", text);
        sandbox.judge().exits(2).shows(place).hides("a/values.yaml");
    }
    let sandbox = chart();
    sandbox.write_bytes("image-policy.yaml", b"version: \xff\n");
    sandbox.judge().exits(2).shows("UTF-8");
    let nested = format!("version: {}\n", "[".repeat(100_000));
    sandbox.write("image-policy.yaml", &nested);
    sandbox.judge().exits(2).shows("image-policy.yaml:1:");
}
