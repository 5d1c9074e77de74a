use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, de::DeserializeOwned};

use loquent::bases::{config::SharedTwilioAccount, error::AppError};

/// The simulator runs on the same machine; a load of history takes it well under a second.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Of an answer that says why not, this much is shown, in characters.
const MAX_REASON: usize = 300;

/// Calls the simulator: its control API, and its Events API as the owner of an account.
#[derive(Debug, Clone)]
pub struct SimulatorClient {
    http: reqwest::Client,
    base_url: String,
    account_sid: String,
    auth_token: SecretString,
}

/// The simulator did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum SimulatorError {
    #[error("The simulator's address must be like http://127.0.0.1:4010, not {0:?}")]
    Url(String),
    #[error("The simulator at {url} does not answer: {source}")]
    NoAnswer { url: String, source: reqwest::Error },
    #[error("The simulator refused {path} (HTTP {status}): {reason}")]
    Refused {
        path: String,
        status: u16,
        reason: String,
    },
}

impl From<SimulatorError> for AppError {
    fn from(error: SimulatorError) -> Self {
        Self::conflict(error.to_string())
    }
}

impl SimulatorClient {
    /// For the simulator at this address, as this account.
    pub fn new(base_url: &str, account: &SharedTwilioAccount) -> Result<Self, SimulatorError> {
        let base_url = base_url.trim_end_matches('/');
        let is_http =
            reqwest::Url::parse(base_url).is_ok_and(|url| url.scheme() == "http" && url.has_host());
        if !is_http {
            return Err(SimulatorError::Url(base_url.to_owned()));
        }
        let http = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .build()
            .map_err(|source| SimulatorError::NoAnswer {
                url: base_url.to_owned(),
                source,
            })?;
        Ok(Self {
            http,
            base_url: base_url.to_owned(),
            account_sid: account.account_sid.clone(),
            auth_token: account.auth_token.clone(),
        })
    }

    /// Posts JSON to the control API, under `/sim`.
    pub async fn control<B: Serialize + ?Sized>(
        &self,
        path: &str,
        body: &B,
    ) -> Result<(), SimulatorError> {
        self.send(path, self.http.post(self.url(path)).json(body))
            .await
            .map(drop)
    }

    /// Gets from the REST API.
    pub async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<T, SimulatorError> {
        let request = self.authorized(self.http.get(self.url(path)).query(query));
        self.read(self.send(path, request).await?).await
    }

    /// Posts a form to the REST API.
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        form: &[(&str, &str)],
    ) -> Result<T, SimulatorError> {
        let request = self.authorized(self.http.post(self.url(path)).form(form));
        self.read(self.send(path, request).await?).await
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    fn authorized(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        request.basic_auth(&self.account_sid, Some(self.auth_token.expose_secret()))
    }

    async fn send(
        &self,
        path: &str,
        request: reqwest::RequestBuilder,
    ) -> Result<reqwest::Response, SimulatorError> {
        let response = request
            .send()
            .await
            .map_err(|source| self.no_answer(source))?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let reason: String = response.text().await.unwrap_or_default();
        Err(SimulatorError::Refused {
            path: path.to_owned(),
            status: status.as_u16(),
            reason: reason.chars().take(MAX_REASON).collect(),
        })
    }

    async fn read<T: DeserializeOwned>(
        &self,
        response: reqwest::Response,
    ) -> Result<T, SimulatorError> {
        response
            .json()
            .await
            .map_err(|source| self.no_answer(source))
    }

    fn no_answer(&self, source: reqwest::Error) -> SimulatorError {
        SimulatorError::NoAnswer {
            url: self.base_url.clone(),
            source: source.without_url(),
        }
    }
}
