//! How long a registry wants to be left alone.

use std::time::{Duration, SystemTime};
use ureq::http::HeaderMap;

/// The longest wait that is believed.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// The wait that `Retry-After` asks for: seconds or a date.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get("retry-after")?.to_str().ok()?.trim();
    let wait = match value.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let at = httpdate::parse_http_date(value).ok()?;
            at.duration_since(SystemTime::now()).unwrap_or_default()
        }
    };
    Some(wait.min(LONGEST))
}

/// What `ratelimit-*` headers say.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct RateLimit {
    /// The pace that a limit over a short time comes to, in requests a second.
    pub(crate) per_second: Option<f64>,
    /// Nothing is left: how long to wait.
    pub(crate) exhausted: Option<Duration>,
}

/// Limits over a longer time are a stock, not a pace.
const SHORT: u64 = 60;

/// Reads the headers: `ratelimit-limit: 10;w=1`, `ratelimit-remaining: 0;w=1`,
/// `ratelimit-reset: 3`.
pub(crate) fn rate_limit(headers: &HeaderMap) -> RateLimit {
    let header = |name: &str| {
        let value = headers.get(name)?.to_str().ok()?;
        // `10, 10;window=1`: the number stands first.
        let number = value.split([',', ';']).next()?.trim().parse::<u64>().ok()?;
        let window = value.split([',', ';']).find_map(|part| {
            part.trim().strip_prefix("w=").and_then(|window| window.parse::<u64>().ok())
        });
        Some((number, window.filter(|&window| window > 0)))
    };
    let limit = header("ratelimit-limit");
    let short = limit.and_then(|(_, window)| window).filter(|&window| window <= SHORT);
    let per_second = match (limit, short) {
        (Some((limit, _)), Some(window)) if limit > 0 => Some(limit as f64 / window as f64),
        _ => None,
    };
    let exhausted = match header("ratelimit-remaining") {
        Some((0, window)) => {
            let reset = header("ratelimit-reset").map(|(seconds, _)| seconds);
            let short = window.filter(|&window| window <= SHORT).or(short);
            // Docker Hub tells of a stock for six hours that questions do not draw on, and
            // names no reset: that is no reason to wait.
            reset.or(short).map(|seconds| Duration::from_secs(seconds).min(LONGEST))
        }
        _ => None,
    };
    RateLimit { per_second, exhausted }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|&(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn waits_are_seconds_or_dates() {
        let wait = |value: &str| retry_after(&headers(&[("retry-after", value)]));
        assert_eq!(wait("3"), Some(Duration::from_secs(3)));
        assert_eq!(wait("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        assert_eq!(wait("99999999999"), Some(LONGEST));
        let soon = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(60));
        assert!(wait(&soon).unwrap() > Duration::from_secs(50));
        assert_eq!(wait("soon"), None);
        assert_eq!(retry_after(&headers(&[])), None);
    }

    #[test]
    fn a_short_limit_is_a_pace_and_a_long_one_a_stock() {
        let limit = |pairs: &[(&'static str, &str)]| rate_limit(&headers(pairs));
        let seconds = |n| Some(Duration::from_secs(n));
        let short = limit(&[("ratelimit-limit", "20;w=2"), ("ratelimit-remaining", "0;w=2")]);
        assert_eq!(short, RateLimit { per_second: Some(10.0), exhausted: seconds(2) });
        let hub =
            limit(&[("ratelimit-limit", "100;w=21600"), ("ratelimit-remaining", "0;w=21600")]);
        assert_eq!(hub, RateLimit::default());
        let reset = limit(&[("ratelimit-remaining", "0"), ("ratelimit-reset", "7")]);
        assert_eq!(reset, RateLimit { per_second: None, exhausted: seconds(7) });
        let left = limit(&[("ratelimit-limit", "100"), ("ratelimit-remaining", "3")]);
        assert_eq!(left, RateLimit::default());
        assert_eq!(limit(&[("ratelimit-limit", "many;w=0")]), RateLimit::default());
    }
}
