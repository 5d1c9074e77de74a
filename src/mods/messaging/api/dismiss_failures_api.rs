use dioxus::prelude::*;

use crate::bases::{error::AppError, ids::ContactId};
#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    mods::{auth::types::CurrentUser, messaging::services::dismiss_failures_service},
};

/// Takes the texts of a conversation that did not reach the customer out of the list's hint, for
/// everybody of the organization. Answers 404 if there is no such conversation.
#[post("/api/conversations/{contact_id}/dismiss-failures", state: AppState, user: CurrentUser)]
pub async fn dismiss_failures_api(contact_id: ContactId) -> Result<(), AppError> {
    dismiss_failures_service(&state.db, user.organization_id, contact_id).await
}
