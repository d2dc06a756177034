//! Images made by the tests, in OCI layouts, and pushed with skopeo.

use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::fs;
use std::process::Command;
use tempfile::TempDir;

/// What an image is: its content on each platform, and notes that change digests alone.
#[derive(Clone, Copy)]
pub(crate) struct Make<'a> {
    /// The platforms, as `os/architecture`, each with its content. One is no index.
    pub(crate) platforms: &'a [(&'a str, &'a str)],
    /// Stands in each manifest.
    pub(crate) note: &'a str,
    /// An index, also of one platform.
    pub(crate) index: bool,
}

pub(crate) fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold("sha256:".to_owned(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// A layout that has blobs written into it.
struct Layout(TempDir);

impl Layout {
    fn blob(&self, media_type: &str, bytes: &[u8], more: &str) -> String {
        let digest = digest(bytes);
        let file = self.0.path().join("blobs/sha256").join(&digest["sha256:".len()..]);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
        format!(
            r#"{{"mediaType":"{media_type}","digest":"{digest}","size":{}{more}}}"#,
            bytes.len()
        )
    }
}

/// Makes an image and pushes it to `address/repository:tag`; its digest.
pub(crate) fn push(
    make: &Make<'_>,
    address: &str,
    name: &str,
    credentials: Option<&str>,
) -> String {
    let layout = Layout(TempDir::new().unwrap());
    let mut manifests = Vec::new();
    let mut single = Vec::new();
    for (platform, content) in make.platforms {
        let (os, architecture) = platform.split_once('/').unwrap();
        let config = format!(
            r#"{{"os":"{os}","architecture":"{architecture}","config":{{"Labels":{{"is":"{content}"}}}},"rootfs":{{"type":"layers","diff_ids":[]}}}}"#
        );
        let config = layout.blob(CONFIG, config.as_bytes(), "");
        let manifest = format!(
            r#"{{"schemaVersion":2,"mediaType":"{MANIFEST}","config":{config},"layers":[],"annotations":{{"note":"{}"}}}}"#,
            make.note
        );
        let of = format!(r#","platform":{{"os":"{os}","architecture":"{architecture}"}}"#);
        manifests.push(layout.blob(MANIFEST, manifest.as_bytes(), &of));
        single = manifest.into_bytes();
    }
    let (media_type, top) = match make.index || make.platforms.len() > 1 {
        true => {
            let list = manifests.join(",");
            let index =
                format!(r#"{{"schemaVersion":2,"mediaType":"{INDEX}","manifests":[{list}]}}"#);
            (INDEX, index.into_bytes())
        }
        false => (MANIFEST, single),
    };
    let tag = r#","annotations":{"org.opencontainers.image.ref.name":"it"}"#;
    let entry = layout.blob(media_type, &top, tag);
    fs::write(layout.0.path().join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
    let index = format!(r#"{{"schemaVersion":2,"manifests":[{entry}]}}"#);
    fs::write(layout.0.path().join("index.json"), index).unwrap();
    let mut skopeo = Command::new("skopeo");
    skopeo.args(["copy", "--quiet", "--insecure-policy", "--all", "--dest-tls-verify=false"]);
    skopeo.args(credentials.map(|credentials| format!("--dest-creds={credentials}")));
    skopeo.arg(format!("oci:{}:it", layout.0.path().display()));
    skopeo.arg(format!("docker://{address}/{name}"));
    let output = skopeo.output().unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    digest(&top)
}
