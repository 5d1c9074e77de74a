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
    mods::phone::types::{ConfiguredSms, PhoneWebhookIn},
};

/// Points a number's texts to Loquent directly, without Event Streams, and keeps the previous URL.
#[post("/api/twilio/configure-phone-sms", state: AppState, user: CurrentUser)]
pub async fn configure_phone_sms_api(
    body: ApiJson<PhoneWebhookIn>,
) -> Result<ConfiguredSms, AppError> {
    user.require(Role::Admin)?;
    configure_phone_webhook_service(&state, &user, &body.0, PhoneWebhook::Sms)
        .await
        .map(Into::into)
}

/// Writes back the previous SMS URL.
#[post("/api/twilio/restore-phone-sms", state: AppState, user: CurrentUser)]
pub async fn restore_phone_sms_api(
    body: ApiJson<PhoneWebhookIn>,
) -> Result<ConfiguredSms, AppError> {
    user.require(Role::Admin)?;
    restore_phone_webhook_service(&state, &user, &body.0, PhoneWebhook::Sms)
        .await
        .map(Into::into)
}
