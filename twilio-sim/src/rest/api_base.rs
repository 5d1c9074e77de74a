use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

/// The address under which the caller reaches the API, without a slash at its end: absolute links
/// of the Events API begin with it, so a client that only follows links to the host it knows can.
#[derive(Debug, Clone)]
pub(crate) struct ApiBase(pub String);

impl<S: Send + Sync> FromRequestParts<S> for ApiBase {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        let host = parts
            .headers
            .get(header::HOST)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("127.0.0.1");
        Ok(Self(format!("http://{host}")))
    }
}
