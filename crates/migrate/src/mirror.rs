//! Files for the programs that copy images to a registry of one's own.

use chart_lint::date::Date;
use chart_lint::model::Status;
use chart_lint::policy::{BUILT_IN, FILE_NAME, Policy, Subject};
use image_ref::Name;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write};

/// The program that is to copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// `skopeo sync`.
    Skopeo,
    /// `regsync`.
    Regsync,
}

impl Program {
    /// The names by which they are asked for.
    pub const NAMES: [&str; 2] = ["skopeo", "regsync"];

    /// The program of a name.
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "skopeo" => Some(Self::Skopeo),
            "regsync" => Some(Self::Regsync),
            _ => None,
        }
    }
}

/// An image that is to be copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// Where it is.
    pub name: Name,
    /// The digest where the chart pins it, else the tag: as a runtime decides.
    pub version: String,
    /// The digest that the tag has, where the image's registry told it.
    pub digest: Option<String>,
}

impl Copy {
    fn pinned(&self) -> Option<&str> {
        self.version.contains(':').then_some(&*self.version)
    }

    /// Why these programs cannot copy an image of this name, if they cannot.
    pub fn hindrance(name: &Name) -> Option<&'static str> {
        let has_port = name.registry.contains(':');
        has_port.then_some("its registry has a port, which stands in no name of a repository")
    }
}

/// Why there is no place to copy to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoPlace {
    /// The policy of this path names none.
    Unnamed(String),
    /// The policies name these.
    Several(Vec<String>),
}

impl NoPlace {
    /// What to do next.
    pub fn help(&self) -> String {
        let mirror = "`mirror: 123456789012.dkr.ecr.us-east-1.amazonaws.com/mirror`";
        match self {
            Self::Unnamed(policy) if policy == BUILT_IN => format!(
                "write a policy of your own, {FILE_NAME} at the top of the repository, with {mirror}"
            ),
            Self::Unnamed(policy) => format!("add {mirror} to {policy}"),
            Self::Several(_) => "ask about the charts of one policy at a time".to_owned(),
        }
    }
}

impl fmt::Display for NoPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unnamed(policy) if policy == BUILT_IN => {
                f.write_str("the built-in policy names no registry to copy to")
            }
            Self::Unnamed(policy) => write!(f, "{policy} names no registry to copy to"),
            Self::Several(places) => {
                write!(f, "the policies name several mirrors: {}", places.join(", "))
            }
        }
    }
}

impl std::error::Error for NoPlace {}

/// Where a policy would have images copied to.
///
/// # Errors
/// When it does not say.
pub fn place_of(policy: &Policy) -> Result<Name, NoPlace> {
    policy.mirror().ok_or_else(|| NoPlace::Unnamed(policy.path().to_owned()))
}

/// The registries of one's own that a policy names: where images are copied to, else each
/// private one of Amazon's that it allows, as it spells it.
pub fn own_registries(policy: &Policy) -> Vec<String> {
    if let Some(mirror) = policy.mirror() {
        return vec![place(&mirror)];
    }
    let is_private = |host: &str| {
        host.contains(".dkr.ecr.") && host.to_ascii_lowercase().contains(".amazonaws.com")
    };
    // A policy names what it forbids as well.
    let is_allowed = |host: &str| {
        let name = Name::new(&host.replace('*', "x"), "x");
        let subject =
            Subject { name: &name, pinned: true, chart: "", chart_name: None, paths: &[] };
        policy.judge(&subject, Date::today()).status == Status::Allowed
    };
    let hosts = policy.hosts().iter().map(|host| host.as_str());
    hosts.filter(|host| is_private(host) && is_allowed(host)).map(str::to_owned).collect()
}

/// What is to be copied, and to where.
#[derive(Debug, Default)]
pub struct Mirror {
    copies: Vec<Copy>,
    places: BTreeSet<Name>,
}

impl Mirror {
    /// Adds an image, and the place to copy to.
    pub fn add(&mut self, copy: Copy, place: Name) {
        self.places.insert(place);
        self.copies.push(copy);
    }

    /// The file for a program, with the command that reads it, the repositories that ECR
    /// wants made first, and the policy's next lines; none when there is nothing to copy.
    ///
    /// # Errors
    /// When the policies name several places to copy to.
    pub fn file(&self, program: Program) -> Result<Option<String>, NoPlace> {
        let places: Vec<String> = self.places.iter().map(place).collect();
        let mirror = match &*places {
            [] => return Ok(None),
            [mirror] => mirror,
            _ => return Err(NoPlace::Several(places)),
        };
        let mut text = match program {
            Program::Skopeo => self.skopeo(mirror),
            Program::Regsync => self.regsync(mirror),
        };
        text.push_str(&self.afterwards(mirror));
        Ok(Some(text))
    }

    fn by_repository(&self) -> BTreeMap<&Name, Vec<&Copy>> {
        let mut by: BTreeMap<&Name, Vec<&Copy>> = BTreeMap::new();
        for copy in &self.copies {
            let copies = by.entry(&copy.name).or_default();
            if !copies.iter().any(|other| other.version == copy.version) {
                copies.push(copy);
            }
        }
        by
    }

    fn skopeo(&self, mirror: &str) -> String {
        let mut text =
            format!("# skopeo sync --all --scoped --src yaml --dest docker THIS_FILE {mirror}\n");
        let mut registry_before = "";
        for (Name { registry, repository }, copies) in self.by_repository() {
            if registry != registry_before {
                let _ = writeln!(text, "{registry}:\n  images:");
                registry_before = registry;
            }
            let _ = writeln!(text, "    {repository}:");
            for copy in copies {
                let is = copy.digest.as_ref().filter(|_| copy.pinned().is_none());
                let is = is.map(|digest| format!("  # {digest}")).unwrap_or_default();
                let _ = writeln!(text, "      - \"{}\"{is}", copy.version);
            }
        }
        text
    }

    fn regsync(&self, mirror: &str) -> String {
        let mut text = "# regsync once --config THIS_FILE\nversion: 1\nsync:\n".to_owned();
        for (name, copies) in self.by_repository() {
            for copy in copies {
                let version = match copy.pinned() {
                    Some(digest) => format!("@{digest}"),
                    None => format!(":{}", copy.version),
                };
                // By its digest, so that what is copied is what was seen.
                let source = copy.digest.as_ref().map(|digest| format!("@{digest}"));
                let source = source.as_ref().unwrap_or(&version);
                let _ = writeln!(
                    text,
                    "  - source: {name}{source}\n    target: {mirror}/{name}{version}\n    type: image"
                );
            }
        }
        text
    }

    /// What else is to do for the charts to use the copies.
    fn afterwards(&self, mirror: &str) -> String {
        let mut text = String::new();
        if mirror.contains(".dkr.ecr.") {
            text.push_str("\n# ECR makes no repository by itself:\n");
            let folder = mirror.split_once('/').map(|(_, folder)| format!("{folder}/"));
            let folder = folder.unwrap_or_default();
            for name in self.by_repository().into_keys() {
                let _ = writeln!(
                    text,
                    "#   aws ecr create-repository --repository-name {folder}{name}"
                );
            }
        }
        text.push_str(
            "\n# Then, in the policy, above the replacements that are missing:\n# replacements:\n",
        );
        for name in self.by_repository().into_keys() {
            let _ = writeln!(text, "#   - {{ from: \"{name}\", to: \"{mirror}/{name}\" }}");
        }
        text
    }
}

fn place(mirror: &Name) -> String {
    match &*mirror.repository {
        "" => mirror.registry.clone(),
        folder => format!("{}/{folder}", mirror.registry),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chart_lint::policy::BUILT_IN_TEXT;

    fn copy(name: &str, version: &str, digest: Option<&str>) -> Copy {
        let name = Name::parse(name).unwrap();
        Copy { name, version: version.to_owned(), digest: digest.map(str::to_owned) }
    }

    fn mirror(to: &str) -> Mirror {
        let mut mirror = Mirror::default();
        let to = Name::parse(to).unwrap();
        for copy in [
            copy("ghcr.io/acme/web", "2", Some("sha256:aa")),
            copy("ghcr.io/acme/web", "1", None),
            copy("ghcr.io/acme/web", "1", None),
            copy("busybox", "sha256:bb", None),
        ] {
            mirror.add(copy, to.clone());
        }
        mirror
    }

    #[test]
    fn both_programs_have_their_file() {
        let mirror = mirror("1.dkr.ecr.us-east-1.amazonaws.com/hub");
        insta::assert_snapshot!("skopeo", mirror.file(Program::Skopeo).unwrap().unwrap());
        insta::assert_snapshot!("regsync", mirror.file(Program::Regsync).unwrap().unwrap());
    }

    #[test]
    fn there_is_one_place_or_a_reason() {
        assert_eq!(Mirror::default().file(Program::Skopeo), Ok(None));
        let mut mirror = mirror("a.io/x");
        mirror.add(copy("ghcr.io/acme/web", "3", None), Name::parse("b.io/y").unwrap());
        let several = NoPlace::Several(vec!["a.io/x".to_owned(), "b.io/y".to_owned()]);
        assert_eq!(mirror.file(Program::Regsync), Err(several));
    }

    #[test]
    fn the_registries_of_ones_own_are_the_mirror_or_the_private_ones_that_are_allowed() {
        let of = |rest: &str| {
            own_registries(&Policy::parse(&format!("version: 1\n{rest}"), "p.yaml").unwrap())
        };
        let [one, two, three] =
            ["1", "2", "3"].map(|account| format!("{account}.dkr.ecr.us-east-1.amazonaws.com"));
        let lists = format!(
            "registries: {{allowed: [public.ecr.aws, {two}, {one}], disallowed: [{three}]}}\n"
        );
        assert_eq!(of(&lists), [one, two]);
        assert_eq!(of(&format!("{lists}mirror: m.example/hub\n")), ["m.example/hub"]);
        let any = "registries: {allowed: ['*.dkr.ecr.*.amazonaws.com']}\n";
        assert_eq!(of(any), ["*.dkr.ecr.*.amazonaws.com"]);
        assert_eq!(of("registries: {allowed: [public.ecr.aws]}\n"), [""; 0]);
    }

    #[test]
    fn a_policy_without_a_place_is_named_and_the_built_in_one_is_no_file_to_edit() {
        let of = |policy: &Policy| place_of(policy).unwrap_err();
        let own = of(&Policy::parse("version: 1\n", "a/image-policy.yaml").unwrap());
        assert!(own.to_string().starts_with("a/image-policy.yaml names no registry"), "{own}");
        assert!(own.help().ends_with("mirror` to a/image-policy.yaml"), "{}", own.help());
        let built_in = of(&Policy::parse(BUILT_IN_TEXT, BUILT_IN).unwrap());
        assert!(built_in.to_string().starts_with("the built-in policy names no"), "{built_in}");
        let help = built_in.help();
        assert!(help.starts_with("write a policy of your own, image-policy.yaml at"), "{help}");
    }
}
