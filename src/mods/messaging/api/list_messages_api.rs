use dioxus::prelude::*;

#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    mods::{auth::types::CurrentUser, messaging::services::list_messages_service},
};
use crate::{
    bases::{error::AppError, ids::ContactId},
    mods::messaging::types::MessagePage,
};

/// The newest 50 messages with a contact, oldest first; with `before`, the 50 above that place.
/// Answers 404 where the organization has no such contact.
#[get("/api/messages?contact_id&before", state: AppState, user: CurrentUser)]
pub async fn list_messages_api(
    contact_id: ContactId,
    before: Option<String>,
) -> Result<MessagePage, AppError> {
    list_messages_service(
        &state.db,
        user.organization_id,
        contact_id,
        before.as_deref(),
    )
    .await
}
