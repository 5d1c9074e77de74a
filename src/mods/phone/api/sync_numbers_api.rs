use dioxus::prelude::*;

#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    entities::states::Role,
    mods::{auth::types::CurrentUser, phone::services::sync_numbers_service},
};
use crate::{
    bases::{api_json::ApiJson, error::AppError},
    mods::phone::types::{SyncNumbersIn, SyncNumbersOut},
};

/// Imports numbers of the Twilio account. Only reads at Twilio.
#[post("/api/twilio/sync-numbers", state: AppState, user: CurrentUser)]
pub async fn sync_numbers_api(body: ApiJson<SyncNumbersIn>) -> Result<SyncNumbersOut, AppError> {
    user.require(Role::Admin)?;
    sync_numbers_service(&state, user.organization_id, &body.0).await
}
