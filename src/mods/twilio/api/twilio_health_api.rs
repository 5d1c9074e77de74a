use dioxus::prelude::*;

#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    entities::states::Role,
    mods::{
        account::{services::refresh_twilio_health_service, utils::mask_addresses_util},
        auth::types::CurrentUser,
        phone::services::repair_phone_number_service,
        twilio::services::events::find_twilio_health_service,
    },
};
use crate::{
    bases::{api_json::ApiJson, error::AppError},
    mods::account::types::{RepairPhoneNumberIn, TwilioActionAnswer, TwilioHealth},
};

/// What was found at the last look at the Twilio account. Agents see only the host of another app's
/// address.
#[get("/api/twilio/health", state: AppState, user: CurrentUser)]
pub async fn get_twilio_health_api() -> Result<TwilioHealth, AppError> {
    let (organization, now) = (user.organization_id, state.clock.now());
    let health = find_twilio_health_service(&state.db, &state.config, organization, now).await?;
    mask_addresses_util(health, user.role, &state.config.public_url)
}

/// Looks at the Twilio account now. It only reads there. 403 for agents.
#[post("/api/twilio/check-health", state: AppState, user: CurrentUser)]
pub async fn check_twilio_health_api() -> Result<TwilioHealth, AppError> {
    user.require(Role::Admin)?;
    let organization = user.organization_id;
    refresh_twilio_health_service(&state, organization).await?;
    let now = state.clock.now();
    find_twilio_health_service(&state.db, &state.config, organization, now).await
}

/// Sets what Loquent had set on a number and what has drifted since; with `dry_run` it only says
/// what it would do. 403 for agents, 404 for a number that the organization does not have.
#[post("/api/twilio/repair-phone-number", state: AppState, user: CurrentUser)]
pub async fn repair_phone_number_api(
    body: ApiJson<RepairPhoneNumberIn>,
) -> Result<TwilioActionAnswer, AppError> {
    user.require(Role::Admin)?;
    repair_phone_number_service(&state, &user, &body.0).await
}
