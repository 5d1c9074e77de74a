use dioxus::prelude::*;

#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    entities::states::Role,
    mods::{auth::types::CurrentUser, phone::services::release_phone_number_service},
};
use crate::{
    bases::{api_json::ApiJson, error::AppError},
    mods::{account::types::TwilioActionAnswer, phone::types::ReleasePhoneNumberIn},
};

/// Releases a number at Twilio; with `dry_run` says what that would do.
#[post("/api/twilio/release-phone-number", state: AppState, user: CurrentUser)]
pub async fn release_phone_number_api(
    body: ApiJson<ReleasePhoneNumberIn>,
) -> Result<TwilioActionAnswer, AppError> {
    user.require(Role::Admin)?;
    release_phone_number_service(&state, &user, &body.0).await
}
