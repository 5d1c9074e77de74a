//! The JSON body of an API call.

use dioxus::{
    fullstack::{
        ClientRequest, ClientResponse, FromResponse, IntoRequest, RequestError, ServerFnError,
    },
    prelude::StatusCode,
};
use serde::{Serialize, de::DeserializeOwned};

/// The JSON body of a server function.
///
/// Dioxus answers 500 to a body that it cannot parse; this answers 400 and says what is wrong
/// with it, also if it has more than [`MAX_BODY_BYTES`]. An empty body counts as `{}`.
#[derive(Debug, Clone)]
pub struct ApiJson<T>(pub T);

/// The largest JSON body an API call takes, in bytes: no call carries more than a message
/// (1,600 characters) and some ids.
pub const MAX_BODY_BYTES: usize = 64 * 1024;

impl<T: Serialize + DeserializeOwned + 'static> IntoRequest for ApiJson<T> {
    async fn into_request(self, request: ClientRequest) -> Result<ClientResponse, RequestError> {
        request.send_json(&self.0).await
    }
}

/// The JSON answer of a server function that has more than one kind of success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiAnswer<T> {
    pub status: StatusCode,
    pub body: T,
}

impl<T> ApiAnswer<T> {
    /// 200: it is done.
    pub fn ok(body: T) -> Self {
        Self {
            status: StatusCode::OK,
            body,
        }
    }

    /// 202: it goes on.
    pub fn accepted(body: T) -> Self {
        Self {
            status: StatusCode::ACCEPTED,
            body,
        }
    }
}

impl<T: DeserializeOwned> FromResponse for ApiAnswer<T> {
    async fn from_response(response: ClientResponse) -> Result<Self, ServerFnError> {
        let status = response.status();
        let body = response.json().await?;
        Ok(Self { status, body })
    }
}

#[cfg(feature = "server")]
mod server {
    use dioxus::server::axum::{
        Json,
        body::to_bytes,
        extract::{FromRequest, Request},
        response::{IntoResponse, Response},
    };
    use serde::{Serialize, de::DeserializeOwned};

    use super::{ApiAnswer, ApiJson, MAX_BODY_BYTES};
    use crate::bases::error::AppError;

    impl<T: Serialize> IntoResponse for ApiAnswer<T> {
        fn into_response(self) -> Response {
            (self.status, Json(self.body)).into_response()
        }
    }

    /// `field` is where the error is; `.` is the body itself.
    fn wrong_body(field: &str, error: &serde_json::Error) -> AppError {
        AppError::bad_request(match field {
            "." => format!("the JSON body is wrong: {error}"),
            field => format!("the JSON body is wrong: `{field}`: {error}"),
        })
    }

    impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for ApiJson<T> {
        type Rejection = AppError;

        async fn from_request(request: Request, _state: &S) -> Result<Self, Self::Rejection> {
            let body = to_bytes(request.into_body(), MAX_BODY_BYTES)
                .await
                .map_err(|_| {
                    AppError::bad_request(format!(
                        "the body must be at most {MAX_BODY_BYTES} bytes"
                    ))
                })?;
            let body = if body.is_empty() {
                b"{}"
            } else {
                body.as_ref()
            };
            let mut json = serde_json::Deserializer::from_slice(body);
            let read = serde_path_to_error::deserialize(&mut json).map_err(|error| {
                let field = error.path().to_string();
                wrong_body(&field, &error.into_inner())
            })?;
            json.end().map_err(|error| wrong_body(".", &error))?;
            Ok(Self(read))
        }
    }
}
