use dioxus::prelude::*;

use crate::bases::{error::AppError, ids::ContactId};
#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    mods::{auth::types::CurrentUser, messaging::services::mark_conversation_read_service},
};

/// Clears the unread count of a conversation for everybody of the organization.
#[post("/api/conversations/{contact_id}/read", state: AppState, user: CurrentUser)]
pub async fn mark_conversation_read_api(contact_id: ContactId) -> Result<(), AppError> {
    mark_conversation_read_service(&state.db, user.organization_id, contact_id).await
}
