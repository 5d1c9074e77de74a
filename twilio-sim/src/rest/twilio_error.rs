use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Header that repeats the code of an error.
pub(crate) const ERROR_CODE_HEADER: &str = "X-Twilio-Error-Code";

/// An error answer of Twilio's REST API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TwilioError {
    /// HTTP status.
    pub status: StatusCode,
    /// Twilio's code.
    pub code: u32,
    /// Twilio's text.
    pub message: String,
}

impl TwilioError {
    /// 400 with a code.
    pub fn bad_request(code: u32, message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            code,
            message: message.into(),
        }
    }

    /// 400, code 20001: the request is not valid.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::bad_request(20001, message)
    }

    /// 400: a parameter of the body is missing.
    pub fn missing_parameter(name: &str) -> Self {
        Self::invalid(format!(
            "Missing required parameter {name} in the post body"
        ))
    }

    /// 400: a parameter has a value that cannot be.
    pub fn invalid_parameter(name: &str, reason: &str) -> Self {
        Self::invalid(format!("Invalid parameter {name}: {reason}"))
    }

    /// 401: no or wrong credentials.
    pub fn unauthorized(message: &str) -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            code: 20003,
            message: message.to_owned(),
        }
    }

    /// 404.
    pub fn not_found(path: &str) -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            code: 20404,
            message: format!("The requested resource {path} was not found"),
        }
    }
}

impl IntoResponse for TwilioError {
    fn into_response(self) -> Response {
        let body = Json(json!({
            "code": self.code,
            "message": self.message,
            "more_info": format!("https://www.twilio.com/docs/errors/{}", self.code),
            "status": self.status.as_u16(),
        }));
        let mut response = (self.status, body).into_response();
        response
            .headers_mut()
            .insert(ERROR_CODE_HEADER, HeaderValue::from(self.code));
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Basic realm=\"Twilio API\""),
            );
        }
        response
    }
}
