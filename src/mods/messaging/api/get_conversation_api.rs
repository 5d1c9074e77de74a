use dioxus::prelude::*;

#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    mods::{auth::types::CurrentUser, messaging::services::get_conversation_service},
};
use crate::{
    bases::{error::AppError, ids::ContactId},
    mods::messaging::types::Conversation,
};

/// The conversation with one contact. Answers 404 where the organization has no such contact.
#[get("/api/conversations/{contact_id}", state: AppState, user: CurrentUser)]
pub async fn get_conversation_api(contact_id: ContactId) -> Result<Conversation, AppError> {
    get_conversation_service(&state.db, user.organization_id, contact_id).await
}
