use super::{check_twilio_health_service, save_twilio_health_service};
use crate::bases::{error::AppError, ids::OrganizationId, state::AppState};

/// Checks the account now and stores the report.
pub async fn refresh_twilio_health_service(
    state: &AppState,
    organization: OrganizationId,
) -> Result<(), AppError> {
    let looked = check_twilio_health_service(state, organization).await?;
    let account = looked.account_sid.as_deref();
    save_twilio_health_service(&state.db, organization, account, &looked.health).await
}

/// The same after a change of the account, so that pages are up to date. If the check fails, the
/// next scheduled one makes up for it.
pub async fn look_again_service(state: &AppState, organization: OrganizationId) {
    if let Err(error) = refresh_twilio_health_service(state, organization).await {
        tracing::warn!(%error, organization_id = %organization, "the Twilio account could not be checked");
    }
}
