//! `migrate` where there is no room. As the tests of the same name in crates/migrate, these
//! are ignored unless they are asked for.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod moved;
mod sandbox;

use moved::{chart, files};
use sandbox::{Said, Sandbox};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A disk of some pages in memory.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn at(path: PathBuf, pages: usize) -> Self {
        std::fs::create_dir_all(&path).unwrap();
        let disk = Self(path);
        disk.mount(&["-t", "tmpfs", "-o", &format!("size={}", pages * 4096), "small"]);
        disk
    }

    fn mount(&self, arguments: &[&str]) {
        let said = Command::new("mount").args(arguments).arg(&self.0).output().unwrap();
        assert!(said.status.success(), "run it as root: {}", String::from_utf8_lossy(&said.stderr));
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg(&self.0).status());
    }
}

fn migrate(sandbox: &Sandbox, folder: &str, temporary: &Path) -> Said {
    let mut command = sandbox.command(folder);
    command.args(["migrate", "--unverified"]).env("TMPDIR", temporary);
    Said::from(command.output().unwrap())
}

#[test]
#[ignore = "it mounts a small disk, for which it has to be root"]
fn a_change_is_proved_without_room_for_temporary_files() {
    let sandbox = Sandbox::new();
    chart(&sandbox, "image: ghcr.io/acme/web:1\n", "  - name: a\n    image: {{ .Values.image }}\n");
    let disk = SmallDisk::at(sandbox.root().join("small"), 1);
    std::fs::write(disk.0.join("filler"), [b'x'; 4096]).unwrap();
    migrate(&sandbox, "", &disk.0).exits(0).shows("moved 1");
}

#[test]
#[ignore = "it mounts a small disk, for which it has to be root"]
fn without_room_for_a_chart_what_was_begun_is_taken_back() {
    let sandbox = Sandbox::new();
    let disk = SmallDisk::at(sandbox.root().join("small"), 64);
    let values = format!("# {}\nimage: ghcr.io/acme/web:1\n", "x".repeat(4060));
    chart(&sandbox, &values, "  - name: a\n    image: {{ .Values.image }}\n");
    for file in ["image-policy.yaml", "app/Chart.yaml", "app/values.yaml", "app/templates/pod.yaml"]
    {
        sandbox.write(&format!("small/{file}"), &sandbox.read(file));
    }
    let root = disk.0.clone();
    let before = files(&root);
    let temporary = sandbox.root().join("tmp");
    std::fs::create_dir(&temporary).unwrap();
    let mut ends = Vec::new();
    // The values need one page more than they have.
    for pages in 0..8 {
        let filler = vec![b'x'; (64 - used(&root) - pages) * 4096];
        std::fs::write(root.join("filler"), filler).unwrap();
        let said = migrate(&sandbox, "small", &temporary);
        let changed = files(&root);
        ends.push(before.iter().filter(|(path, text)| changed[*path] != **text).count());
        if said.status != 0 {
            // Nothing is begun then.
            assert!(!said.errs("No space left").err.contains("rollback"));
        }
        std::fs::remove_file(root.join("filler")).unwrap();
        sandbox.run("rollback --root small").exits(0);
        assert!(files(&root) == before, "{pages} pages");
    }
    ends.dedup();
    // Both files, or none.
    assert_eq!(ends, [0, 2]);
}

/// The pages of the files of a folder.
fn used(root: &Path) -> usize {
    files(root).values().map(|text| text.len().div_ceil(4096)).sum()
}
