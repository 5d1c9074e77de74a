//! The one error that crosses the API boundary.

use dioxus::fullstack::{AsStatusCode, ServerFnError};
use dioxus::prelude::StatusCode;
use serde::{Deserialize, Serialize};

/// The error of an API call.
///
/// It holds only text that is safe to show: the cause of an [`AppError::Internal`] is logged
/// once, where it is mapped, and never leaves the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AppError {
    /// 400: the input is wrong; the message says what was wrong and what would be right.
    #[error("{message}")]
    BadRequest { message: String },
    /// 401: nobody is signed in.
    #[error("Your session ended. Sign in again.")]
    Unauthorized,
    /// 401: the e-mail and password do not match.
    #[error("Wrong email or password.")]
    WrongCredentials,
    /// 403: signed in, but not allowed.
    #[error("{message}")]
    Forbidden { message: String },
    /// 404: there is no such thing in the organization of the caller.
    #[error("This {what} was not found.")]
    NotFound { what: String },
    /// 409: the present state does not allow it.
    #[error("{message}")]
    Conflict { message: String },
    /// 429: too many attempts; try again after the given seconds.
    #[error("Too many attempts. Try again in {retry_after_seconds} seconds.")]
    TooManyRequests { retry_after_seconds: u64 },
    /// 502: another service that is needed did not do its part; the message says which and why.
    #[error("{message}")]
    Upstream { message: String },
    /// 503: a needed part does not answer; retrying is right.
    #[error("Loquent can’t do that right now. Try again in a moment.")]
    Unavailable,
    /// 500: a defect; the cause is in the server's log.
    #[error("The server had a problem. Try again.")]
    Internal,
}

impl AppError {
    /// A 400 with a message for the caller.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::BadRequest {
            message: message.into(),
        }
    }

    /// A 403 with a message for the caller.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::Forbidden {
            message: message.into(),
        }
    }

    /// A 404 for a named thing, as in "This contact was not found.".
    pub fn not_found(what: impl Into<String>) -> Self {
        Self::NotFound { what: what.into() }
    }

    /// A 409 with a message for the caller.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::Conflict {
            message: message.into(),
        }
    }

    /// A 502 with a message for the caller.
    pub fn upstream(message: impl Into<String>) -> Self {
        Self::Upstream {
            message: message.into(),
        }
    }

    /// Whether the same call may succeed later.
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Unauthorized
                | Self::TooManyRequests { .. }
                | Self::Upstream { .. }
                | Self::Unavailable
                | Self::Internal
        )
    }

    /// Whether the caller has to sign in (again).
    pub fn is_unauthorized(&self) -> bool {
        matches!(self, Self::Unauthorized)
    }
}

impl AsStatusCode for AppError {
    fn as_status_code(&self) -> StatusCode {
        match self {
            Self::BadRequest { .. } => StatusCode::BAD_REQUEST,
            Self::Unauthorized | Self::WrongCredentials => StatusCode::UNAUTHORIZED,
            Self::Forbidden { .. } => StatusCode::FORBIDDEN,
            Self::NotFound { .. } => StatusCode::NOT_FOUND,
            Self::Conflict { .. } => StatusCode::CONFLICT,
            Self::TooManyRequests { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Upstream { .. } => StatusCode::BAD_GATEWAY,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// What Dioxus reports when a call did not reach the function, or its answer did not come back.
impl From<ServerFnError> for AppError {
    fn from(error: ServerFnError) -> Self {
        match error {
            ServerFnError::ServerError {
                code,
                message,
                details,
            } => details
                .and_then(|details| serde_json::to_vec(&details).ok())
                .and_then(|json| serde_json::from_slice(&json).ok())
                .unwrap_or_else(|| from_status(code, message)),
            ServerFnError::Args(message) | ServerFnError::MissingArg(message) => {
                Self::BadRequest { message }
            }
            ServerFnError::Request(_) | ServerFnError::Response(_) => Self::Unavailable,
            other => {
                tracing::error!(error = %other, "server function failed outside its body");
                Self::Internal
            }
        }
    }
}

fn from_status(code: u16, message: String) -> AppError {
    match code {
        400 | 413 | 415 | 422 => AppError::BadRequest { message },
        401 => AppError::Unauthorized,
        403 => AppError::Forbidden { message },
        404 => AppError::NotFound {
            what: "page".to_owned(),
        },
        409 => AppError::Conflict { message },
        429 => AppError::TooManyRequests {
            retry_after_seconds: 60,
        },
        502..=504 => AppError::Unavailable,
        _ => AppError::Internal,
    }
}

#[cfg(feature = "server")]
mod server {
    use dioxus::server::axum::{
        Json,
        response::{IntoResponse, Response},
    };

    use super::{AppError, AsStatusCode};
    use crate::bases::db::{is_conflict, is_outage};

    /// The shape that server functions answer errors with, so that plain routes match them.
    impl IntoResponse for AppError {
        fn into_response(self) -> Response {
            let status = self.as_status_code();
            let body = serde_json::json!({
                "message": self.to_string(),
                "code": status.as_u16(),
                "data": self,
            });
            (status, Json(body)).into_response()
        }
    }

    impl From<sea_orm::DbErr> for AppError {
        #[track_caller]
        fn from(error: sea_orm::DbErr) -> Self {
            let at = std::panic::Location::caller();
            if is_outage(&error) || is_conflict(&error) {
                tracing::warn!(error = %error, at = %at, "the database cannot do it now");
                Self::Unavailable
            } else {
                tracing::error!(error = %error, at = %at, "database call failed");
                Self::Internal
            }
        }
    }
}
