//! Where a migration may write: below the root, through no link, and not into what Git keeps.

use std::path::{Component, Path, PathBuf};

/// True of a plain path below the root, which leads neither up nor into a folder of Git's or
/// of this program's. Journals are files that a pull request can change: what they name is
/// checked by this.
pub(crate) fn is_plain(path: &str) -> bool {
    let of_others =
        |name: &str| [".git", ".chart-images"].iter().any(|other| name.eq_ignore_ascii_case(other));
    !path.is_empty()
        && Path::new(path).components().all(|part| match part {
            Component::Normal(name) => name.to_str().is_some_and(|name| !of_others(name)),
            _ => false,
        })
}

/// The file of a path below the root. It may not be there, its folder has to be.
///
/// # Errors
/// Why nothing is written there.
pub(crate) fn of(root: &Path, path: &str) -> Result<PathBuf, String> {
    if !is_plain(path) {
        return Err(format!("{path} leads out of the repository"));
    }
    let file = root.join(path);
    let parts = Path::new(path).ancestors().take_while(|part| !part.as_os_str().is_empty());
    if parts.map(|part| root.join(part)).any(|part| part.is_symlink()) {
        return Err(format!(
            "{path} is reached by a link, and nothing is written through one; change the file that \
             it leads to"
        ));
    }
    match file.parent().is_some_and(Path::is_dir) {
        true => Ok(file),
        false => Err(format!("{path} has no folder; restore it from Git, then try again")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_paths_below_the_root_are_places() {
        for path in ["a/values.yaml", "Chart.yaml", "a/.gitignore", "a/..b/c"] {
            assert!(is_plain(path), "{path}");
        }
        let wrong =
            ["", "/a", "../a", "a/../b", "./a", ".git/config", "a/.GIT/hooks/x", ".chart-images/m"];
        for path in wrong {
            assert!(!is_plain(path), "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("root");
        std::fs::create_dir_all(root.join("real")).unwrap();
        std::fs::write(dir.path().join("mine"), "mine").unwrap();
        std::os::unix::fs::symlink("../mine", root.join("out")).unwrap();
        std::os::unix::fs::symlink("real", root.join("folder")).unwrap();
        std::os::unix::fs::symlink("nowhere", root.join("dangling")).unwrap();
        assert_eq!(of(&root, "real/new").unwrap(), root.join("real/new"));
        for path in ["out", "folder/new", "dangling", "none/new"] {
            assert!(of(&root, path).is_err(), "{path}");
        }
    }
}
