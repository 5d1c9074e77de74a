use std::time::Duration;

use reqwest::{Method, RequestBuilder};
use secrecy::ExposeSecret;
use serde_json::Value;

use super::TwilioCredentials;
use super::{MAX_RESOURCE_BYTES, TwilioError, read_json};
use crate::bases::{config::Config, ids::AccountChangeId};

/// Twilio answers in a second or two; after this the answer counts as lost.
const TIMEOUT: Duration = Duration::from_secs(20);

/// One of Twilio's hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TwilioHost {
    /// `https://api.twilio.com`: accounts, numbers.
    Api,
    /// `https://events.twilio.com`: sinks, subscriptions.
    Events,
    /// `https://messaging.twilio.com`: Messaging Services.
    Messaging,
    /// `https://pricing.twilio.com`: what numbers cost.
    Pricing,
}

impl TwilioHost {
    /// Its address, without a trailing slash.
    pub fn base_url(self, config: &Config) -> &str {
        match self {
            Self::Api => &config.twilio_api_base_url,
            Self::Events => &config.twilio_events_base_url,
            Self::Messaging => &config.twilio_messaging_base_url,
            Self::Pricing => &config.twilio_pricing_base_url,
        }
    }
}

/// A change that is recorded in the account activity, committed. Only the ledger implements it.
pub trait Recorded {
    /// The row that records it.
    fn id(&self) -> AccountChangeId;
}

/// The only way to change something in a Twilio account.
///
/// It makes one call, and can only be created from a [`Recorded`] change: nothing is changed
/// without a trace, even if the program dies before the answer.
#[derive(Debug)]
pub struct TwilioWriter<'a> {
    http: reqwest::Client,
    config: &'a Config,
    credentials: &'a TwilioCredentials,
    change: AccountChangeId,
}

impl<'a> TwilioWriter<'a> {
    /// A writer for the one call of a recorded change. `http` must follow no redirects.
    pub fn new(
        http: reqwest::Client,
        config: &'a Config,
        credentials: &'a TwilioCredentials,
        recorded: &impl Recorded,
    ) -> Self {
        Self {
            http,
            config,
            credentials,
            change: recorded.id(),
        }
    }

    /// The account that is changed.
    pub fn account_sid(&self) -> &str {
        &self.credentials.account_sid
    }

    /// Posts a form; the answer is the resource as it is now.
    pub async fn post(
        self,
        host: TwilioHost,
        path: &str,
        form: &[(&str, String)],
    ) -> Result<Value, TwilioError> {
        let response = self
            .request(Method::POST, host, path)
            .form(form)
            .send()
            .await?;
        if !response.status().is_success() {
            return Err(TwilioError::from_response(response).await);
        }
        read_json(response, MAX_RESOURCE_BYTES).await
    }

    /// Removes a resource. A missing one counts as removed.
    pub async fn delete(self, host: TwilioHost, path: &str) -> Result<(), TwilioError> {
        let response = self.request(Method::DELETE, host, path).send().await?;
        if response.status().is_success() || response.status().as_u16() == 404 {
            Ok(())
        } else {
            Err(TwilioError::from_response(response).await)
        }
    }

    fn request(&self, method: Method, host: TwilioHost, path: &str) -> RequestBuilder {
        let base_url = host.base_url(self.config);
        tracing::info!(change_id = %self.change, account_sid = self.account_sid(), %method, path, "changing the Twilio account");
        let token = self.credentials.auth_token.expose_secret();
        self.http
            .request(method, format!("{base_url}{path}"))
            .basic_auth(&self.credentials.account_sid, Some(token))
            .timeout(TIMEOUT)
    }
}
