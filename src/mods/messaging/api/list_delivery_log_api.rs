use dioxus::prelude::*;

#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    mods::{auth::types::CurrentUser, messaging::services::list_delivery_log_service},
};
use crate::{
    bases::{error::AppError, ids::MessageId},
    mods::messaging::types::DeliveryLog,
};

/// Everything that was heard of a message, in the order in which it came; the newest 200 of it.
/// Answers 404 where the organization has no such message.
#[get("/api/messages/{message_id}/events", state: AppState, user: CurrentUser)]
pub async fn list_delivery_log_api(message_id: MessageId) -> Result<DeliveryLog, AppError> {
    list_delivery_log_service(&state.db, user.organization_id, message_id).await
}
