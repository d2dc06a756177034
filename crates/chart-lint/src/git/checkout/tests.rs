use super::*;
use std::process::Command;

/// A repository of its own, untouched by the configuration of the machine.
struct Sandbox(TempDir);

impl Sandbox {
    fn new() -> Option<Self> {
        if Command::new("git").arg("--version").output().is_err() {
            eprintln!("skipped: git is not installed");
            return None;
        }
        let sandbox = Self(TempDir::new().unwrap());
        sandbox.git(&["init", "--quiet", "--initial-branch=main"]);
        Some(sandbox)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn git(&self, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .current_dir(self.0.path())
            .args(["-c", "user.name=t", "-c", "user.email=t@example.com"])
            .args(["-c", "commit.gpgsign=false"])
            .args(arguments)
            .env("GIT_CONFIG_GLOBAL", self.0.path().join("none"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn commit(&self) {
        self.git(&["add", "--all", "--force"]);
        self.git(&["commit", "--quiet", "--message=x"]);
    }

    fn repository(&self) -> Repository {
        Repository::holding(&self.0.path().join("some/folder")).unwrap()
    }
}

#[test]
fn lays_out_what_the_revision_holds_and_the_attributes_do_not_matter() {
    let Some(sandbox) = Sandbox::new() else { return };
    sandbox.write("charts/a/Chart.yaml", "name: a # $Format:%H$\n");
    sandbox.write("charts/a/values.yaml", "old\n");
    sandbox.write("other.txt", "x");
    sandbox.write(".gitattributes", "* export-ignore export-subst text eol=crlf filter=evil\n");
    sandbox.commit();
    sandbox.write("charts/a/values.yaml", "new\n");
    let marker = sandbox.0.path().join("ran");
    let run = format!("touch '{}'", marker.display());
    for key in ["filter.evil.smudge", "filter.evil.clean", "core.fsmonitor", "core.sshCommand"] {
        sandbox.git(&["config", key, &run]);
    }
    sandbox.write(".git/hooks/post-checkout", &format!("#!/bin/sh\n{run}\n"));
    sandbox.write(".git/hooks/post-index-change", &format!("#!/bin/sh\n{run}\n"));

    let repository = sandbox.repository();
    let tree = repository.tree("HEAD").unwrap();
    let mut entries = repository.entries(&tree).unwrap();
    entries.retain(|entry| entry.path.starts_with("charts/a/"));
    let checkout = repository.check_out(&entries).unwrap();
    let read = |path: &str| fs::read_to_string(checkout.top().join(path)).ok();
    assert_eq!(read("charts/a/Chart.yaml").as_deref(), Some("name: a # $Format:%H$\n"));
    assert_eq!(read("charts/a/values.yaml").as_deref(), Some("old\n"));
    assert_eq!(read("other.txt"), None);
    assert_eq!(repository.tracked_charts().unwrap().finish().unwrap().len(), 1);
    assert!(!marker.exists(), "a command of the repository ran");
    let folder = checkout.top().to_owned();
    drop(checkout);
    assert!(!folder.exists());
}

#[cfg(unix)]
#[test]
fn links_stay_inside() {
    use std::os::unix::fs::symlink;
    let Some(sandbox) = Sandbox::new() else { return };
    sandbox.write("a/b/file", "here");
    let at = |path: &str| sandbox.0.path().join(path);
    symlink("../b/file", at("a/b/good")).unwrap();
    symlink("/etc/passwd", at("a/b/absolute")).unwrap();
    symlink("../../../x", at("a/b/climbs")).unwrap();
    symlink("good/../../../x", at("a/b/winds")).unwrap();
    symlink("loop", at("a/loop")).unwrap();
    sandbox.commit();
    let repository = sandbox.repository();
    let entries = repository.entries(&repository.tree("main").unwrap()).unwrap();
    let checkout = repository.check_out(&entries).unwrap();
    assert_eq!(fs::read_to_string(checkout.top().join("a/b/good")).unwrap(), "here");
    let left: Vec<&str> = checkout.left.iter().map(|left| left.path.as_str()).collect();
    assert_eq!(left, ["a/b/absolute", "a/b/climbs", "a/b/winds"]);
}

#[test]
fn revisions_that_are_none_are_said() {
    let Some(sandbox) = Sandbox::new() else { return };
    sandbox.write("a", "x");
    sandbox.commit();
    let repository = sandbox.repository();
    for rev in ["nope", "", "--output=x", "HEAD\nx", "HEAD:a", "-h"] {
        let error = repository.tree(rev).unwrap_err();
        assert!(
            matches!(error, GitError::UnknownRevision { shallow: false, .. }),
            "{rev}: {error}"
        );
    }
    assert_eq!(repository.tree("HEAD").unwrap(), repository.tree("main").unwrap());
}

#[test]
fn a_shallow_clone_is_told_how_to_fetch() {
    let Some(sandbox) = Sandbox::new() else { return };
    sandbox.write("a", "x");
    sandbox.commit();
    sandbox.write("a", "y");
    sandbox.commit();
    let from = format!("file://{}", sandbox.0.path().display());
    sandbox.git(&["clone", "--quiet", "--depth=1", &from, "clone"]);
    let clone = Repository::holding(&sandbox.0.path().join("clone")).unwrap();
    let error = clone.tree("HEAD~1").unwrap_err().to_string();
    assert!(error.contains("fetch-depth: 0"), "{error}");
}

#[test]
fn a_committed_bare_repository_is_not_asked() {
    let Some(sandbox) = Sandbox::new() else { return };
    sandbox.write("bare/HEAD", "ref: refs/heads/main\n");
    sandbox.write("bare/objects/x", "");
    sandbox.write("bare/refs/x", "");
    sandbox.write("bare/config", "[core]\nbare = true\nfsmonitor = touch ran\n");
    let repository = Repository::holding(&sandbox.0.path().join("bare")).unwrap();
    assert_eq!(repository.top(), sandbox.0.path());
}
