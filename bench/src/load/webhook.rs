use std::time::Duration;

use twilio_sim::{sign_url, with_body_hash};
use xtask::demo::simulator_account::SIMULATOR_AUTH_TOKEN;

/// Twilio gives up on an answer after this.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// The server's webhook for events.
#[derive(Clone, Debug)]
pub(super) struct Webhook {
    client: reqwest::Client,
    url: String,
}

impl Webhook {
    /// The webhook of the server on this port.
    pub fn new(port: u16) -> reqwest::Result<Self> {
        let client = reqwest::Client::builder()
            .timeout(ANSWER_LIMIT)
            // A developer's proxy must not be asked for what is here.
            .no_proxy()
            .tcp_nodelay(true)
            .build()?;
        let url = format!("http://127.0.0.1:{port}/twilio/events");
        Ok(Self { client, url })
    }

    /// Posts a batch of events, signed; it must be accepted.
    pub async fn post(&self, batch: Vec<u8>) -> reqwest::Result<()> {
        let url = with_body_hash(&self.url, &batch);
        let signature = sign_url(SIMULATOR_AUTH_TOKEN, &url);
        self.client
            .post(url)
            .header("X-Twilio-Signature", signature)
            .header("Content-Type", "application/json")
            .body(batch)
            .send()
            .await?
            .error_for_status()?;
        Ok(())
    }
}
