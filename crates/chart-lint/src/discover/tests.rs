use super::*;
use std::fs;
use std::process::Command;
use tempfile::TempDir;

/// A folder with files; `Chart.yaml` and everything else are written empty.
fn tree(files: &[&str]) -> (TempDir, PathBuf) {
    let dir = TempDir::new().unwrap();
    let root = real(dir.path()).unwrap();
    for file in files {
        let path = root.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }
    (dir, root)
}

fn find(root: &Path, paths: &[&str]) -> Result<Discovery, DiscoverError> {
    let paths: Vec<PathBuf> = paths.iter().map(|path| root.join(path)).collect();
    discover(&paths, root)
}

fn names(found: &Discovery) -> Vec<&str> {
    found.charts.iter().map(|chart| chart.display.as_str()).collect()
}

fn git(root: &Path, arguments: &[&str]) -> bool {
    Command::new("git")
        .current_dir(root)
        .args(["-c", "user.name=t", "-c", "user.email=t@example.com"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", root.join("none"))
        .output()
        .inspect_err(|error| eprintln!("skipped: git: {error}"))
        .is_ok_and(|output| output.status.success())
}

#[test]
fn charts_of_a_folder_without_what_is_loaded_with_them() {
    let (_dir, root) = tree(&[
        "charts/a/Chart.yaml",
        "charts/a/charts/sub/Chart.yaml",
        "charts/a/charts/deep/er/Chart.yaml",
        "charts/a/templates/odd/Chart.yaml",
        "charts/a/examples/own/Chart.yaml",
        "charts/b/Chart.yaml",
        ".github/charts/c/Chart.yaml",
        "docs/readme.md",
    ]);
    let found = find(&root, &["."]).unwrap();
    assert_eq!(
        names(&found),
        [".github/charts/c", "charts/a", "charts/a/examples/own", "charts/b"]
    );
    assert_eq!(found.only, None);
    assert_eq!(names(&find(&root, &["charts/b", "charts/b"]).unwrap()), ["charts/b"]);
    let (_dir, root) = tree(&["Chart.yaml", "charts/x/Chart.yaml"]);
    assert_eq!(names(&find(&root, &[""]).unwrap()), ["."]);
}

#[test]
fn files_and_folders_inside_a_chart_stand_for_it() {
    let (_dir, root) = tree(&[
        "a/Chart.yaml",
        "a/values.yaml",
        "a/templates/x.yaml",
        "a/charts/sub/charts/subsub/Chart.yaml",
        "a/charts/sub/charts/subsub/values.yaml",
        "a/charts/sub/Chart.yaml",
        "a/charts/sub/files/own/Chart.yaml",
        "a/examples/own/Chart.yaml",
        "a/examples/own/values.yaml",
        "readme.md",
    ]);
    for (given, charts) in [
        (vec!["a/values.yaml"], vec!["a"]),
        (vec!["a/templates"], vec!["a"]),
        (vec!["a/charts"], vec!["a"]),
        (vec!["a/charts/sub"], vec!["a"]),
        (vec!["a/charts/sub/files/own/Chart.yaml"], vec!["a"]),
        (vec!["a/charts/sub/charts/subsub/values.yaml"], vec!["a"]),
        (vec!["a/examples/own/values.yaml"], vec!["a/examples/own"]),
        (vec!["a/examples"], vec!["a", "a/examples/own"]),
    ] {
        let found = find(&root, &given).unwrap();
        assert_eq!(names(&found), charts, "{given:?}");
    }
    let found = find(&root, &["a/values.yaml", "readme.md", "a/templates"]).unwrap();
    assert_eq!(found.outside, ["readme.md"]);
    let only = found.only.unwrap();
    assert!(only.covers("a/values.yaml") && only.covers("a/templates/x.yaml"));
    assert!(!only.covers("a/Chart.yaml"));
    let found = find(&root, &["readme.md"]).unwrap();
    assert!(found.charts.is_empty());
    assert_eq!(found.outside, ["readme.md"]);
}

#[test]
fn a_question_that_cannot_be_answered_is_an_error() {
    let (_dir, root) = tree(&["a/Chart.yaml", "empty/readme.md"]);
    let error = find(&root, &["nope"]).unwrap_err();
    assert!(matches!(error, DiscoverError::Missing { .. }), "{error}");
    let error = find(&root, &["a/*.yml"]).unwrap_err();
    assert!(error.to_string().contains("shell"), "{error}");
    let error = find(&root, &["a", "empty"]).unwrap_err();
    assert!(matches!(&error, DiscoverError::NoChart { paths } if paths.len() == 1), "{error}");
    assert!(error.to_string().contains("empty: a chart is a folder with a Chart.yaml"));
    let error = discover(&[root.join("a")], &root.join("empty")).unwrap_err();
    assert!(matches!(error, DiscoverError::OutsideRoot { .. }), "{error}");
}

#[test]
fn ignored_charts_are_found_when_git_tracks_them() {
    let (_dir, root) = tree(&[
        "built/a/Chart.yaml",
        "kept/b/Chart.yaml",
        "kept/b/charts/sub/Chart.yaml",
        "plain/c/Chart.yaml",
        "searched/d/Chart.yaml",
    ]);
    if !git(&root, &["init", "--quiet"]) {
        return;
    }
    fs::write(root.join(".gitignore"), "built/\nkept/\n").unwrap();
    fs::write(root.join(".ignore"), "searched/\n").unwrap();
    assert!(git(&root, &["add", "--force", "kept"]));
    let found = find(&root, &["."]).unwrap();
    assert_eq!(names(&found), ["kept/b", "plain/c", "searched/d"]);
    assert!(found.notes.is_empty());
    assert_eq!(names(&find(&root, &["kept"]).unwrap()), ["kept/b"]);
    assert_eq!(names(&find(&root, &["built/a"]).unwrap()), ["built/a"], "it was asked for by name");
}

#[test]
fn when_git_does_not_answer_nothing_is_ignored() {
    let (_dir, root) = tree(&["built/a/Chart.yaml", ".git/no-repository"]);
    fs::write(root.join(".gitignore"), "built/\n").unwrap();
    let found = find(&root, &["."]).unwrap();
    assert_eq!(names(&found), ["built/a"]);
    assert_eq!(found.notes.len(), 1, "{:?}", found.notes);
}

#[cfg(unix)]
#[test]
fn links_are_not_followed_unless_they_are_given() {
    use std::os::unix::fs::symlink;
    let (_dir, root) = tree(&["a/Chart.yaml", "b/readme.md"]);
    symlink("..", root.join("a/loop")).unwrap();
    symlink("../a", root.join("b/to-a")).unwrap();
    symlink("nowhere", root.join("a/dangling.yaml")).unwrap();
    assert_eq!(names(&find(&root, &["."]).unwrap()), ["a"]);
    assert!(find(&root, &["b"]).is_err());
    assert_eq!(names(&find(&root, &["b/to-a"]).unwrap()), ["a"]);
    let found = find(&root, &["a/dangling.yaml"]).unwrap();
    assert_eq!(names(&found), ["a"]);
    assert!(found.only.unwrap().covers("a/dangling.yaml"));
}

#[cfg(unix)]
#[test]
fn a_name_that_is_no_unicode_is_shown_with_a_mark() {
    use std::os::unix::ffi::OsStrExt;
    let (_dir, root) = tree(&[]);
    for name in [b"caf\xe9", b"caf\xe8"] {
        let chart = root.join(std::ffi::OsStr::from_bytes(name));
        if fs::create_dir(&chart).is_err() {
            eprintln!("skipped: this file system takes only Unicode names");
            return;
        }
        fs::write(chart.join("Chart.yaml"), "").unwrap();
    }
    let found = find(&root, &["."]).unwrap();
    assert_eq!(names(&found), ["caf\u{fffd}", "caf\u{fffd}"]);
    assert_ne!(found.charts[0].dir, found.charts[1].dir);
    assert_eq!(found.notes.len(), 2);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_searched_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let (_dir, root) = tree(&["a/Chart.yaml", "closed/x/Chart.yaml"]);
    let closed = root.join("closed");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read_dir(&closed).is_ok() {
        eprintln!("skipped: this user may read everything");
        return;
    }
    let found = find(&root, &["."]).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(names(&found), ["a"]);
    assert_eq!(found.problems[0].path, "closed");
}

#[test]
fn the_root_is_the_repository_else_the_folder_that_holds_all() {
    let (_dir, root) = tree(&["a/b/Chart.yaml", "a/b/templates/x.yaml", "c/readme.md"]);
    let at = |path: &str| root.join(path);
    let root_of = |paths: &[&str], current: &str| {
        let paths: Vec<PathBuf> = paths.iter().map(|path| at(path)).collect();
        default_root(&paths, &at(current)).unwrap()
    };
    assert_eq!(root_of(&["a/b"], "a"), at("a"));
    assert_eq!(root_of(&["a/b/templates/x.yaml"], "a/b/templates"), at("a/b"));
    assert_eq!(root_of(&["a/b", "c"], "c"), root.join(""));
    fs::create_dir(at(".git")).unwrap();
    assert_eq!(root_of(&["a/b", "c"], "c"), root);
}
