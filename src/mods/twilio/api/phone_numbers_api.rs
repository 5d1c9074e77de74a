use dioxus::prelude::*;

#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    mods::{
        auth::types::{CurrentUser, Role},
        twilio::services::{
            PhoneWebhook, buy_phone_number_service, configure_phone_webhook_service,
            find_organization_voice_answer_service, list_unsynced_numbers_service,
            release_phone_number_service, restore_phone_webhook_service,
            search_available_numbers_service, sync_numbers_service, update_number_settings_service,
            update_organization_voice_answer_service,
        },
    },
};
use crate::{
    bases::{api_json::ApiJson, error::AppError, ids::PhoneNumberId},
    mods::twilio::types::{
        AvailableNumbers, BuyPhoneNumberIn, BuyPhoneNumberOut, ConfiguredSms, ConfiguredVoice,
        NumberSettingsIn, PhoneNumber, PhoneWebhookIn, ReleasePhoneNumberIn,
        SearchAvailableNumbersIn, SyncNumbersIn, SyncNumbersOut, TwilioActionAnswer,
        UnsyncedNumber, VoiceAnswer,
    },
};

/// The numbers of the Twilio account that are not in Loquent yet. Only reads at Twilio.
#[post("/api/twilio/get-unsynced-numbers", state: AppState, user: CurrentUser)]
pub async fn get_unsynced_numbers_api() -> Result<Vec<UnsyncedNumber>, AppError> {
    user.require(Role::Admin)?;
    list_unsynced_numbers_service(&state, user.organization_id).await
}

/// Imports numbers of the Twilio account. Only reads at Twilio.
#[post("/api/twilio/sync-numbers", state: AppState, user: CurrentUser)]
pub async fn sync_numbers_api(body: ApiJson<SyncNumbersIn>) -> Result<SyncNumbersOut, AppError> {
    user.require(Role::Admin)?;
    sync_numbers_service(&state, user.organization_id, &body.0).await
}

/// Numbers that can be bought. Only reads at Twilio.
#[post("/api/twilio/search-available-numbers", state: AppState, user: CurrentUser)]
pub async fn search_available_numbers_api(
    body: ApiJson<SearchAvailableNumbersIn>,
) -> Result<AvailableNumbers, AppError> {
    user.require(Role::Admin)?;
    search_available_numbers_service(&state, user.organization_id, body.0).await
}

/// Buys a number and lets its calls lead here; with `dry_run` says what that would do.
#[post("/api/twilio/buy-phone-number", state: AppState, user: CurrentUser)]
pub async fn buy_phone_number_api(
    body: ApiJson<BuyPhoneNumberIn>,
) -> Result<BuyPhoneNumberOut, AppError> {
    user.require(Role::Admin)?;
    buy_phone_number_service(&state, &user, &body.0).await
}

/// Gives a number back to Twilio; with `dry_run` says what that would do.
#[post("/api/twilio/release-phone-number", state: AppState, user: CurrentUser)]
pub async fn release_phone_number_api(
    body: ApiJson<ReleasePhoneNumberIn>,
) -> Result<TwilioActionAnswer, AppError> {
    user.require(Role::Admin)?;
    release_phone_number_service(&state, &user, &body.0).await
}

/// Lets a number's calls lead here and keeps the URL of before.
#[post("/api/twilio/configure-phone-voice", state: AppState, user: CurrentUser)]
pub async fn configure_phone_voice_api(
    body: ApiJson<PhoneWebhookIn>,
) -> Result<ConfiguredVoice, AppError> {
    user.require(Role::Admin)?;
    configure_phone_webhook_service(&state, &user, &body.0, PhoneWebhook::Voice)
        .await
        .map(Into::into)
}

/// Writes back the voice URL of before.
#[post("/api/twilio/restore-phone-voice", state: AppState, user: CurrentUser)]
pub async fn restore_phone_voice_api(
    body: ApiJson<PhoneWebhookIn>,
) -> Result<ConfiguredVoice, AppError> {
    user.require(Role::Admin)?;
    restore_phone_webhook_service(&state, &user, &body.0, PhoneWebhook::Voice)
        .await
        .map(Into::into)
}

/// Lets a number's texts lead here directly, without Event Streams, and keeps the URL of before.
#[post("/api/twilio/configure-phone-sms", state: AppState, user: CurrentUser)]
pub async fn configure_phone_sms_api(
    body: ApiJson<PhoneWebhookIn>,
) -> Result<ConfiguredSms, AppError> {
    user.require(Role::Admin)?;
    configure_phone_webhook_service(&state, &user, &body.0, PhoneWebhook::Sms)
        .await
        .map(Into::into)
}

/// Writes back the SMS URL of before.
#[post("/api/twilio/restore-phone-sms", state: AppState, user: CurrentUser)]
pub async fn restore_phone_sms_api(
    body: ApiJson<PhoneWebhookIn>,
) -> Result<ConfiguredSms, AppError> {
    user.require(Role::Admin)?;
    restore_phone_webhook_service(&state, &user, &body.0, PhoneWebhook::Sms)
        .await
        .map(Into::into)
}

/// Changes a number's name and voice answer in Loquent; nothing at Twilio.
#[put("/api/phones/{id}", state: AppState, user: CurrentUser)]
pub async fn update_phone_api(
    id: PhoneNumberId,
    body: ApiJson<NumberSettingsIn>,
) -> Result<PhoneNumber, AppError> {
    user.require(Role::Admin)?;
    update_number_settings_service(&state.db, user.organization_id, id, body.0).await
}

/// What callers meet where a number has no answer of its own.
#[get("/api/twilio/voice-answer", state: AppState, user: CurrentUser)]
pub async fn get_voice_answer_api() -> Result<VoiceAnswer, AppError> {
    find_organization_voice_answer_service(&state.db, user.organization_id).await
}

/// Changes it; nothing at Twilio.
#[put("/api/twilio/voice-answer", state: AppState, user: CurrentUser)]
pub async fn update_voice_answer_api(body: ApiJson<VoiceAnswer>) -> Result<VoiceAnswer, AppError> {
    user.require(Role::Admin)?;
    update_organization_voice_answer_service(&state.db, user.organization_id, body.0).await
}
