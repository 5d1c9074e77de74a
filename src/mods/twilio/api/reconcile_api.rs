use dioxus::prelude::*;

#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    entities::states::Role,
    mods::{
        auth::types::CurrentUser,
        twilio::services::reconciliation::{
            find_reconciliations_service, start_reconciliations_service,
        },
    },
};
use crate::{
    bases::{
        api_json::{ApiAnswer, ApiJson},
        error::AppError,
    },
    mods::twilio::types::{ReconcileIn, Reconciliation, ReconciliationOverview},
};

/// Starts the reconciliation of one number or of all. Nothing is changed at Twilio.
///
/// Answers 202 with the running reconciliations; a number that is being reconciled is not started
/// twice. `EventKind::Reconciliation` tells that one has ended. 403 for agents, 404 for a number
/// that the organization does not have.
#[post("/api/twilio/reconcile", state: AppState, user: CurrentUser)]
pub async fn reconcile_api(
    body: ApiJson<ReconcileIn>,
) -> Result<ApiAnswer<Vec<Reconciliation>>, AppError> {
    user.require(Role::Admin)?;
    let now = state.clock.now();
    let running =
        start_reconciliations_service(&state.db, &state.config, &user, &body.0, now).await?;
    Ok(ApiAnswer::accepted(running))
}

/// For each number of the organization: its last event, and what its last reconciliation found. 403
/// for agents.
#[get("/api/twilio/reconciliations", state: AppState, user: CurrentUser)]
pub async fn get_reconciliations_api() -> Result<ReconciliationOverview, AppError> {
    user.require(Role::Admin)?;
    find_reconciliations_service(&state.db, &state.config, user.organization_id).await
}
