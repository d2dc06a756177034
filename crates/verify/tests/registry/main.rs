//! Every answer, by exchanges with real registries: `scripts/registry.sh` starts them and
//! runs this.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

#[path = "../sandbox/mod.rs"]
mod sandbox;

mod answers;
mod bulk;
mod layout;
mod limited;
mod plan;

/// The addresses of the registries.
struct Registries {
    open: String,
    token: String,
    basic: String,
    tls: String,
    /// The file of the authority that vouches for the one before.
    authority: String,
}

/// The registries, unless there are none, which is said.
fn registries() -> Option<Registries> {
    let variable = |name: &str| std::env::var(name).ok();
    let names = ["OPEN", "TOKEN", "BASIC", "TLS", "CA"];
    let [Some(open), Some(token), Some(basic), Some(tls), Some(authority)] =
        names.map(|name| variable(&format!("REGISTRY_{name}")))
    else {
        eprintln!(
            "skipped: no registry is running; \
             scripts/registry.sh cargo test -p chart-images-verify --test registry"
        );
        return None;
    };
    Some(Registries { open, token, basic, tls, authority })
}
