//! URLs into their parts, as Go's `net/url` parses them.

use super::escape::{Mode, escape, unescape};
use crate::functions::given::{Writer, fail};
use crate::functions::plain::quoted_string;
use crate::functions::{Budget, Failure};
use crate::value::Text;
use memchr::{memchr, memmem, memrchr};
use std::net::Ipv6Addr;

/// The parts of a URL.
#[derive(Debug, Default)]
pub(super) struct Url {
    pub(super) scheme: Text,
    pub(super) opaque: Text,
    pub(super) user: Option<User>,
    pub(super) host: Text,
    pub(super) path: Text,
    pub(super) query: Text,
    pub(super) fragment: Text,
}

/// A user, with a password where a colon stands.
#[derive(Debug)]
pub(super) struct User {
    name: Text,
    password: Option<Text>,
}

impl User {
    pub(super) fn write(&self, out: &mut Writer<'_>) -> Result<(), Failure> {
        escape(out, &self.name, Mode::User)?;
        if let Some(password) = &self.password {
            out.literal(":")?;
            escape(out, password, Mode::User)?;
        }
        Ok(())
    }
}

/// The text before and behind the first separator.
fn cut(text: &Text, separator: u8) -> (Text, Option<Text>) {
    match memchr(separator, text.bytes()) {
        Some(at) => (text.slice(0..at), Some(text.slice(at + 1..text.len()))),
        None => (text.clone(), None),
    }
}

/// Parses a URL.
pub(super) fn parse(budget: &mut Budget, text: &Text) -> Result<Url, Failure> {
    budget.bytes(text.len().saturating_mul(4))?;
    let in_url = |text: &Text, Failure(error): Failure| {
        Failure(format!("parse {}: {error}", quoted_string(text.bytes())))
    };
    let (before, fragment) = cut(text, b'#');
    let mut url = parts(budget, &before).map_err(|error| in_url(&before, error))?;
    if let Some(fragment) = fragment.filter(|fragment| !fragment.is_empty()) {
        url.fragment =
            unescaped(budget, &fragment, Mode::Fragment).map_err(|error| in_url(text, error))?;
    }
    Ok(url)
}

fn unescaped(budget: &mut Budget, text: &Text, mode: Mode) -> Result<Text, Failure> {
    let mut out = Writer::new(budget);
    unescape(&mut out, text, mode)?;
    Ok(out.finish())
}

fn parts(budget: &mut Budget, text: &Text) -> Result<Url, Failure> {
    if text.bytes().iter().any(u8::is_ascii_control) {
        return fail("net/url: invalid control character in URL");
    }
    let mut url = Url::default();
    if text.bytes() == b"*" {
        url.path = text.clone();
        return Ok(url);
    }
    let (scheme, rest) = split_scheme(text)?;
    if let Some(scheme) = scheme {
        let mut out = Writer::new(budget);
        let lower = scheme.bytes().to_ascii_lowercase();
        for (at, byte) in lower.iter().enumerate() {
            out.instead(&scheme, at..at + 1, &[*byte])?;
        }
        url.scheme = out.finish();
    }
    let (mut rest, query) = cut(&rest, b'?');
    url.query = query.unwrap_or_default();
    if !rest.bytes().starts_with(b"/") {
        if !url.scheme.is_empty() {
            url.opaque = rest;
            return Ok(url);
        }
        if memchr(b':', cut(&rest, b'/').0.bytes()).is_some() {
            return fail("first path segment in URL cannot contain colon");
        }
    }
    let has_authority = rest.bytes().starts_with(b"//")
        && (!url.scheme.is_empty() || !rest.bytes().starts_with(b"///"));
    if has_authority {
        let end = memchr(b'/', &rest.bytes()[2..]).map_or(rest.len(), |slash| slash + 2);
        let authority = rest.slice(2..end);
        rest = rest.slice(end..rest.len());
        (url.user, url.host) = parse_authority(budget, &url.scheme, &authority)?;
    }
    url.path = unescaped(budget, &rest, Mode::Path)?;
    Ok(url)
}

fn split_scheme(text: &Text) -> Result<(Option<Text>, Text), Failure> {
    for (at, byte) in text.bytes().iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return fail("missing protocol scheme"),
            b':' => return Ok((Some(text.slice(0..at)), text.slice(at + 1..text.len()))),
            _ => break,
        }
    }
    Ok((None, text.clone()))
}

fn parse_authority(
    budget: &mut Budget,
    scheme: &Text,
    authority: &Text,
) -> Result<(Option<User>, Text), Failure> {
    let Some(at) = memrchr(b'@', authority.bytes()) else {
        return Ok((None, parse_host(budget, scheme, authority)?));
    };
    let host = parse_host(budget, scheme, &authority.slice(at + 1..authority.len()))?;
    let user = authority.slice(0..at);
    let valid = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(byte);
    if !user.bytes().iter().all(valid) {
        return fail("net/url: invalid userinfo");
    }
    let (name, password) = cut(&user, b':');
    let name = unescaped(budget, &name, Mode::User)?;
    let password = password.map(|password| unescaped(budget, &password, Mode::User)).transpose()?;
    Ok((Some(User { name, password }), host))
}

fn is_port(text: &[u8]) -> bool {
    match text.split_first() {
        None => true,
        Some((colon, digits)) => *colon == b':' && digits.iter().all(u8::is_ascii_digit),
    }
}

fn bad_port<T>(port: &[u8]) -> Result<T, Failure> {
    fail(format!("invalid port {} after host", quoted_string(port)))
}

fn parse_host(budget: &mut Budget, scheme: &Text, host: &Text) -> Result<Text, Failure> {
    let bytes = host.bytes();
    match (memrchr(b'[', bytes), memchr(b':', bytes)) {
        (Some(0), _) => return parse_ip_literal(budget, host),
        (Some(_), _) => return fail("invalid IP-literal"),
        (None, Some(first)) => {
            let is_http = matches!(scheme.bytes(), b"http" | b"https");
            let colon = if is_http { first } else { memrchr(b':', bytes).unwrap_or(first) };
            if !is_port(&bytes[colon..]) {
                return bad_port(&bytes[colon..]);
            }
        }
        (None, None) => {}
    }
    unescaped(budget, host, Mode::Host)
}

fn parse_ip_literal(budget: &mut Budget, host: &Text) -> Result<Text, Failure> {
    let Some(close) = memrchr(b']', host.bytes()) else {
        return fail("missing ']' in host");
    };
    let port = host.slice(close + 1..host.len());
    if !is_port(port.bytes()) {
        return bad_port(port.bytes());
    }
    let name = host.slice(1..close);
    let zone = memmem::find(name.bytes(), b"%25").unwrap_or(name.len());
    let mut out = Writer::new(budget);
    unescape(&mut out, &name.slice(0..zone), Mode::Host)?;
    unescape(&mut out, &name.slice(zone..name.len()), Mode::Zone)?;
    let name = out.finish();
    check_address(&name)?;
    let mut out = Writer::new(budget);
    out.slice(host, 0..1)?;
    out.text(&name)?;
    out.slice(host, close..close + 1)?;
    unescape(&mut out, &port, Mode::Host)?;
    Ok(out.finish())
}

/// Only addresses of IP version 6 stand in brackets, perhaps with a zone.
fn check_address(name: &Text) -> Result<(), Failure> {
    let text = name.as_str();
    let (address, zone) = match text.split_once('%') {
        Some((address, zone)) => (address, Some(zone)),
        None => (text.as_ref(), None),
    };
    if zone.is_none() && address.parse::<std::net::Ipv4Addr>().is_ok() {
        return fail("invalid IP-literal");
    }
    match address.parse::<Ipv6Addr>() {
        Ok(_) if zone != Some("") => Ok(()),
        Ok(_) => fail(format!(
            "invalid host: ParseAddr({}): zone must be a non-empty string",
            quoted_string(name.bytes())
        )),
        Err(_) => fail(format!(
            "invalid host: ParseAddr({}): unable to parse IP",
            quoted_string(name.bytes())
        )),
    }
}

/// The host without port and brackets.
pub(super) fn hostname(host: &Text) -> Text {
    let bytes = host.bytes();
    let end = memrchr(b':', bytes).filter(|colon| is_port(&bytes[*colon..])).unwrap_or(bytes.len());
    match &bytes[..end] {
        [b'[', .., b']'] => host.slice(1..end - 1),
        _ => host.slice(0..end),
    }
}
