use dioxus::prelude::*;

use crate::{bases::error::AppError, mods::twilio::types::PhoneNumber};
#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    mods::{auth::types::CurrentUser, twilio::services::list_phone_numbers_service},
};

/// The numbers of the organization, by name.
#[get("/api/twilio/imported-numbers", state: AppState, user: CurrentUser)]
pub async fn get_imported_phone_numbers_api() -> Result<Vec<PhoneNumber>, AppError> {
    list_phone_numbers_service(&state.db, user.organization_id).await
}
