//! Rules that hold for every HTTP request.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::atomic::{AtomicBool, Ordering},
};

use dioxus::server::axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};

use reqwest::Url;

use super::{error::AppError, state::AppState};

/// Webhooks are verified by signature and come from no browser.
const WEBHOOK_PREFIX: &str = "/twilio/";
/// Webhooks whose paths the product's documentation puts among the API calls.
const WEBHOOKS: [&str; 2] = ["/api/twilio/sms-incoming", "/api/twilio/sms-status"];

/// The address that a request comes from.
#[derive(Debug, Clone, Copy)]
pub struct ClientAddress(pub IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let app = AppState::from_request_parts(parts, state).await?;
        let name = app.config.client_address_header.as_deref();
        let forwarded = name.and_then(|name| forwarded_address(&parts.headers, name));
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|info| info.0.ip());
        Ok(Self(
            forwarded
                .or(peer)
                .unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
        ))
    }
}

impl ClientAddress {
    /// The network by which attempts are counted: an IPv6 customer has 2^64 addresses.
    pub fn network(self) -> String {
        match self.0.to_canonical() {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => {
                let network = Ipv6Addr::from_bits(address.to_bits() >> 64 << 64);
                format!("{network}/64")
            }
        }
    }
}

/// The last value of the last line comes from the trusted proxy; the caller may have written what
/// is before it.
fn forwarded_address(headers: &HeaderMap, name: &str) -> Option<IpAddr> {
    static HAS_WARNED: AtomicBool = AtomicBool::new(false);

    let line = headers.get_all(name).iter().next_back()?;
    let address = line.to_str().ok().and_then(parse_forwarded);
    // Falls back to the proxy's own address, for all such requests together: too strict rather than
    // too lax.
    if address.is_none() && !HAS_WARNED.swap(true, Ordering::Relaxed) {
        tracing::warn!(
            header = name,
            "the proxy's header holds no address at its end; see CLIENT_ADDRESS_HEADER"
        );
    }
    address
}

/// An address, with or without a port: `192.0.2.1`, `192.0.2.1:443`, `2001:db8::1`,
/// `[2001:db8::1]`, `[2001:db8::1]:443`.
fn parse_forwarded(line: &str) -> Option<IpAddr> {
    let last = line.rsplit(',').next()?.trim();
    let bare = last
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    if let Some(bare) = bare {
        return bare.parse().ok().map(IpAddr::V6);
    }
    let address = last.parse().ok();
    address.or_else(|| {
        last.parse()
            .ok()
            .map(|with_port: SocketAddr| with_port.ip())
    })
}

/// Whether a path is below `/api`, known or not.
pub fn is_api(path: &str) -> bool {
    path.strip_prefix("/api")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether Twilio posts to a path.
pub fn is_webhook(path: &str) -> bool {
    path.starts_with(WEBHOOK_PREFIX) || WEBHOOKS.contains(&path)
}

/// Refuses state-changing requests and sockets that another site's page could have made.
pub async fn check_origin(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let changes = !matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let needs_origin = changes && !is_webhook(request.uri().path());
    if needs_origin && !is_same_origin(request.headers(), &app.config.public_url) {
        return AppError::forbidden(
            "The Origin header is missing or names another site; send the origin of Loquent.",
        )
        .into_response();
    }
    next.run(request).await
}

/// Whether the Origin header names this site: scheme and host of its public URL. On the machine
/// itself, also the address there that was asked: no page of another site has such an origin.
pub fn is_same_origin(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let Some(origin) = text(header::ORIGIN).and_then(|origin| Url::parse(origin).ok()) else {
        return false;
    };
    if !matches!(origin.scheme(), "http" | "https") {
        return false;
    }
    let ours = Url::parse(public_url).is_ok_and(|ours| ours.origin() == origin.origin());
    ours || (is_local(&origin) && text(header::HOST).is_some_and(|host| names(host, &origin)))
}

fn is_local(origin: &Url) -> bool {
    let host = origin.host_str().unwrap_or_default();
    origin.scheme() == "http" && matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

/// Whether a Host header names the origin's host and port.
fn names(host: &str, origin: &Url) -> bool {
    Url::parse(&format!("http://{host}")).is_ok_and(|asked| asked.origin() == origin.origin())
}

#[cfg(test)]
mod tests {
    use dioxus::server::axum::http::HeaderName;

    use super::*;

    fn headers(pairs: &[(HeaderName, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(n, v)| (n.clone(), HeaderValue::from_static(v)))
            .collect()
    }

    #[test]
    fn the_last_address_of_the_last_line_counts_with_or_without_a_port() {
        let name = HeaderName::from_static("x-forwarded-for");
        let read = |lines: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(&name, HeaderValue::from_static(line));
            }
            forwarded_address(&headers, name.as_str()).map(|address| address.to_string())
        };
        for (lines, address) in [
            (&["192.0.2.1"][..], Some("192.0.2.1")),
            (&["10.9.8.1, 192.0.2.1"], Some("192.0.2.1")),
            (&["10.9.8.1", "192.0.2.1"], Some("192.0.2.1")),
            (
                &["10.9.8.1", "10.9.8.2, 192.0.2.1:50123"],
                Some("192.0.2.1"),
            ),
            (&["2001:db8::1"], Some("2001:db8::1")),
            (&["[2001:db8::1]"], Some("2001:db8::1")),
            (&["[2001:db8::1]:443"], Some("2001:db8::1")),
            (&["192.0.2.1", "unknown"], None),
            (&["192.0.2.1,"], None),
            (&[""], None),
            (&[], None),
        ] {
            assert_eq!(read(lines).as_deref(), address, "{lines:?}");
        }
    }

    #[test]
    fn an_ipv6_address_counts_as_its_network() {
        for (address, network) in [
            ("192.0.2.1", "192.0.2.1"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::", "2001:db8:1:2::/64"),
            ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ] {
            let address = ClientAddress(address.parse().expect("an address"));
            assert_eq!(address.network(), network);
        }
    }

    #[test]
    fn only_our_own_origin_counts_as_same() {
        let of = |public: &str, pairs: &[_]| is_same_origin(&headers(pairs), public);
        let ok = |pairs: &[_]| of("https://sms.example.com", pairs);
        let asked = (header::HOST, "sms.example.com");
        assert!(!ok(&[
            (header::ORIGIN, "http://sms.example.com"),
            asked.clone()
        ]));
        assert!(!ok(&[
            (header::ORIGIN, "https://sms.example.com:8443"),
            asked
        ]));
        assert!(ok(&[(header::ORIGIN, "https://SMS.example.com:443")]));
        let plain = [
            (header::ORIGIN, "https://sms.lan"),
            (header::HOST, "sms.lan"),
        ];
        assert!(!of("http://sms.lan", &plain), "another scheme");
        let rebound = [
            (header::ORIGIN, "http://evil.example:8080"),
            (header::HOST, "evil.example:8080"),
        ];
        assert!(!of("http://127.0.0.1:8080", &rebound), "the asked host");
        assert!(ok(&[(header::ORIGIN, "https://sms.example.com")]));
        assert!(ok(&[
            (header::ORIGIN, "http://127.0.0.1:9"),
            (header::HOST, "127.0.0.1:9")
        ]));
        assert!(!ok(&[(header::HOST, "127.0.0.1:9")]));
        assert!(!ok(&[
            (header::ORIGIN, "https://evil.example"),
            (header::HOST, "127.0.0.1:9")
        ]));
        assert!(!ok(&[(header::ORIGIN, "null"), (header::HOST, "null")]));
    }
}
