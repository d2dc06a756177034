//! What a registry wants from who asks: the header `WWW-Authenticate`.

/// A challenge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Challenge {
    /// A token from another place.
    Bearer {
        /// Where to get it.
        realm: String,
        /// What it is for.
        service: Option<String>,
        /// What it permits.
        scope: Option<String>,
    },
    /// A name and a password.
    Basic,
}

/// The challenge to answer, of those in a header's values: a token, if it can be one.
pub(crate) fn choose<'a>(values: impl Iterator<Item = &'a str>) -> Option<Challenge> {
    let mut basic = None;
    for value in values {
        for (scheme, parameters) in schemes(value) {
            let get = |name: &str| {
                let found = parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
                found.map(|(_, value)| value.clone()).filter(|value| !value.is_empty())
            };
            if scheme.eq_ignore_ascii_case("bearer")
                && let Some(realm) = get("realm")
            {
                return Some(Challenge::Bearer {
                    realm,
                    service: get("service"),
                    scope: get("scope"),
                });
            }
            if scheme.eq_ignore_ascii_case("basic") {
                basic = Some(Challenge::Basic);
            }
        }
    }
    basic
}

type Scheme<'a> = (&'a str, Vec<(&'a str, String)>);

/// The schemes of a header, each with its parameters.
fn schemes(value: &str) -> Vec<Scheme<'_>> {
    let mut schemes: Vec<Scheme<'_>> = Vec::new();
    let mut rest = value;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let end = rest.find([' ', '\t', ',', '=']).unwrap_or(rest.len());
        let word = &rest[..end];
        if word.is_empty() {
            return schemes;
        }
        let after = rest[end..].trim_start_matches([' ', '\t']);
        match after.strip_prefix('=') {
            Some(after) => {
                let (value, after) = parameter(after.trim_start_matches([' ', '\t']));
                if let Some((_, parameters)) = schemes.last_mut() {
                    parameters.push((word, value));
                }
                rest = after;
            }
            None => {
                schemes.push((word, Vec::new()));
                rest = after;
            }
        }
    }
}

/// A parameter's value, quoted or not, and what follows it.
fn parameter(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([' ', '\t', ',']).unwrap_or(text.len());
        return (text[..end].to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut escaped = false;
    for (at, c) in quoted.char_indices() {
        match c {
            _ if escaped => {
                value.push(c);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => return (value, &quoted[at + 1..]),
            _ => value.push(c),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bearer(realm: &str, service: Option<&str>, scope: Option<&str>) -> Option<Challenge> {
        Some(Challenge::Bearer {
            realm: realm.into(),
            service: service.map(Into::into),
            scope: scope.map(Into::into),
        })
    }

    #[test]
    fn reads_what_registries_write() {
        for (value, challenge) in [
            (
                r#"Bearer realm="https://public.ecr.aws/token/",service="public.ecr.aws",scope="aws""#,
                bearer("https://public.ecr.aws/token/", Some("public.ecr.aws"), Some("aws")),
            ),
            (
                r#"Bearer realm="https://a/t",service="s",scope="repository:a/b:pull,push""#,
                bearer("https://a/t", Some("s"), Some("repository:a/b:pull,push")),
            ),
            (r#"bearer  Realm = "https://a" , error="x\"y""#, bearer("https://a", None, None)),
            ("Bearer realm=https://a,service=s", bearer("https://a", Some("s"), None)),
            (r#"Basic realm="a", Bearer realm="https://b""#, bearer("https://b", None, None)),
            (r#"Basic realm="Registry Realm""#, Some(Challenge::Basic)),
            ("Negotiate", None),
            ("Bearer service=\"s\"", None),
            ("Bearer realm=\"https://unended", bearer("https://unended", None, None)),
            (",,=", None),
            ("", None),
        ] {
            assert_eq!(choose([value].into_iter()), challenge, "{value}");
        }
    }
}
