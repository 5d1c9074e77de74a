use dioxus::prelude::*;

use crate::{bases::error::AppError, mods::twilio::types::NumberHistory};
#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    mods::{
        account::utils::mask_addresses_util, auth::types::CurrentUser,
        twilio::services::history::list_number_histories_service,
    },
};

/// The numbers of the organization, by name, each with its newest import. Agents see only the host
/// of a previous address.
#[get("/api/twilio/imported-numbers", state: AppState, user: CurrentUser)]
pub async fn get_imported_phone_numbers_api() -> Result<Vec<NumberHistory>, AppError> {
    let numbers =
        list_number_histories_service(&state.db, &state.config, user.organization_id).await?;
    mask_addresses_util(numbers, user.role, &state.config.public_url)
}
