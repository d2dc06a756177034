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
    symlink("../b/../file", at("a/b/winds")).unwrap();
    symlink("loop", at("a/loop")).unwrap();
    sandbox.commit();
    let repository = sandbox.repository();
    let entries = repository.entries(&repository.tree("main").unwrap()).unwrap();
    let checkout = repository.check_out(&entries).unwrap();
    assert_eq!(fs::read_to_string(checkout.top().join("a/b/good")).unwrap(), "here");
    let left: Vec<&str> = checkout.left.iter().map(|left| left.path.as_str()).collect();
    assert_eq!(left, ["a/b/absolute", "a/b/climbs", "a/b/winds"]);
}

/// Everything below a folder: paths, with what a file holds or where a link leads.
#[cfg(unix)]
fn below(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            let meta = path.symlink_metadata().unwrap();
            let held = if meta.is_symlink() {
                format!("-> {}", fs::read_link(&path).unwrap().display())
            } else if meta.is_dir() {
                folders.push(path.clone());
                "folder".to_owned()
            } else {
                fs::read_to_string(&path).unwrap()
            };
            all.insert(path.strip_prefix(folder).unwrap().to_owned(), held);
        }
    }
    all
}

#[cfg(unix)]
#[test]
fn what_turns_into_another_revision_is_as_if_laid_out_anew() {
    use std::os::unix::fs::symlink;
    let Some(sandbox) = Sandbox::new() else { return };
    let at = |path: &str| sandbox.0.path().join(path);
    let remove = |path: &str| match at(path).symlink_metadata().unwrap().is_dir() {
        true => fs::remove_dir_all(at(path)).unwrap(),
        false => fs::remove_file(at(path)).unwrap(),
    };
    sandbox.write("a/x", "1");
    sandbox.write("a/deep/er/y", "1");
    sandbox.write("shared/z", "1");
    symlink("../shared", at("a/link")).unwrap();
    sandbox.commit();
    let steps: [&dyn Fn(); 8] = [
        &|| sandbox.write("a/x", "2"),
        // Folders that hold nothing go, as far as they hold nothing.
        &|| remove("a/deep"),
        // A file becomes a folder, a folder a file, a link a folder and back.
        &|| {
            remove("a/x");
            sandbox.write("a/x/inner", "3");
            remove("shared");
            sandbox.write("shared", "3");
        },
        &|| {
            remove("a/link");
            sandbox.write("a/link/z", "4");
            remove("shared");
            sandbox.write("shared/z", "4");
        },
        &|| {
            remove("a/link");
            symlink("../shared/z", at("a/link")).unwrap();
        },
        // A link that is not made leaves no folder behind.
        &|| {
            fs::create_dir(at("a/lonely")).unwrap();
            symlink("/etc", at("a/lonely/out")).unwrap();
            symlink("nowhere", at("a/dangling")).unwrap();
        },
        &|| {
            remove("a/lonely");
            remove("a/x");
        },
        &|| {
            remove("a");
            remove("shared");
            sandbox.write("b", "9");
        },
    ];
    let repository = sandbox.repository();
    let mut turned = Checkout::empty().unwrap();
    let mut turn = |rev: &str| {
        let entries = repository.entries(&repository.tree(rev).unwrap()).unwrap();
        let anew = repository.check_out(&entries).unwrap();
        repository.turn(&mut turned, &entries).unwrap();
        assert_eq!(below(turned.top()), below(anew.top()), "{rev}");
        assert_eq!(turned.left, anew.left, "{rev}");
        below(turned.top()).len()
    };
    assert_eq!(turn("HEAD"), 8);
    for step in steps {
        step();
        sandbox.commit();
        turn("HEAD");
    }
    // Any revision can follow any other one, and itself.
    for (one, other) in (0..9).flat_map(|one| (0..9).map(move |other| (one, other))) {
        turn(&format!("HEAD~{one}"));
        turn(&format!("HEAD~{other}"));
    }
    // Nothing goes wrong where nothing is wanted.
    repository.turn(&mut turned, []).unwrap();
    assert_eq!(below(turned.top()).len(), 0);
}

#[cfg(unix)]
#[test]
fn what_did_not_change_is_not_written_again() {
    let Some(sandbox) = Sandbox::new() else { return };
    sandbox.write("a", "1");
    sandbox.write("b", "1");
    sandbox.commit();
    let repository = sandbox.repository();
    let entries = |rev| repository.entries(&repository.tree(rev).unwrap()).unwrap();
    let mut checkout = repository.check_out(&entries("HEAD")).unwrap();
    fs::write(checkout.top().join("a"), "marked").unwrap();
    sandbox.write("b", "2");
    sandbox.commit();
    repository.turn(&mut checkout, &entries("HEAD")).unwrap();
    let read = |name| fs::read_to_string(checkout.top().join(name)).unwrap();
    assert_eq!((read("a"), read("b")), ("marked".into(), "2".into()));
}

/// A tree that Git itself would not make: two entries of one name.
#[cfg(unix)]
#[test]
fn names_that_are_taken_are_laid_out_anew() {
    let Some(sandbox) = Sandbox::new() else { return };
    sandbox.write("a", "1");
    sandbox.write("b", "2");
    sandbox.commit();
    let repository = sandbox.repository();
    let entries = repository.entries(&repository.tree("HEAD").unwrap()).unwrap();
    let mut other = entries[1].clone();
    (other.path, other.bytes) = (entries[0].path.clone(), entries[0].bytes.clone());
    let mut checkout = repository.check_out([&other]).unwrap();
    repository.turn(&mut checkout, [&entries[0], &other]).unwrap();
    let read = |checkout: &Checkout| fs::read_to_string(checkout.top().join("a")).unwrap();
    assert_eq!((read(&checkout), checkout.left.len()), ("1".into(), 1));
    repository.turn(&mut checkout, [&other]).unwrap();
    assert_eq!((read(&checkout), checkout.left.len()), ("2".into(), 0));
}

/// A tree that Git itself would not make: a link that is a folder as well.
#[cfg(unix)]
#[test]
fn no_file_is_written_through_a_link_of_the_revision_before() {
    use std::os::unix::fs::symlink;
    let Some(sandbox) = Sandbox::new() else { return };
    sandbox.write("in/kept", "kept");
    symlink("in", sandbox.0.path().join("out")).unwrap();
    sandbox.commit();
    let repository = sandbox.repository();
    let entries = repository.entries(&repository.tree("HEAD").unwrap()).unwrap();
    let mut through = entries[0].clone();
    (through.path, through.bytes) = ("out/kept".into(), b"out/kept".to_vec());
    let mut checkout = repository.check_out(&entries).unwrap();
    assert!(checkout.top().join("out").is_symlink());
    repository.turn(&mut checkout, entries.iter().chain([&through])).unwrap();
    assert!(!checkout.top().join("out").is_symlink());
    assert_eq!(checkout.left.len(), 1);
    assert_eq!(below(checkout.top()).len(), 4);
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
