use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};

use crate::rest::TwilioError;
use crate::wire::FormFields;

/// The form body of a request. A body of another kind counts as empty: Twilio ignores JSON.
#[derive(Debug, Clone)]
pub(crate) struct TwilioForm(pub PostedForm);

/// The posted fields.
#[derive(Debug, Clone)]
pub(crate) struct PostedForm {
    pub fields: FormFields,
}

impl PostedForm {
    /// A field that must be there.
    ///
    /// # Errors
    /// It is missing or empty.
    pub fn required(&self, name: &str) -> Result<&str, TwilioError> {
        self.fields
            .get(name)
            .filter(|value| !value.is_empty())
            .ok_or_else(|| TwilioError::missing_parameter(name))
    }
}

impl<S: Send + Sync> FromRequest<S> for TwilioForm {
    type Rejection = TwilioError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let is_form = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"));
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|_| TwilioError {
                status: StatusCode::PAYLOAD_TOO_LARGE,
                code: 20413,
                message: "The request body is too large".to_owned(),
            })?;
        let fields = if is_form {
            FormFields::parse(&body)
        } else {
            FormFields::default()
        };
        Ok(Self(PostedForm { fields }))
    }
}
