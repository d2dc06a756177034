//! One exchange over HTTP, bounded in time and size.

use crate::endpoint::{Endpoint, is_loopback};
use crate::failure::{Failure, Reason};
use crate::secret::Secret;
use std::time::Duration;
use ureq::http::{HeaderMap, Method, Request, StatusCode, Uri, header};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, Proxy};

/// More redirects than this lead nowhere.
const MOST_REDIRECTS: usize = 5;

/// What is asked.
pub(crate) struct Question<'a> {
    pub(crate) method: Method,
    pub(crate) address: &'a str,
    /// The value of `Accept`.
    pub(crate) accept: &'a str,
    /// The value of `Authorization`. It goes to the host of the address and to no other.
    pub(crate) authorization: Option<&'a Secret>,
    /// The body of a form.
    pub(crate) form: Option<&'a Secret>,
    /// A longer body is not read, in bytes.
    pub(crate) longest: u64,
    /// How long the whole may take, redirects included.
    pub(crate) patience: Duration,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Sends requests.
pub(crate) struct Transport {
    /// Heeds the proxies of the environment.
    outside: Agent,
    /// For this machine, which no proxy reaches.
    inside: Agent,
}

impl Transport {
    /// Reads proxies and certificates from the environment, as other programs do:
    /// `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`, `SSL_CERT_FILE`, `SSL_CERT_DIR`.
    pub(crate) fn from_environment() -> Self {
        let roots = rustls_native_certs::load_native_certs().certs;
        let roots = if roots.is_empty() {
            // A container without certificates still has those that are built in.
            RootCerts::WebPki
        } else {
            roots.iter().map(|root| Certificate::from_der(root).to_owned()).into()
        };
        let agent = |proxy: Option<Proxy>| {
            let tls = TlsConfig::builder().root_certs(roots.clone()).build();
            Agent::config_builder()
                .tls_config(tls)
                .proxy(proxy)
                .http_status_as_error(false)
                // Followed by hand, so that credentials stay where they belong.
                .max_redirects(0)
                .max_redirects_will_error(false)
                .user_agent(concat!("chart-images/", env!("CARGO_PKG_VERSION")))
                .accept_encoding("identity")
                .max_response_header_size(64 << 10)
                .max_idle_connections(256)
                .max_idle_connections_per_host(64)
                .build()
                .new_agent()
        };
        Self { outside: agent(Proxy::try_from_env()), inside: agent(None) }
    }

    /// Asks, and follows redirects.
    pub(crate) fn ask(
        &self,
        endpoint: &Endpoint,
        question: &Question<'_>,
    ) -> Result<Answer, Failure> {
        let deadline = std::time::Instant::now() + question.patience;
        let mut uri: Uri = question
            .address
            .parse()
            .map_err(|_| Failure::unreachable(format!("`{}` is no address", question.address)))?;
        let mut authorization = question.authorization;
        let mut has_left = false;
        for _ in 0..=MOST_REDIRECTS {
            if !endpoint.permits(&uri) {
                let message = format!("{} would be asked without encryption", shown(&uri));
                return Err(Failure::unreachable(message));
            }
            let patience = deadline.saturating_duration_since(std::time::Instant::now());
            let answer = self.once(&uri, question, authorization, patience)?;
            if !answer.status.is_redirection() || answer.status == StatusCode::NOT_MODIFIED {
                // Whoever it is may not say where the registry's credentials are to go.
                if has_left && answer.status == StatusCode::UNAUTHORIZED {
                    let message = format!(
                        "{}, where the registry leads, wants credentials; it is sent none",
                        shown(&uri)
                    );
                    return Err(Failure::new(Reason::Unauthorised, message));
                }
                return Ok(answer);
            }
            let next = location(&uri, &answer.headers).ok_or_else(|| {
                Failure::unreachable(format!("{} redirects to no address", shown(&uri)))
            })?;
            if question.form.is_some() {
                return Err(Failure::unreachable(format!(
                    "{} redirects who sends a credential; it was sent nowhere else",
                    shown(&uri)
                )));
            }
            if origin(&next) != origin(&uri) {
                authorization = None;
                has_left = true;
            }
            uri = next;
        }
        Err(Failure::unreachable(format!(
            "{} redirects more than {MOST_REDIRECTS} times",
            question.address
        )))
    }

    fn once(
        &self,
        uri: &Uri,
        question: &Question<'_>,
        authorization: Option<&Secret>,
        patience: Duration,
    ) -> Result<Answer, Failure> {
        let host = uri.host().unwrap_or_default();
        let agent = if is_loopback(host) { &self.inside } else { &self.outside };
        let mut request = Request::builder()
            .method(question.method.clone())
            .uri(uri)
            .header(header::ACCEPT, question.accept);
        if let Some(authorization) = authorization {
            request = request.header(header::AUTHORIZATION, authorization.expose());
        }
        let failed = |error: ureq::Error| Failure::unreachable(words(uri, &error));
        let result = match question.form {
            None => {
                let request = request.body(()).map_err(|error| failed(error.into()))?;
                let request =
                    agent.configure_request(request).timeout_global(Some(patience)).build();
                agent.run(request)
            }
            Some(form) => {
                let request = request
                    .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .body(form.expose().to_owned())
                    .map_err(|error| failed(error.into()))?;
                let request =
                    agent.configure_request(request).timeout_global(Some(patience)).build();
                agent.run(request)
            }
        };
        let (head, mut body) = result.map_err(failed)?.into_parts();
        let body = if question.method == Method::HEAD {
            Vec::new()
        } else {
            body.with_config().limit(question.longest).read_to_vec().map_err(failed)?
        };
        Ok(Answer { status: head.status, headers: head.headers, body })
    }
}

/// Scheme, host and port: what a credential belongs to.
fn origin(uri: &Uri) -> (Option<&str>, Option<String>, Option<u16>) {
    let scheme = uri.scheme_str();
    let port = uri.port_u16().or(match scheme {
        Some("https") => Some(443),
        Some("http") => Some(80),
        _ => None,
    });
    (scheme, uri.host().map(str::to_ascii_lowercase), port)
}

/// Where a redirect leads.
fn location(from: &Uri, headers: &HeaderMap) -> Option<Uri> {
    let to = headers.get(header::LOCATION)?.to_str().ok()?.split('#').next()?;
    let scheme = from.scheme_str()?;
    let authority = from.authority()?;
    let text = if to.starts_with("//") {
        format!("{scheme}:{to}")
    } else if to.starts_with('/') {
        format!("{scheme}://{authority}{to}")
    } else if to.contains("://") {
        to.to_owned()
    } else {
        let folder = from.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{scheme}://{authority}{folder}/{to}")
    };
    text.parse::<Uri>().ok().filter(|uri| uri.host().is_some())
}

/// An address as messages show it: what follows `?` may be a key.
fn shown(uri: &Uri) -> String {
    let scheme = uri.scheme_str().unwrap_or_default();
    let host = uri.host().unwrap_or_default();
    let port = uri.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{scheme}://{host}{port}{}", uri.path())
}

/// What went wrong, for a person.
fn words(uri: &Uri, error: &ureq::Error) -> String {
    let host = uri.host().unwrap_or_default();
    match error {
        ureq::Error::Io(error) if is_dns(error) => format!("the name {host} is not known (DNS)"),
        ureq::Error::HostNotFound => format!("the name {host} is not known (DNS)"),
        ureq::Error::Timeout(ureq::Timeout::Resolve) => {
            format!("the name {host} was not resolved in time (DNS)")
        }
        ureq::Error::Timeout(ureq::Timeout::Connect) => {
            format!("{host} took no connection in time")
        }
        ureq::Error::Timeout(_) => format!("{host} did not answer in time"),
        ureq::Error::Rustls(error) => format!("no encrypted connection to {host}: {error} (TLS)"),
        ureq::Error::Tls(error) => format!("no encrypted connection to {host}: {error} (TLS)"),
        ureq::Error::BodyExceedsLimit(limit) => {
            format!("the answer of {host} is larger than {limit} bytes")
        }
        ureq::Error::ConnectionFailed => format!("no connection to {host}"),
        ureq::Error::Io(error) if is_tls(error) => {
            format!("no encrypted connection to {host}: {error} (TLS)")
        }
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            format!("the answer of {host} was cut")
        }
        error => format!("{host}: {error}"),
    }
}

/// The standard library has no kind of its own for it, only these words.
fn is_dns(error: &std::io::Error) -> bool {
    error.to_string().starts_with("failed to lookup address")
}

fn is_tls(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::InvalidData && error.get_ref().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_are_resolved() {
        let from: Uri = "https://a.io:444/v2/x/manifests/1?q=1".parse().unwrap();
        let to = |value: &str| {
            let headers = [(header::LOCATION, value.parse().unwrap())].into_iter().collect();
            location(&from, &headers).map(|uri| uri.to_string())
        };
        assert_eq!(to("/b?c").as_deref(), Some("https://a.io:444/b?c"));
        assert_eq!(to("//b.io/c").as_deref(), Some("https://b.io/c"));
        assert_eq!(to("http://b.io/c#d").as_deref(), Some("http://b.io/c"));
        assert_eq!(to("2").as_deref(), Some("https://a.io:444/v2/x/manifests/2"));
        assert_eq!(to("http://"), None);
    }

    #[test]
    fn a_credential_belongs_to_scheme_host_and_port() {
        let same = |a: &str, b: &str| {
            origin(&a.parse::<Uri>().unwrap()) == origin(&b.parse::<Uri>().unwrap())
        };
        assert!(same("https://A.io/x", "https://a.io:443/y"));
        assert!(!same("https://a.io/x", "http://a.io/x"));
        assert!(!same("https://a.io/x", "https://a.io:444/x"));
        assert!(!same("https://a.io/x", "https://b.a.io/x"));
    }
}
