use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Why a control request was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ControlError {
    /// Something given cannot be; the text says what would be right.
    #[error("{0}")]
    Invalid(String),
    /// An account, number or message that is not there.
    #[error("{0}")]
    NotFound(String),
    /// It exists already.
    #[error("{0}")]
    Conflict(String),
}

impl ControlError {
    pub(crate) fn no_account(sid: &str) -> Self {
        Self::NotFound(format!("there is no account {sid}"))
    }

    pub(crate) fn no_phone_number(name: &str, given: &str) -> Self {
        Self::Invalid(format!(
            "{name} {given:?} is not a phone number; E.164 is expected, for instance +14155550162"
        ))
    }
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        let status = match self {
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Conflict(_) => StatusCode::CONFLICT,
        };
        (status, Json(json!({ "error": self.to_string() }))).into_response()
    }
}
