//! Packaged charts, and what hostile ones try.

#![allow(clippy::unwrap_used)]

mod common;

use common::Repository;
use flate2::{Compression, write::GzEncoder};
use helm_engine::chart::{FileState, Limits, Origin, ProblemKind, load_archive};
use helm_engine::source::SourceMap;
use proptest::prelude::*;
use std::io::Write;
use tar::{Builder, EntryType, Header};

const CHART: &str = "apiVersion: v2\nname: x\nversion: 1.2.0\n";

/// Packs members; the name goes into the header as it is, `..` and all.
fn pack(members: &[(&str, EntryType, &[u8])]) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for (name, kind, content) in members {
        builder.append(&header(name, *kind, content.len() as u64), *content).unwrap();
    }
    gzip(&builder.into_inner().unwrap())
}

fn header(name: &str, kind: EntryType, size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(kind);
    header.set_mode(0o644);
    header.set_size(size);
    header.set_cksum();
    header
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn file<'a>(name: &'a str, content: &'a str) -> (&'a str, EntryType, &'a [u8]) {
    (name, EntryType::Regular, content.as_bytes())
}

fn with_archive(packed: &[u8]) -> Repository {
    Repository::new().with("c/charts/x-1.2.tgz", packed)
}

#[test]
fn a_packaged_subchart_is_read_in_place() {
    let nested =
        pack(&[file("y/Chart.yaml", "name: y\nversion: 2.0.0\n"), file("y/values.yaml", "y: 1")]);
    let packed = pack(&[
        file("x/Chart.yaml", CHART),
        file("x/values.yaml", "a: 1"),
        file("x/.helmignore", "values.yaml"),
        file("x/README.md", "read me"),
        file("x/templates/.t.yaml", "t: 1"),
        file("x/charts/z/Chart.yaml", "name: z\nversion: 3.0.0\n"),
        ("x/charts/y-2.tgz", EntryType::Regular, &nested),
    ]);
    let loaded = with_archive(&packed).load();
    assert!(loaded.problems().is_empty(), "{:?}", loaded.problems());
    let x = &loaded.chart.subcharts[0];
    assert_eq!(x.path, "c/charts/x-1.2.tgz!x");
    assert_eq!(x.origin, Origin::Archive("c/charts/x-1.2.tgz".into()));
    assert_eq!(loaded.text("c/charts/x-1.2.tgz!x/values.yaml"), "a: 1");
    assert_eq!(loaded.text("c/charts/x-1.2.tgz!x/charts/y-2.tgz!y/values.yaml"), "y: 1");
    assert_eq!(loaded.state("c/charts/x-1.2.tgz!x/README.md"), "skipped: documentation");
    // Helm heeds no .helmignore in an archive, not even its own rule.
    assert_eq!(loaded.state("c/charts/x-1.2.tgz!x/templates/.t.yaml"), "loaded");
    let mut paths: Vec<_> = x.subcharts.iter().map(|c| c.path.as_str()).collect();
    paths.sort_unstable();
    let expected = ["c/charts/x-1.2.tgz!x/charts/y-2.tgz!y", "c/charts/x-1.2.tgz!x/charts/z"];
    assert_eq!(paths, expected);
}

#[test]
fn an_archive_can_be_the_chart_itself() {
    let repository = Repository::new().with("x.tgz", pack(&[file("x/Chart.yaml", CHART)]));
    let mut sources = SourceMap::new();
    let path = repository.path("x.tgz");
    let chart = load_archive(&path, "x.tgz", &Limits::default(), &mut sources);
    assert_eq!(chart.path, "x.tgz!x");
    assert!(chart.chart_yaml.is_some());
}

#[test]
fn names_that_lead_out_are_refused_and_the_others_read() {
    let packed = pack(&[
        file("x/Chart.yaml", CHART),
        file("x/../../../etc/passwd", "1"),
        file("x//etc/passwd", "2"),
        file("x\\..\\..\\evil", "3"),
        file("x/c:/evil", "4"),
        file("x/..evil", "5"),
        file("alone", "6"),
        file("../x/up.txt", "7"),
        file("/x/root.txt", "8"),
        file("x\\templates\\t.yaml", "9"),
        file("x/a/../b.txt", "10"),
    ]);
    let loaded = with_archive(&packed).load();
    assert_eq!(loaded.problems().len(), 6, "{:#?}", loaded.problems());
    assert!(loaded.problems().iter().all(|p| p.kind == ProblemKind::Member));
    // Helm reads these, and they name nothing outside.
    for (name, text) in
        [("x/up.txt", "7"), ("x/root.txt", "8"), ("x/templates/t.yaml", "9"), ("x/b.txt", "10")]
    {
        assert_eq!(loaded.text(&format!("c/charts/x-1.2.tgz!{name}")), text);
    }
}

#[test]
fn links_and_devices_are_not_followed() {
    let packed = pack(&[
        file("x/Chart.yaml", CHART),
        ("x/values.yaml", EntryType::Symlink, b""),
        ("x/hard.txt", EntryType::Link, b""),
        ("x/pipe", EntryType::Fifo, b""),
        ("x/dev", EntryType::Char, b""),
        ("x/sparse", EntryType::GNUSparse, b""),
    ]);
    let loaded = with_archive(&packed).load();
    assert!(loaded.state("c/charts/x-1.2.tgz!x/values.yaml").contains("a link in an archive"));
    assert!(loaded.state("c/charts/x-1.2.tgz!x/hard.txt").contains("a link in an archive"));
    assert!(loaded.state("c/charts/x-1.2.tgz!x/pipe").contains("device or pipe"));
}

#[test]
fn of_two_members_with_one_name_the_last_counts() {
    let packed = pack(&[
        file("x/Chart.yaml", CHART),
        file("x/values.yaml", "a: 1"),
        file("x/values.yaml", "a: 2"),
    ]);
    let loaded = with_archive(&packed).load();
    assert_eq!(loaded.text("c/charts/x-1.2.tgz!x/values.yaml"), "a: 2");
    assert_eq!(loaded.states().iter().filter(|s| s.contains("same name")).count(), 1);
}

#[test]
fn a_member_said_to_be_ten_gigabytes_is_not_waited_for() {
    let mut tar = Vec::new();
    tar.extend(header("x/Chart.yaml", EntryType::Regular, CHART.len() as u64).as_bytes());
    tar.extend(CHART.as_bytes());
    tar.resize(1024, 0);
    tar.extend(header("x/values.yaml", EntryType::Regular, 10 << 30).as_bytes());
    let mut packed = gzip(&tar);
    // Ten gigabytes of zeros, as gzip members of a megabyte one after the other.
    let zeros = gzip(&vec![0; 1 << 20]);
    for _ in 0..10 << 10 {
        packed.extend(&zeros);
    }
    let loaded = with_archive(&packed).load();
    assert!(loaded.problems().iter().all(|p| p.kind == ProblemKind::TooLarge));
    assert!(loaded.state("c/charts/x-1.2.tgz!x/values.yaml").contains("20 MiB"));
    assert_eq!(loaded.state("c/charts/x-1.2.tgz!x/Chart.yaml"), "loaded");
}

#[test]
fn a_bomb_of_many_members_ends_at_the_limit() {
    let member = vec![0; 1 << 16];
    let names: Vec<String> = (0..64).map(|n| format!("x/{n}.png")).collect();
    let members: Vec<_> =
        names.iter().map(|n| (n.as_str(), EntryType::Regular, member.as_slice())).collect();
    let mut repository = with_archive(&pack(&members));
    repository.limits.chart_bytes = 1 << 20;
    let loaded = repository.load();
    assert!(loaded.problems().iter().any(|p| p.kind == ProblemKind::TooLarge));
    assert!(loaded.states().len() < 20);
}

#[test]
fn a_long_name_without_end_runs_into_the_limit() {
    let mut tar = header("././@LongLink", EntryType::GNULongName, 10 << 30).as_bytes().to_vec();
    tar.resize(4 << 20, b'a');
    let mut repository = with_archive(&gzip(&tar));
    repository.limits.chart_bytes = 1 << 20;
    assert_eq!(repository.load().only_problem().kind, ProblemKind::TooLarge);
}

#[test]
fn archives_in_archives_end() {
    let mut packed = pack(&[file("x/Chart.yaml", CHART)]);
    for _ in 0..20 {
        packed =
            pack(&[file("x/Chart.yaml", CHART), ("x/charts/x-1.tgz", EntryType::Regular, &packed)]);
    }
    let loaded = with_archive(&packed).load();
    assert_eq!(loaded.only_problem().kind, ProblemKind::TooMany);
    assert_eq!(loaded.chart.tree().len(), 13);
}

#[test]
fn charts_deep_in_names_end() {
    let name = format!("x/{}Chart.yaml", "charts/a/".repeat(10));
    let mut repository = with_archive(&pack(&[file("x/Chart.yaml", CHART), file(&name, CHART)]));
    repository.limits.chart_depth = 4;
    let loaded = repository.load();
    assert!(loaded.problems().iter().any(|p| p.kind == ProblemKind::TooMany));
}

#[test]
fn a_broken_archive_is_said_and_what_came_before_is_read() {
    // Bytes that do not compress, so that half of the archive is half of the members.
    let noise: String =
        (0..40_000u32).map(|n| char::from(33 + (n * n % 8191 % 90) as u8)).collect();
    let whole = pack(&[file("x/Chart.yaml", CHART), file("x/values.yaml", &noise)]);
    let loaded = with_archive(&whole[..whole.len() / 2]).load();
    assert_eq!(loaded.only_problem().kind, ProblemKind::Archive);
    assert_eq!(loaded.state("c/charts/x-1.2.tgz!x/Chart.yaml"), "loaded");
    for junk in [&b""[..], b"no archive", &gzip(b"no tar"), &gzip(&[b'x'; 2000])] {
        let loaded = with_archive(junk).load();
        let problems = loaded.problems();
        assert!(!problems.is_empty(), "{:?}", &junk[..junk.len().min(20)]);
        assert!(problems.iter().all(|p| p.path.starts_with("c/charts/x-1.2.tgz")));
    }
}

#[test]
fn too_many_members_end() {
    let names: Vec<String> = (0..50).map(|n| format!("x/{n}.txt")).collect();
    let members: Vec<_> = names.iter().map(|n| file(n, "")).collect();
    let mut repository = with_archive(&pack(&members));
    repository.limits.entries = 20;
    let loaded = repository.load();
    assert_eq!(loaded.problems()[0].kind, ProblemKind::TooMany);
    assert!(loaded.states().len() <= 20);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_damage_to_an_archive_panics(at in 0usize..4096, with: u8, cut in 0usize..4096, deep: bool) {
        let mut tar = Vec::new();
        for (name, text) in [("x/Chart.yaml", CHART), ("x/values.yaml", "a: 1"), ("x/charts/y/a", "")] {
            tar.extend(header(name, EntryType::Regular, text.len() as u64).as_bytes());
            tar.extend(text.as_bytes());
            tar.resize(tar.len().next_multiple_of(512), 0);
        }
        let mut packed = if deep { tar.clone() } else { gzip(&tar) };
        let length = packed.len();
        packed[at % length] = with;
        packed.truncate(length - cut % length);
        let packed = if deep { gzip(&packed) } else { packed };
        with_archive(&packed).load();
    }

    #[test]
    fn no_name_of_a_member_leads_out(name in "[a./\\\\:c]{1,20}") {
        let loaded = with_archive(&pack(&[file("x/Chart.yaml", CHART), file(&name, "")])).load();
        for file in loaded.chart.tree().iter().flat_map(|chart| &chart.files) {
            if !matches!(file.state, FileState::Failed(_)) {
                prop_assert!(!file.path.split('/').any(|part| part == ".."), "{}", file.path);
                prop_assert!(!file.path.starts_with('/'), "{}", file.path);
            }
        }
    }
}
