use dioxus::prelude::*;

#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    entities::states::Role,
    mods::{
        auth::types::CurrentUser,
        phone::services::{
            PhoneWebhook, configure_phone_webhook_service, restore_phone_webhook_service,
        },
    },
};
use crate::{
    bases::{api_json::ApiJson, error::AppError},
    mods::phone::types::{ConfiguredVoice, PhoneWebhookIn},
};

/// Points a number's calls to Loquent and keeps the previous URL.
#[post("/api/twilio/configure-phone-voice", state: AppState, user: CurrentUser)]
pub async fn configure_phone_voice_api(
    body: ApiJson<PhoneWebhookIn>,
) -> Result<ConfiguredVoice, AppError> {
    user.require(Role::Admin)?;
    configure_phone_webhook_service(&state, &user, &body.0, PhoneWebhook::Voice)
        .await
        .map(Into::into)
}

/// Writes back the previous voice URL.
#[post("/api/twilio/restore-phone-voice", state: AppState, user: CurrentUser)]
pub async fn restore_phone_voice_api(
    body: ApiJson<PhoneWebhookIn>,
) -> Result<ConfiguredVoice, AppError> {
    user.require(Role::Admin)?;
    restore_phone_webhook_service(&state, &user, &body.0, PhoneWebhook::Voice)
        .await
        .map(Into::into)
}
