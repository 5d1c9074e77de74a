use sea_orm::TransactionTrait;
use secrecy::SecretString;

use super::{
    end_lost_claims_service, find_twilio_connection_service, judge_other_tokens_service,
    look_again_service, notify_twilio_account_service, save_twilio_credentials_service,
};
use crate::{
    bases::{config::is_account_sid, error::AppError, ids::OrganizationId, state::AppState},
    mods::account::{
        types::{ConnectTwilioIn, TwilioAccountStatus, TwilioConnection},
        utils::{AccountProblem, fetch_twilio_account_util},
    },
    twilio::{TwilioCredentials, TwilioReader},
};

/// Twilio's tokens have 32 characters; nothing that is longer is one.
const MAX_TOKEN: usize = 128;

/// Connects an account as the organization's own, after Twilio confirmed that the credentials are
/// right and the account is active. Nothing is changed at Twilio. 400 that says what is wrong, and
/// nothing is saved; 502 if Twilio could not be asked.
///
/// For the account that is connected already it is a rotation of the token: signatures of the old
/// one are accepted until it is dropped, or Twilio refuses it. Other tokens of the account, also
/// those of other organizations, are no longer accepted unless Twilio still does. Numbers of
/// another account are suspended.
pub async fn connect_twilio_account_service(
    state: &AppState,
    organization: OrganizationId,
    input: ConnectTwilioIn,
) -> Result<TwilioConnection, AppError> {
    let credentials = parse(input)?;
    let reader = TwilioReader::new(
        state.http.clone(),
        &state.config.twilio_api_base_url,
        credentials.clone(),
    );
    let reader = reader.map_err(|error| {
        tracing::error!(%error, "the address of Twilio's API is wrong");
        AppError::Internal
    })?;
    let facts = fetch_twilio_account_util(&reader).await.map_err(refused)?;
    match facts.status {
        TwilioAccountStatus::Active => {}
        TwilioAccountStatus::Suspended => return Err(refused(AccountProblem::Suspended)),
        TwilioAccountStatus::Closed => return Err(refused(AccountProblem::Closed)),
    }
    let transaction = state.db.begin().await?;
    let key = &state.config.master_key;
    save_twilio_credentials_service(&transaction, key, organization, &credentials).await?;
    end_lost_claims_service(&transaction, &state.config, organization).await?;
    notify_twilio_account_service(&transaction, organization).await?;
    transaction.commit().await?;
    judge_other_tokens_service(state, organization, &credentials).await?;
    tracing::info!(organization_id = %organization, account_sid = credentials.account_sid, "a Twilio account was connected");
    // The first look, so that the page has something to show; it only reads.
    look_again_service(state, organization).await;
    find_twilio_connection_service(&state.db, &state.config, organization).await
}

fn parse(input: ConnectTwilioIn) -> Result<TwilioCredentials, AppError> {
    let account_sid = input.account_sid.trim();
    let token = input.auth_token.trim();
    if account_sid.starts_with("SK") {
        return Err(AppError::bad_request(
            "That is the SID of an API key. Give the account SID, which begins with AC, and the \
             account's auth token: only that one signs what Twilio sends.",
        ));
    }
    if !is_account_sid(account_sid) {
        return Err(AppError::bad_request(
            "The account SID must be AC and 32 digits or letters from a to f, as the Twilio \
             Console shows it.",
        ));
    }
    if token.is_empty() || token.len() > MAX_TOKEN || !token.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(AppError::bad_request(
            "The auth token is missing or is not one. Copy it from the Twilio Console.",
        ));
    }
    Ok(TwilioCredentials {
        account_sid: account_sid.to_owned(),
        auth_token: SecretString::from(token.to_owned()),
    })
}

fn refused(problem: AccountProblem) -> AppError {
    let message = format!("{problem} Nothing was saved.");
    match problem {
        AccountProblem::Unreachable(cause) => {
            tracing::warn!(%cause, "an account could not be checked");
            AppError::upstream(message)
        }
        _ => AppError::bad_request(message),
    }
}
