use dioxus::prelude::*;

#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    mods::{
        auth::types::CurrentUser,
        messaging::services::{Stretch, list_messages_service},
    },
};
use crate::{
    bases::{error::AppError, ids::ContactId},
    mods::messaging::types::MessagePage,
};

/// The newest 50 messages with a contact, oldest first; with `before`, the 50 above that place;
/// with `to_unread`, so many that the unread ones are among them, within 300. Answers 404 where the
/// organization has no such contact.
#[get("/api/messages?contact_id&before&to_unread", state: AppState, user: CurrentUser)]
pub async fn list_messages_api(
    contact_id: ContactId,
    before: Option<String>,
    to_unread: Option<bool>,
) -> Result<MessagePage, AppError> {
    let stretch = match (before, to_unread) {
        (Some(before), _) => Stretch::Above(before),
        (None, Some(true)) => Stretch::NewestToUnread,
        (None, _) => Stretch::Newest,
    };
    list_messages_service(&state.db, user.organization_id, contact_id, stretch).await
}
