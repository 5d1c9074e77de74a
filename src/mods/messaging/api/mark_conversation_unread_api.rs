use dioxus::prelude::*;

use crate::bases::{error::AppError, ids::ContactId};
#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    mods::{auth::types::CurrentUser, messaging::services::mark_conversation_unread_service},
};

/// Makes a conversation unread for everybody of the organization. Answers 404 if there is none.
#[post("/api/conversations/{contact_id}/unread", state: AppState, user: CurrentUser)]
pub async fn mark_conversation_unread_api(contact_id: ContactId) -> Result<(), AppError> {
    mark_conversation_unread_service(&state.db, user.organization_id, contact_id).await
}
