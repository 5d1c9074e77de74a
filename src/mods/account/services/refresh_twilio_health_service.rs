use super::{check_twilio_health_service, save_twilio_health_service};
use crate::bases::{error::AppError, ids::OrganizationId, state::AppState};

/// Looks at the account now and keeps what is found.
pub async fn refresh_twilio_health_service(
    state: &AppState,
    organization: OrganizationId,
) -> Result<(), AppError> {
    let looked = check_twilio_health_service(state, organization).await?;
    let account = looked.account_sid.as_deref();
    save_twilio_health_service(&state.db, organization, account, &looked.health).await
}

/// The same after something was done in the account, so that pages show how it is now. What was
/// done is done: if the look fails, the next one on schedule makes up for it.
pub async fn look_again_service(state: &AppState, organization: OrganizationId) {
    if let Err(error) = refresh_twilio_health_service(state, organization).await {
        tracing::warn!(%error, organization_id = %organization, "the Twilio account could not be looked at");
    }
}
