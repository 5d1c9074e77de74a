use std::time::Duration;

use secrecy::ExposeSecret;

use super::TwilioError;
use crate::{bases::config::Config, twilio::TwilioCredentials};

/// Twilio only queues the test.
const TIMEOUT: Duration = Duration::from_secs(15);

/// `POST /v1/Sinks/{DG}/Test`: Twilio sends a test event to the sink. It is a POST, but changes
/// nothing of what the account's owner has set, so it is not in the account activity.
pub async fn send_sink_test(
    http: &reqwest::Client,
    config: &Config,
    credentials: &TwilioCredentials,
    sink_sid: &str,
) -> Result<(), TwilioError> {
    let base_url = &config.twilio_events_base_url;
    let response = http
        .post(format!("{base_url}/v1/Sinks/{sink_sid}/Test"))
        .basic_auth(
            &credentials.account_sid,
            Some(credentials.auth_token.expose_secret()),
        )
        .timeout(TIMEOUT)
        .send()
        .await?;
    if response.status().is_success() {
        Ok(())
    } else {
        Err(TwilioError::from_response(response).await)
    }
}
