use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::wire::FormFields;

/// The query parameters of a request.
#[derive(Debug, Clone)]
pub(crate) struct QueryFields(pub FormFields);

impl<S: Send + Sync> FromRequestParts<S> for QueryFields {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(FormFields::parse(query.as_bytes())))
    }
}
