use std::time::Duration;

use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};

use crate::twilio::{MAX_RESOURCE_BYTES, MessageSid, TwilioCredentials, TwilioError, read_json};

/// Twilio answers in well under a second; after this the answer counts as lost.
const TIMEOUT: Duration = Duration::from_secs(15);

/// A text to be sent.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct OutboundText<'a> {
    pub to: &'a str,
    pub from: &'a str,
    pub body: &'a str,
    pub status_callback: &'a str,
}

/// The fields of Twilio's Message resource that we use. Twilio may leave any of them null.
#[derive(Debug, Clone, Deserialize)]
pub struct TwilioMessage {
    pub sid: MessageSid,
    pub status: String,
    /// A number, as text.
    pub num_segments: Option<String>,
    pub body: Option<String>,
    /// RFC 2822.
    pub date_created: Option<String>,
    pub error_code: Option<i32>,
    pub error_message: Option<String>,
}

/// `POST /2010-04-01/Accounts/{AC}/Messages.json`. Not idempotent: only
/// [`TwilioError::RateLimited`] and [`TwilioError::NotReached`] may be retried without looking
/// first.
pub async fn create_twilio_message_util(
    http: &reqwest::Client,
    base_url: &str,
    credentials: &TwilioCredentials,
    text: &OutboundText<'_>,
) -> Result<TwilioMessage, TwilioError> {
    let account = &credentials.account_sid;
    let response = http
        .post(format!(
            "{base_url}/2010-04-01/Accounts/{account}/Messages.json"
        ))
        .basic_auth(account, Some(credentials.auth_token.expose_secret()))
        .timeout(TIMEOUT)
        .form(text)
        .send()
        .await?;
    if !response.status().is_success() {
        return Err(TwilioError::from_response(response).await);
    }
    read_json(response, MAX_RESOURCE_BYTES).await
}
