use serde::de::DeserializeOwned;

use crate::{
    bases::{error::AppError, ids::OrganizationId, state::AppState},
    mods::account::services::resolve_twilio_credentials_service,
    twilio::{TwilioCredentials, TwilioError, TwilioHost, TwilioReader, twilio_error_to_app_error},
};

/// An organization's Twilio account, to read from.
#[derive(Debug, Clone)]
pub struct AccountAccess {
    pub state: AppState,
    pub organization_id: OrganizationId,
    pub credentials: TwilioCredentials,
}

impl AccountAccess {
    /// With the credentials of the organization; 409 where it has none.
    pub async fn open(state: &AppState, organization: OrganizationId) -> Result<Self, AppError> {
        let credentials =
            resolve_twilio_credentials_service(&state.db, &state.config, organization).await?;
        Ok(Self {
            state: state.clone(),
            organization_id: organization,
            credentials,
        })
    }

    /// The account's SID.
    pub fn account_sid(&self) -> &str {
        &self.credentials.account_sid
    }

    /// The path of something of this account in the core REST API, for example
    /// `IncomingPhoneNumbers/PN….json`.
    pub fn path(&self, rest: &str) -> String {
        format!("/2010-04-01/Accounts/{}/{rest}", self.account_sid())
    }

    /// A reader of one of Twilio's hosts.
    pub fn reader(&self, host: TwilioHost) -> Result<TwilioReader, TwilioError> {
        let base_url = host.base_url(&self.state.config);
        TwilioReader::new(self.state.http.clone(), base_url, self.credentials.clone())
    }

    /// One resource; `None` if Twilio does not know it.
    pub async fn fetch<T: DeserializeOwned>(
        &self,
        host: TwilioHost,
        path: &str,
    ) -> Result<Option<T>, TwilioError> {
        match self.reader(host)?.list(path).await {
            Ok(body) => read(&body).map(Some),
            Err(TwilioError::Refused { status: 404, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The same, with an error for the caller of the API.
    pub async fn fetch_or_say<T: DeserializeOwned>(
        &self,
        host: TwilioHost,
        path: &str,
    ) -> Result<Option<T>, AppError> {
        let fetched = self.fetch(host, path).await;
        fetched.map_err(|error| twilio_error_to_app_error(&error))
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, TwilioError> {
    serde_json::from_slice(body).map_err(|error| TwilioError::OutcomeUnknown(error.to_string()))
}
