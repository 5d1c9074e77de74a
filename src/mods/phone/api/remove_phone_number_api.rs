use dioxus::prelude::*;

#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    entities::states::Role,
    mods::{auth::types::CurrentUser, phone::services::remove_phone_number_service},
};
use crate::{
    bases::{api_json::ApiJson, error::AppError},
    mods::phone::types::RemovePhoneNumberIn,
};

/// Removes a number from Loquent; its history stays, and nothing is changed at Twilio. 403 for
/// agents, 404 for a number that the organization does not have.
#[post("/api/twilio/remove-phone-number", state: AppState, user: CurrentUser)]
pub async fn remove_phone_number_api(body: ApiJson<RemovePhoneNumberIn>) -> Result<(), AppError> {
    user.require(Role::Admin)?;
    remove_phone_number_service(&state, &user, body.0.phone_number_id).await
}
