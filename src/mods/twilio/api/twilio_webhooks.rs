use std::sync::Arc;

use dioxus::server::axum::{
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use secrecy::SecretString;

use crate::{
    bases::config::Config,
    entities::position::Arrivals,
    mods::{account::services::AccountTokens, twilio::services::events::EventWriter},
    twilio::{AccountSid, TwilioForm, verify_form_signature},
};

/// What the webhooks share. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct TwilioWebhooks {
    pub config: Arc<Config>,
    pub tokens: AccountTokens,
    pub writer: EventWriter,
    pub arrivals: Arrivals,
}

impl TwilioWebhooks {
    /// The URL that Twilio signed: our configured address, since a proxy may have changed host
    /// and scheme, and the target exactly as it came.
    pub fn signed_url(&self, uri: &Uri) -> String {
        let target = uri.path_and_query().map_or("/", |target| target.as_str());
        format!("{}{target}", self.config.public_url)
    }

    /// Checks that a token of the account signed the form; otherwise returns the answer.
    pub async fn check_form(
        &self,
        account: &AccountSid,
        headers: &HeaderMap,
        uri: &Uri,
        form: &TwilioForm,
    ) -> Result<(), Response> {
        let url = self.signed_url(uri);
        let verify = |tokens: &[_], signature: &str| {
            verify_form_signature(tokens, signature, &url, form.parameters())
        };
        self.check_signature(account, headers, verify).await
    }

    /// Checks that a token of the account signed the request; otherwise returns the answer.
    pub async fn check_signature(
        &self,
        account: &AccountSid,
        headers: &HeaderMap,
        verify: impl Fn(&[SecretString], &str) -> bool,
    ) -> Result<(), Response> {
        let signature = headers
            .get("x-twilio-signature")
            .and_then(|value| value.to_str().ok());
        let signature = signature.filter(|text| !text.is_empty());
        let signature = signature.ok_or_else(|| StatusCode::FORBIDDEN.into_response())?;
        let look_up_failed = |error: sea_orm::DbErr| {
            tracing::error!(%error, %account, "the account's tokens could not be looked up");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        };
        let mut tokens = self
            .tokens
            .of(account.as_str())
            .await
            .map_err(look_up_failed)?;
        if verify(&tokens, signature) {
            return Ok(());
        }
        // The token may have been saved a moment ago. An account without tokens was just looked up.
        if !tokens.is_empty() {
            tokens = self
                .tokens
                .reload(account.as_str())
                .await
                .map_err(look_up_failed)?;
        }
        if tokens.is_empty() {
            tracing::warn!(
                %account,
                "a webhook of an account that is not connected; Twilio repeats it"
            );
            return Err(StatusCode::SERVICE_UNAVAILABLE.into_response());
        }
        if verify(&tokens, signature) {
            return Ok(());
        }
        if self
            .tokens
            .is_verdict_open(account.as_str())
            .await
            .map_err(look_up_failed)?
        {
            tracing::warn!(
                %account,
                "a webhook that may be signed with an unconfirmed token; Twilio repeats it"
            );
            return Err(StatusCode::SERVICE_UNAVAILABLE.into_response());
        }
        tracing::warn!(
            %account,
            "refused a webhook with a wrong signature"
        );
        Err(StatusCode::FORBIDDEN.into_response())
    }
}
