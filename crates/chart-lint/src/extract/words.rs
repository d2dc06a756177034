//! The words by which charts tell images: keys, registries, and what only looks alike.

/// What a key of a map says of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyWord {
    /// `image`, `gatewayImage`, `thanos_image`: the value is an image.
    Image,
    /// `images`: the values under it are images.
    Images,
    /// `registry`, `hub`, `imageRegistry`.
    Registry,
    /// `defaultRegistry`: where the registry is left empty.
    DefaultRegistry,
    /// `repository`, `repo`, `imageRepository`.
    Repository,
    /// `name`, `imageName`: a repository beside the other parts.
    Name,
    /// `tag`, `imageTag`, `version`.
    Tag,
    /// `digest`, `sha`.
    Digest,
    /// `gcpSHA`, `amd64Digest`: one of several digests, of which a template picks one.
    OneDigest,
    /// `pullPolicy` and its kin: no part, but a sure sign of an image.
    PullPolicy,
    /// Anything else.
    Other,
}

/// Reads a key.
pub(crate) fn key_word(key: &str) -> KeyWord {
    match key {
        "image" | "imageRef" | "imageReference" | "containerImage" => KeyWord::Image,
        "images" => KeyWord::Images,
        "registry" | "hub" | "imageRegistry" | "image_registry" | "registryName" => {
            KeyWord::Registry
        }
        "defaultRegistry" | "default_registry" => KeyWord::DefaultRegistry,
        "repository" | "repo" | "imageRepository" | "image_repository" | "imageRepo" => {
            KeyWord::Repository
        }
        "name" | "imageName" | "image_name" => KeyWord::Name,
        "tag" | "imageTag" | "image_tag" | "version" | "imageVersion" | "image_version" => {
            KeyWord::Tag
        }
        "digest" | "sha" | "sha256" | "imageDigest" | "imageSha" | "imageSHA" => KeyWord::Digest,
        "pullPolicy" | "imagePullPolicy" | "pullSecrets" | "imagePullSecrets" => {
            KeyWord::PullPolicy
        }
        _ if names_an_image(key) => KeyWord::Image,
        _ if ["SHA", "Sha256", "Digest"].iter().any(|end| key.ends_with(end)) => KeyWord::OneDigest,
        _ => KeyWord::Other,
    }
}

/// True of `gatewayImage`, `init-image`, `IMAGE`, `RELATED_IMAGE_X`, `imageK8S`; false of
/// `imagePullSecrets`, `useImage…`, `backingImage`, `imageVolumes`.
fn names_an_image(key: &str) -> bool {
    const NOT: [&str; 14] = [
        "pull",
        "policy",
        "backing",
        "size",
        "path",
        "url",
        "format",
        "type",
        "volume",
        "automat",
        "renderer",
        "add_image",
        "disk",
        "machine",
    ];
    let ends = key.len().checked_sub("image".len()).and_then(|at| key.as_bytes().get(at..));
    let like_an_image = ends.is_some_and(|end| end.eq_ignore_ascii_case(b"image"))
        || key.starts_with("RELATED_IMAGE_")
        || key.strip_prefix("image").is_some_and(|rest| {
            rest.starts_with(|c: char| c.is_ascii_uppercase() || c == '_' || c == '-')
                && rest.len() <= 12
        });
    // Almost no key gets this far, which matters: every key of a chart is asked.
    like_an_image && {
        let lower = key.to_ascii_lowercase();
        !NOT.iter().any(|word| lower.contains(word))
    }
}

/// Words under `image:` that name no image: a mesh injects it, or a switch.
pub(crate) fn is_placeholder(text: &str) -> bool {
    matches!(
        text,
        "auto"
            | "true"
            | "false"
            | "default"
            | "none"
            | "null"
            | "nil"
            | "~"
            | "enabled"
            | "disabled"
            | "image"
    )
}

/// Registries that are known by name, so that a text that begins with one is an
/// image even where no key says so. A leading `*.` stands for any labels.
const KNOWN: [&str; 31] = [
    "docker.io",
    "index.docker.io",
    "registry-1.docker.io",
    "registry.hub.docker.com",
    "hub.docker.com",
    "ghcr.io",
    "gcr.io",
    "*.gcr.io",
    "quay.io",
    "registry.k8s.io",
    "public.ecr.aws",
    "*.amazonaws.com",
    "*.amazonaws.com.cn",
    "mcr.microsoft.com",
    "*.azurecr.io",
    "registry.gitlab.com",
    "*.pkg.dev",
    "cgr.dev",
    "registry.access.redhat.com",
    "registry.redhat.io",
    "registry.connect.redhat.com",
    "docker.elastic.co",
    "nvcr.io",
    "icr.io",
    "*.icr.io",
    "lscr.io",
    "container-registry.oracle.com",
    "*.ocir.io",
    "xpkg.upbound.io",
    "registry.gitlab.io",
    "rg.fr-par.scw.cloud",
];

/// True when people know this host as a container registry.
pub(crate) fn is_known_registry(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let host = host.strip_suffix(":443").unwrap_or(&host);
    KNOWN.iter().any(|known| match known.strip_prefix('*') {
        Some(suffix) => host.len() > suffix.len() && host.ends_with(suffix),
        None => host == *known,
    })
}

/// True of text that is a place of something else: a URL, a Git repository, a
/// chart source, a file of a disk or a picture.
pub(crate) fn is_another_address(text: &str) -> bool {
    const ENDINGS: [&str; 16] = [
        ".git", ".png", ".jpg", ".jpeg", ".svg", ".gif", ".ico", ".webp", ".qcow2", ".iso", ".img",
        ".vmdk", ".raw", ".tar", ".tgz", ".gz",
    ];
    let lower = text.to_ascii_lowercase();
    lower.contains("://")
        || lower.starts_with("git@")
        || lower.starts_with("ami-")
        || lower.starts_with("data:")
        || ENDINGS.iter().any(|ending| lower.ends_with(ending))
}
