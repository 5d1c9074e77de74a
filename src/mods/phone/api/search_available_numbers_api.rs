use dioxus::prelude::*;

#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    entities::states::Role,
    mods::{auth::types::CurrentUser, phone::services::search_available_numbers_service},
};
use crate::{
    bases::{api_json::ApiJson, error::AppError},
    mods::phone::types::{AvailableNumbers, SearchAvailableNumbersIn},
};

/// Numbers that can be bought. Only reads at Twilio.
#[post("/api/twilio/search-available-numbers", state: AppState, user: CurrentUser)]
pub async fn search_available_numbers_api(
    body: ApiJson<SearchAvailableNumbersIn>,
) -> Result<AvailableNumbers, AppError> {
    user.require(Role::Admin)?;
    search_available_numbers_service(&state, user.organization_id, body.0).await
}
