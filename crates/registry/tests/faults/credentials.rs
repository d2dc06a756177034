//! Credentials stay where they belong, and tokens are used again.

use super::*;
use std::fs;

/// Credentials of a host: `me` with the password `hunter2`.
fn known(host: &str) -> Credentials {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("config.json");
    // me:hunter2
    fs::write(&file, format!(r#"{{"auths":{{"{host}":{{"auth":"bWU6aHVudGVyMg=="}}}}}}"#)).unwrap();
    Credentials::of_file(&file).unwrap()
}

fn known_client(server: &Server) -> Client {
    let options = Options { credentials: known(&server.address), ..options(&server.address) };
    Client::new(options, Stop::default())
}

const BASIC: &str = "Basic bWU6aHVudGVyMg==";

fn challenge(realm: &str) -> Reply {
    let bearer = format!("Bearer realm=\"{realm}\",service=\"s\",scope=\"repository:a/b:pull\"");
    Reply::error(401, "UNAUTHORIZED").with("WWW-Authenticate", bearer)
}

/// A registry that takes only the tokens of `issuer`.
fn with_tokens(issuer: &Server) -> Server {
    let realm = format!("http://{}/token", issuer.address);
    Server::start(move |asked| match &asked.authorization {
        Some(token) if token.starts_with("Bearer token-") => content("{}"),
        _ => challenge(&realm),
    })
}

fn issuer() -> Server {
    Server::start(|_| Reply::new(200, r#"{"token":"token-1","expires_in":300}"#))
}

#[test]
fn where_a_registry_leads_names_no_place_for_its_credentials() {
    let thief = Server::start(|_| Reply::new(200, r#"{"token":"stolen"}"#));
    let realm = format!("http://{}/token", thief.address);
    let elsewhere = Server::start(move |_| challenge(&realm));
    let there = format!("http://{}/v2/a/b", elsewhere.address);
    let server = Server::start(move |_| Reply::new(307, "").with("Location", there.clone()));
    let failure = known_client(&server).digest(&image("a/b", "1")).unwrap_err();
    assert_eq!(failure.reason, Reason::Unauthorised, "{failure}");
    assert!(failure.said.contains("it is sent none"), "{failure}");
    assert!(thief.asked().is_empty(), "{:?}", thief.asked());
    assert!(elsewhere.asked().iter().all(|asked| asked.authorization.is_none()));
}

#[test]
fn what_complains_and_repeats_a_password_is_shown_without_it() {
    let server = Server::start(|asked| match &asked.authorization {
        Some(sent) => Reply::error(404, sent),
        None => Reply::error(401, "UNAUTHORIZED").with("WWW-Authenticate", "Basic realm=\"r\""),
    });
    let failure = known_client(&server).digest(&image("a/b", "1")).unwrap_err();
    assert!(!failure.to_string().to_lowercase().contains(&BASIC[6..].to_lowercase()), "{failure}");
    assert_ne!(failure.reason, Reason::MissingTag, "{failure}");
}

#[test]
fn one_token_for_each_scope() {
    let issuer = issuer();
    let server = with_tokens(&issuer);
    let client = client(&server);
    for tag in ["1", "2", "3"] {
        client.digest(&image("a/b", tag)).unwrap();
        client.digest(&image("c/d", tag)).unwrap();
    }
    let paths: Vec<String> = issuer.asked().into_iter().map(|asked| asked.path).collect();
    assert_eq!(
        paths,
        [
            "/token?service=s&scope=repository:a/b:pull",
            "/token?service=s&scope=repository:c/d:pull"
        ]
    );
    assert!(issuer.asked().iter().all(|asked| asked.authorization.is_none()));
    assert_eq!(server.asked().len(), 7, "one challenge, six answers");
}

#[test]
fn many_threads_fetch_one_token() {
    let issuer = issuer();
    let server = with_tokens(&issuer);
    let client = client(&server);
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let client = &client;
            scope.spawn(move || client.digest(&image("a/b", &thread.to_string())).unwrap());
        }
    });
    assert_eq!(issuer.asked().len(), 1);
    assert_eq!(server.asked().len(), 9);
}

#[test]
fn a_token_that_has_expired_is_renewed_once() {
    let issuer = Server::start({
        let count = std::sync::atomic::AtomicUsize::new(1);
        move |_| {
            let number = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            Reply::new(200, format!(r#"{{"access_token":"token-{number}"}}"#))
        }
    });
    let realm = format!("http://{}/token", issuer.address);
    let server = Server::start(move |asked| match asked.authorization.as_deref() {
        // The first is not taken any more after the first image.
        Some("Bearer token-1") if asked.path.ends_with("/1") => content("{}"),
        Some("Bearer token-2") => content("{}"),
        _ => challenge(&realm),
    });
    let client = client(&server);
    assert!(client.digest(&image("a/b", "1")).is_ok());
    assert!(client.digest(&image("a/b", "2")).is_ok());
    assert_eq!(issuer.asked().len(), 2);
}

#[test]
fn a_token_that_is_never_taken_ends() {
    let issuer = issuer();
    let realm = format!("http://{}/token", issuer.address);
    let server = Server::start(move |_| challenge(&realm));
    fails(&client(&server), Reason::Unauthorised, "wants credentials (401)");
    assert_eq!(issuer.asked().len(), 2);
}

#[test]
fn an_issuer_that_refuses_is_not_missing() {
    for (status, reason) in
        [(401, Reason::Unauthorised), (403, Reason::Unauthorised), (500, Reason::Unreachable)]
    {
        let issuer = Server::start(move |_| Reply::error(status, "DENIED"));
        fails(&client(&with_tokens(&issuer)), reason, "DENIED");
    }
    let issuer = Server::start(|_| Reply::new(200, "{\"token\":\"a b\"}"));
    fails(&client(&with_tokens(&issuer)), Reason::Unreachable, "gives no token");
}

#[test]
fn a_password_goes_to_the_issuer_and_not_to_the_registry() {
    let issuer = issuer();
    let server = with_tokens(&issuer);
    known_client(&server).digest(&image("a/b", "1")).unwrap();
    assert_eq!(issuer.asked()[0].authorization.as_deref(), Some(BASIC));
    let sent: Vec<_> = server.asked().into_iter().filter_map(|asked| asked.authorization).collect();
    assert_eq!(sent, ["Bearer token-1"]);
}

#[test]
fn a_password_is_sent_when_it_is_asked_for() {
    let server = Server::start(|asked| match asked.authorization.as_deref() {
        Some(BASIC) => content("{}"),
        _ => Reply::error(401, "UNAUTHORIZED").with("WWW-Authenticate", "Basic realm=\"x\""),
    });
    assert!(known_client(&server).digest(&image("a/b", "1")).is_ok());
    fails(&client(&server), Reason::Unauthorised, "wants credentials");
}

#[test]
fn what_stands_in_for_a_registry_gets_none_of_its_credentials() {
    let server = Server::start(|_| {
        Reply::error(401, "UNAUTHORIZED").with("WWW-Authenticate", "Basic realm=\"x\"")
    });
    let options = Options { credentials: known(NAME), ..options(&server.address) };
    fails(&Client::new(options, Stop::default()), Reason::Unauthorised, "wants credentials");
    assert!(server.asked().iter().all(|asked| asked.authorization.is_none()));
}

#[test]
fn a_wrong_password_is_sent_once_and_not_shown() {
    let server = Server::start(|asked| {
        // A registry that sends back what it was sent.
        let sent = asked.authorization.clone().unwrap_or_default();
        Reply::new(401, format!(r#"{{"errors":[{{"code":"UNAUTHORIZED","message":"{sent}"}}]}}"#))
            .with("WWW-Authenticate", "Basic realm=\"x\"")
    });
    let client = known_client(&server);
    let failure = fails(&client, Reason::Unauthorised, "refuses the credentials");
    assert!(!failure.said.contains("bWU6"), "{failure}");
    assert_eq!(server.asked().len(), 2);
}

#[test]
fn no_credential_follows_a_redirect_to_another_host() {
    let elsewhere = Server::start(|_| content("{}"));
    let to = format!("http://{}/cdn", elsewhere.address);
    let server = Server::start(move |asked| match asked.authorization.as_deref() {
        Some(BASIC) => Reply::new(307, "").with("Location", &to),
        _ => Reply::error(401, "UNAUTHORIZED").with("WWW-Authenticate", "Basic realm=\"x\""),
    });
    assert!(known_client(&server).digest(&image("a/b", "1")).is_ok());
    assert_eq!(elsewhere.asked().len(), 1);
    assert_eq!(elsewhere.asked()[0].authorization, None);
}

#[test]
fn a_redirect_on_the_same_host_keeps_them() {
    let server = Server::start(|asked| match asked.authorization.as_deref() {
        Some(BASIC) if asked.path == "/there" => content("{}"),
        Some(BASIC) => Reply::new(308, "").with("Location", "/there"),
        _ => Reply::error(401, "UNAUTHORIZED").with("WWW-Authenticate", "Basic realm=\"x\""),
    });
    assert!(known_client(&server).digest(&image("a/b", "1")).is_ok());
}

#[test]
fn an_endless_redirect_ends() {
    let server = Server::start(|_| Reply::new(302, "").with("Location", "/again"));
    fails(&client(&server), Reason::Unreachable, "more than 5 times");
}

#[test]
fn a_redirect_does_not_leave_this_machine_without_encryption() {
    let server =
        Server::start(|_| Reply::new(302, "").with("Location", "http://metadata.example/"));
    fails(&client(&server), Reason::Unreachable, "metadata.example/ would be asked without");
}

#[test]
fn an_identity_token_is_changed_into_another_and_goes_nowhere_else() {
    let elsewhere = Server::start(|_| Reply::new(200, "{}"));
    for redirects in [false, true] {
        let to = format!("http://{}/", elsewhere.address);
        let issuer = Server::start(move |asked| match (&*asked.method, redirects) {
            ("POST", true) => Reply::new(307, "").with("Location", &to),
            ("POST", false) => Reply::new(200, r#"{"access_token":"token-9"}"#),
            _ => Reply::error(400, "UNSUPPORTED"),
        });
        let server = with_tokens(&issuer);
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("config.json");
        let host = &server.address;
        let text = format!(r#"{{"auths":{{"{host}":{{"identitytoken":"s e&cret"}}}}}}"#);
        fs::write(&file, text).unwrap();
        let credentials = Credentials::of_file(&file).unwrap();
        let options = Options { credentials, ..options(&server.address) };
        let client = Client::new(options, Stop::default());
        if redirects {
            fails(&client, Reason::Unreachable, "it was sent nowhere else");
        } else {
            assert!(client.digest(&image("a/b", "1")).is_ok());
            let body = &issuer.asked()[0].body;
            assert!(body.contains("refresh_token=s%20e%26cret&service=s&scope="), "{body}");
        }
    }
    assert!(elsewhere.asked().is_empty());
}
