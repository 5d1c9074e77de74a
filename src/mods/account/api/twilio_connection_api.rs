use dioxus::prelude::*;

#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    entities::states::Role,
    mods::{
        account::services::{
            connect_twilio_account_service, disconnect_twilio_account_service,
            drop_previous_token_service, find_twilio_connection_service,
        },
        auth::types::CurrentUser,
    },
};
use crate::{
    bases::{api_json::ApiJson, error::AppError},
    mods::account::types::{ConnectTwilioIn, DisconnectTwilioIn, TwilioConnection},
};

/// Which Twilio account the organization uses, and in what state it is. No secret is in it.
#[get("/api/twilio/connection", state: AppState, user: CurrentUser)]
pub async fn get_twilio_connection_api() -> Result<TwilioConnection, AppError> {
    find_twilio_connection_service(&state.db, &state.config, user.organization_id).await
}

/// Connects the organization's own account, or replaces its token. Nothing is changed at Twilio.
///
/// 400 that says what is wrong, and nothing is saved: another token, a suspended or closed
/// account, an API key. 502 if Twilio could not be asked. 403 for agents.
#[post("/api/twilio/connect", state: AppState, user: CurrentUser)]
pub async fn connect_twilio_api(
    body: ApiJson<ConnectTwilioIn>,
) -> Result<TwilioConnection, AppError> {
    user.require(Role::Admin)?;
    connect_twilio_account_service(&state, user.organization_id, body.0).await
}

/// Forgets the organization's own account. Nothing is changed at Twilio. 403 for agents.
#[post("/api/twilio/disconnect", state: AppState, user: CurrentUser)]
pub async fn disconnect_twilio_api(
    body: ApiJson<DisconnectTwilioIn>,
) -> Result<TwilioConnection, AppError> {
    user.require(Role::Admin)?;
    disconnect_twilio_account_service(&state, user.organization_id, body.0).await
}

/// Ends the rotation of the token: signatures of the old one are no longer accepted. 403 for
/// agents, 409 without an own account.
#[post("/api/twilio/drop-previous-token", state: AppState, user: CurrentUser)]
pub async fn drop_previous_token_api() -> Result<TwilioConnection, AppError> {
    user.require(Role::Admin)?;
    drop_previous_token_service(&state, user.organization_id).await
}
