use dioxus::prelude::*;

#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    entities::states::Role,
    mods::{
        auth::types::CurrentUser,
        contact::services::{find_opt_out_policy_service, update_opt_out_policy_service},
    },
};
use crate::{
    bases::{api_json::ApiJson, error::AppError},
    mods::contact::types::OptOutPolicy,
};

/// Whether one STOP of a customer closes all numbers of the organization.
#[get("/api/opt-out-policy", state: AppState, user: CurrentUser)]
pub async fn get_opt_out_policy_api() -> Result<OptOutPolicy, AppError> {
    find_opt_out_policy_service(&state.db, user.organization_id).await
}

/// Changes it. 403 for agents.
#[put("/api/opt-out-policy", state: AppState, user: CurrentUser)]
pub async fn update_opt_out_policy_api(
    body: ApiJson<OptOutPolicy>,
) -> Result<OptOutPolicy, AppError> {
    user.require(Role::Admin)?;
    update_opt_out_policy_service(&state.db, user.organization_id, body.0).await
}
