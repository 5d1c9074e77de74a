use dioxus::prelude::*;

use crate::{bases::error::AppError, mods::phone::types::PhoneNumber};
#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    mods::{
        account::utils::mask_addresses_util, auth::types::CurrentUser,
        phone::services::list_phone_numbers_service,
    },
};

/// The numbers of the organization, by name. Agents see only the host of a previous address.
#[get("/api/phone-numbers", state: AppState, user: CurrentUser)]
pub async fn list_phone_numbers_api() -> Result<Vec<PhoneNumber>, AppError> {
    let numbers =
        list_phone_numbers_service(&state.db, &state.config, user.organization_id).await?;
    mask_addresses_util(numbers, user.role, &state.config.public_url)
}
