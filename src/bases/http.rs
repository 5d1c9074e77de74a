//! Rules that hold for every HTTP request.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::atomic::{AtomicBool, Ordering},
};

use dioxus::server::axum::{
    body::to_bytes,
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{error::AppError, state::AppState};

/// Webhooks prove themselves by signature and come from no browser.
const WEBHOOK_PREFIX: &str = "/twilio/";
/// Webhooks whose paths the product's documentation puts among the API calls.
const WEBHOOKS: [&str; 2] = ["/api/twilio/sms-incoming", "/api/twilio/sms-status"];

/// Server functions.
const API_PREFIX: &str = "/api/";
/// An error is a sentence.
const MAX_ERROR_BYTES: usize = 64 * 1024;

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
    /// What attempts from it are counted by: whoever has an IPv6 address has 2^64 of them.
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

/// The last value of the last line is the one that the trusted proxy wrote; what is before it, the
/// caller may have written.
fn forwarded_address(headers: &HeaderMap, name: &str) -> Option<IpAddr> {
    static HAS_WARNED: AtomicBool = AtomicBool::new(false);

    let line = headers.get_all(name).iter().next_back()?;
    let address = line.to_str().ok().and_then(parse_forwarded);
    // The proxy's own address counts, for all such requests together: too strict, not too lax.
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

/// Refuses state-changing requests and sockets that another site's page could have made.
pub async fn check_origin(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let changes = !matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let path = request.uri().path();
    let is_webhook = path.starts_with(WEBHOOK_PREFIX) || WEBHOOKS.contains(&path);
    if changes && !is_webhook && !is_same_origin(request.headers(), &app.config.public_url) {
        return AppError::forbidden(
            "The Origin header is missing or names another site; send the origin of Loquent.",
        )
        .into_response();
    }
    next.run(request).await
}

/// Whether the Origin header names this site: its public URL, or the host that was asked.
pub fn is_same_origin(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let Some(origin) = text(header::ORIGIN) else {
        return false;
    };
    if origin == public_url {
        return true;
    }
    let host = origin.split_once("://").map(|(_, host)| host);
    host.is_some() && host == text(header::HOST)
}

/// Turns Dioxus' answer to arguments that it cannot read into a 400: it answers 500, with an
/// `error` in place of our own fields.
pub async fn answer_bad_arguments(request: Request, next: Next) -> Response {
    #[derive(serde::Deserialize)]
    struct Unreadable {
        error: String,
    }

    let is_api = request.uri().path().starts_with(API_PREFIX);
    let response = next.run(request).await;
    if !is_api || response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, MAX_ERROR_BYTES).await.unwrap_or_default();
    match serde_json::from_slice::<Unreadable>(&body) {
        Ok(Unreadable { error }) => {
            let wrong = error.rsplit("results: ").next().unwrap_or_default();
            AppError::bad_request(format!("an argument is wrong: {wrong}")).into_response()
        }
        Err(_) => Response::from_parts(parts, body.into()),
    }
}

/// Headers that narrow what a browser will do with our answers.
pub async fn add_security_headers(
    State(policy): State<HeaderValue>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(policy);
    for (name, value) in SECURITY_HEADERS {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

/// What our pages may load. `files` is the origin of a bucket that pictures, films and sound are
/// loaded from.
///
/// Dioxus hands the page's data to the client in an inline script, hence `unsafe-inline`.
pub fn content_security_policy(
    files: Option<&str>,
) -> Result<HeaderValue, header::InvalidHeaderValue> {
    let files = files.map(|origin| format!(" {origin}")).unwrap_or_default();
    HeaderValue::try_from(format!(
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; \
         style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:{files}; media-src 'self'{files}; \
         object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ))
}

const SECURITY_HEADERS: [(HeaderName, &str); 3] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

#[cfg(test)]
mod tests {
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
        let public = "https://sms.example.com";
        let ok = |pairs: &[_]| is_same_origin(&headers(pairs), public);
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
