use dioxus::prelude::*;

#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    entities::states::Role,
    mods::{auth::types::CurrentUser, phone::services::update_number_settings_service},
};
use crate::{
    bases::{api_json::ApiJson, error::AppError, ids::PhoneNumberId},
    mods::phone::types::{NumberSettingsIn, PhoneNumber},
};

/// Changes a number's name and voice answer in Loquent; nothing at Twilio.
#[put("/api/phones/{id}", state: AppState, user: CurrentUser)]
pub async fn update_phone_api(
    id: PhoneNumberId,
    body: ApiJson<NumberSettingsIn>,
) -> Result<PhoneNumber, AppError> {
    user.require(Role::Admin)?;
    let (organization, config) = (user.organization_id, &state.config);
    update_number_settings_service(&state.db, config, organization, id, body.0).await
}
