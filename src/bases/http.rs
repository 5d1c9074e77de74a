//! Rules that hold for every HTTP request.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

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
        let forwarded = app
            .config
            .client_address_header
            .as_deref()
            .and_then(|name| {
                // The last entry is the one that the trusted proxy wrote.
                parts
                    .headers
                    .get(name)?
                    .to_str()
                    .ok()?
                    .rsplit(',')
                    .next()?
                    .trim()
                    .parse()
                    .ok()
            });
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
