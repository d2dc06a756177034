//! Where a registry is asked, and how.

use ureq::http::Uri;

/// What is known of a registry beside its name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// Where to ask instead of the registry's own host, for instance `https://mirror.example`.
    pub endpoint: Option<String>,
    /// Plain HTTP is permitted, also where it leaves this machine.
    pub insecure: bool,
    /// How many requests may be under way at once.
    pub at_once: Option<usize>,
    /// How many requests may be sent in a second.
    pub per_second: Option<f64>,
}

/// Tells whether a host, with or without a port, is this machine by its name.
pub fn is_loopback(host: &str) -> bool {
    let bare = match host.strip_prefix('[') {
        Some(six) => six.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let address = bare.parse::<std::net::IpAddr>();
    bare.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

/// Where a registry is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// Scheme and authority, and perhaps a path, without a `/` at the end.
    pub(crate) base: String,
    /// Plain HTTP is permitted to this host.
    pub(crate) plain: Option<String>,
}

impl Endpoint {
    /// The endpoint of a registry; why there is none, else.
    pub(crate) fn of(registry: &str, settings: &Settings) -> Result<Self, String> {
        let base = match &settings.endpoint {
            Some(given) => given.trim_end_matches('/').to_owned(),
            None if registry == "docker.io" => "https://registry-1.docker.io".to_owned(),
            None if settings.insecure || is_loopback(registry) => format!("http://{registry}"),
            None => format!("https://{registry}"),
        };
        let uri: Uri = base.parse().map_err(|_| format!("`{base}` is no address"))?;
        let host = uri.authority().map(|authority| authority.as_str()).unwrap_or_default();
        let plain = match uri.scheme_str() {
            _ if host.is_empty() || host.contains('@') => {
                return Err(format!("`{base}` is no address of a host"));
            }
            Some("https") => None,
            Some("http") if settings.insecure || is_loopback(host) => Some(host.to_owned()),
            Some("http") => {
                return Err(format!(
                    "{host} would be asked without encryption, which the policy does not permit"
                ));
            }
            _ => return Err(format!("`{base}` is neither https:// nor http://")),
        };
        Ok(Self { base, plain })
    }

    /// The host, with its port where it has one.
    pub(crate) fn host(&self) -> &str {
        let rest = self.base.split_once("://").map_or(&*self.base, |(_, rest)| rest);
        rest.split('/').next().unwrap_or(rest)
    }

    /// Whether a request may go to an address: encrypted, or plain where this endpoint is
    /// plain and the address stays with it.
    pub(crate) fn permits(&self, uri: &Uri) -> bool {
        let host = uri.authority().map(|authority| authority.as_str()).unwrap_or_default();
        // `localhost:x@elsewhere` is elsewhere, and no registry needs a name in its address.
        if host.contains('@') {
            return false;
        }
        match uri.scheme_str() {
            Some("https") => true,
            Some("http") => self
                .plain
                .as_deref()
                .is_some_and(|plain| plain == host || (is_loopback(plain) && is_loopback(host))),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(registry: &str, endpoint: Option<&str>, insecure: bool) -> Result<Endpoint, String> {
        let endpoint = endpoint.map(str::to_owned);
        Endpoint::of(registry, &Settings { endpoint, insecure, ..Settings::default() })
    }

    #[test]
    fn who_is_named_before_a_host_does_not_make_it_this_machine() {
        let endpoint = of("localhost:5000", None, false).unwrap();
        let permits = |text: &str| endpoint.permits(&text.parse().unwrap());
        assert!(permits("http://127.0.0.1:9/token") && permits("https://elsewhere.test/token"));
        assert!(!permits("http://localhost:x@elsewhere.test/token"));
        assert!(!permits("http://[::1]@elsewhere.test/"));
        assert!(!permits("https://localhost@elsewhere.test/"));
    }

    #[test]
    fn plain_http_stays_on_this_machine() {
        let base = |registry, endpoint, insecure| of(registry, endpoint, insecure).map(|e| e.base);
        assert_eq!(base("ghcr.io", None, false).as_deref(), Ok("https://ghcr.io"));
        assert_eq!(base("docker.io", None, false).as_deref(), Ok("https://registry-1.docker.io"));
        assert_eq!(base("localhost:5000", None, false).as_deref(), Ok("http://localhost:5000"));
        assert_eq!(base("r.corp", None, true).as_deref(), Ok("http://r.corp"));
        assert_eq!(
            base("r.corp", Some("http://127.0.0.1:5/"), false).as_deref(),
            Ok("http://127.0.0.1:5")
        );
        assert!(base("r.corp", Some("http://r.corp"), false).is_err());
        assert!(base("r.corp", Some("http://localhost.evil.com"), false).is_err());
        assert!(base("r.corp", Some("http://127.0.0.1@evil.com"), false).is_err());
        assert!(base("r.corp", Some("ftp://r.corp"), true).is_err());
        assert!(base("r.corp", Some("r.corp"), true).is_err());
    }

    #[test]
    fn a_redirect_does_not_lose_the_encryption() {
        let permits = |endpoint: &Endpoint, uri: &str| endpoint.permits(&uri.parse().unwrap());
        let encrypted = of("ghcr.io", None, false).unwrap();
        assert!(permits(&encrypted, "https://cdn.example/a"));
        assert!(!permits(&encrypted, "http://ghcr.io/a"));
        assert!(!permits(&encrypted, "http://127.0.0.1/a"));
        let plain = of("r.corp", None, true).unwrap();
        assert!(permits(&plain, "http://r.corp/a"));
        assert!(!permits(&plain, "http://other.corp/a"));
        let local = of("127.0.0.1:5", None, false).unwrap();
        assert!(permits(&local, "http://localhost:6/token"));
    }

    #[test]
    fn a_loopback_host_is_one_by_its_whole_name() {
        for host in ["localhost", "LOCALHOST:80", "127.0.0.1:5000", "127.9.9.9", "[::1]:5000"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["localhost.evil.com", "127.0.0.1.evil.com", "10.0.0.1", "[::2]", ""] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
