use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use super::page_scripts::PageNonce;
use crate::bases::config::Config;

/// Signing out, after which nothing of ours stays in the browser's cache.
const SIGN_OUT: &str = "/api/auth/logout";
/// The built client: code and styles.
const ASSETS: &str = "/assets/";
/// Without subdomains, which may belong to somebody else.
const HTTPS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");
/// The policy of an answer that is no page.
const NOTHING_RUNS: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
/// Asked again each time, and then mostly "not modified".
const ASK_FIRST: HeaderValue = HeaderValue::from_static("no-cache");
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const NEVER: HeaderValue = HeaderValue::from_static("no-store");

const ALWAYS: [(HeaderName, HeaderValue); 4] = [
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    ),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()",
        ),
    ),
];

/// What the headers of answers depend on.
#[derive(Debug, Clone)]
pub struct AnswerHeaders {
    is_https: bool,
    /// The origin of a bucket that files of messages are loaded from.
    media_origin: Option<String>,
}

impl AnswerHeaders {
    /// `media_origin` is the origin of a bucket that files of messages are loaded from.
    pub fn new(config: &Config, media_origin: Option<String>) -> Self {
        Self {
            is_https: config.is_https(),
            media_origin,
        }
    }

    /// What a page may load and run: our own files, and its inline scripts that bear the nonce.
    fn page_policy(&self, nonce: &str) -> Option<HeaderValue> {
        let media = self.media_origin.as_deref().unwrap_or_default();
        HeaderValue::try_from(format!(
            "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
             style-src 'self'; img-src 'self' data: blob: {media}; \
             media-src 'self' blob: {media}; object-src 'none'; base-uri 'none'; \
             frame-ancestors 'none'; form-action 'self'"
        ))
        .ok()
    }
}

/// Sets cache and security headers on every answer.
pub async fn add_answer_headers(
    State(settings): State<AnswerHeaders>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let mut answer = next.run(request).await;
    let nonce = answer.extensions_mut().remove::<PageNonce>();
    let policy = match nonce {
        Some(PageNonce(nonce)) => settings.page_policy(&nonce),
        None => None,
    };
    let is_success = !answer.status().is_client_error() && !answer.status().is_server_error();
    let headers = answer.headers_mut();
    or_insert(
        headers,
        header::CONTENT_SECURITY_POLICY,
        policy.unwrap_or(NOTHING_RUNS),
    );
    for (name, value) in ALWAYS {
        or_insert(headers, name, value);
    }
    if settings.is_https {
        or_insert(headers, header::STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
    if path == SIGN_OUT && is_success {
        let cache = HeaderValue::from_static("\"cache\"");
        headers.insert("clear-site-data", cache);
    }
    let keep = if is_success { keep(&path) } else { NEVER };
    or_insert(headers, header::CACHE_CONTROL, keep);
    if path.starts_with(ASSETS) {
        let varies = HeaderValue::from_static("accept-encoding");
        headers.insert(header::VARY, varies);
    }
    answer
}

/// How long a browser may keep what is at a path, unless the answer says so itself.
fn keep(path: &str) -> HeaderValue {
    match path.strip_prefix(ASSETS) {
        Some(file) if has_hash(file) => FOR_EVER,
        Some(_) => ASK_FIRST,
        None if path == "/favicon.svg" => ASK_FIRST,
        None => NEVER,
    }
}

/// Whether the name of a file has the hash of its content in it.
fn has_hash(file: &str) -> bool {
    file.rsplit_once("-dxh").is_some_and(|(_, rest)| {
        let hash = rest.split('.').next().unwrap_or_default();
        !hash.is_empty() && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

fn or_insert(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.entry(name).or_insert(value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_file_named_by_its_content_is_kept_for_ever() {
        assert_eq!(keep("/assets/loquent-dxh0a1b2c3d.js"), FOR_EVER);
        assert_eq!(keep("/assets/theme.js"), ASK_FIRST);
        assert_eq!(keep("/assets/x-dxhnothex.js"), ASK_FIRST);
        assert_eq!(keep("/messaging"), NEVER);
        assert_eq!(keep("/api/conversations"), NEVER);
    }
}
