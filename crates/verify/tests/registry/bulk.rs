//! Many images.

use crate::layout::digest;
use crate::registries;
use crate::sandbox::Sandbox;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Instant;

/// Sends a request over a connection that stays; the status, and where to go on.
fn send(stream: &mut BufReader<TcpStream>, head: &str, body: &[u8]) -> (u16, Option<String>) {
    let message = format!("{head}\r\nHost: r\r\nContent-Length: {}\r\n\r\n", body.len());
    stream.get_mut().write_all(&[message.as_bytes(), body].concat()).unwrap();
    let mut line = String::new();
    stream.read_line(&mut line).unwrap();
    let status = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    let (mut length, mut location) = (0, None);
    loop {
        let mut header = String::new();
        stream.read_line(&mut header).unwrap();
        let Some((name, value)) = header.trim_end().split_once(": ") else { break };
        match &*name.to_ascii_lowercase() {
            "content-length" => length = value.parse().unwrap(),
            "location" => location = Some(value.to_owned()),
            _ => {}
        }
    }
    stream.read_exact(&mut vec![0; length]).unwrap();
    (status, location)
}

/// Pushes so many images, each with a manifest of its own, without a program for each.
fn fill(address: &str, repository: &str, images: usize) {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut stream = BufReader::new(stream);
    let config = br#"{"os":"linux","architecture":"amd64"}"#;
    let blob = digest(config);
    let (_, upload) =
        send(&mut stream, &format!("POST /v2/{repository}/blobs/uploads/ HTTP/1.1"), b"");
    let upload = upload.unwrap();
    let path = upload.split_once(address).map_or(&*upload, |(_, path)| path);
    let mark = if path.contains('?') { '&' } else { '?' };
    let put = format!("PUT {path}{mark}digest={blob} HTTP/1.1");
    assert_eq!(send(&mut stream, &put, config).0, 201);
    let kind = "application/vnd.oci.image.manifest.v1+json";
    for image in 0..images {
        let size = config.len();
        let manifest = format!(
            r#"{{"schemaVersion":2,"mediaType":"{kind}","config":{{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{blob}","size":{size}}},"layers":[],"annotations":{{"n":"{image}"}}}}"#
        );
        let put =
            format!("PUT /v2/{repository}/manifests/{image} HTTP/1.1\r\nContent-Type: {kind}");
        assert_eq!(send(&mut stream, &put, manifest.as_bytes()).0, 201);
    }
}

/// The most memory that a run took, in KiB, where the system tells.
fn peak(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}

/// How fast it is depends on the machine, so the test holds to a rate that none misses;
/// `scripts/registry.sh cargo test --release … -- bulk --nocapture` prints the figures.
#[test]
fn two_thousand_images() {
    const IMAGES: usize = 2000;
    let Some(all) = registries() else { return };
    fill(&all.open, "bulk/a", IMAGES);
    let policy = format!(
        "version: 1
registries: {{allowed: [b.test], disallowed: [a.test]}}
replacements: [{{from: 'a.test/**', to: 'b.test/**'}}]
endpoints:
  - {{registry: a.test, endpoint: 'http://{0}'}}
  - {{registry: b.test, endpoint: 'http://{0}'}}
",
        all.open
    );
    let images: Vec<String> = (0..IMAGES).map(|n| format!("a.test/bulk/a:{n}")).collect();
    let sandbox = Sandbox::of(&images, &policy);
    let before = Instant::now();
    let mut child = sandbox.command("").stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        most = most.max(peak(child.id()));
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let time = before.elapsed();
    let mut out = String::new();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    let rate = IMAGES as f64 / time.as_secs_f64();
    eprintln!("{rate:.0} images a second, at most {} MiB: {out}", most / 1024);
    assert!(out.starts_with("2000 images: 2000 identical"), "{out}");
    assert!(most < 100 * 1024, "{most} KiB");
    assert!(rate > 100.0, "{rate} images a second");
}
