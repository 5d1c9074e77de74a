use dioxus::prelude::*;

use crate::{bases::error::AppError, mods::phone::types::UnsyncedNumber};
#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    entities::states::Role,
    mods::{auth::types::CurrentUser, phone::services::list_unsynced_numbers_service},
};

/// The numbers of the Twilio account that are not in Loquent yet. Only reads at Twilio.
#[post("/api/twilio/get-unsynced-numbers", state: AppState, user: CurrentUser)]
pub async fn get_unsynced_numbers_api() -> Result<Vec<UnsyncedNumber>, AppError> {
    user.require(Role::Admin)?;
    list_unsynced_numbers_service(&state, user.organization_id).await
}
