use dioxus::prelude::*;

#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    mods::{auth::types::CurrentUser, messaging::services::retry_message_service},
};
use crate::{
    bases::{error::AppError, ids::MessageId},
    mods::messaging::types::Message,
};

/// Sends a failed message again, as a new attempt on the same row.
///
/// Answers 409 unless the last attempt is known to have failed: a customer never gets the same
/// text twice.
#[post("/api/messages/{message_id}/retry", state: AppState, user: CurrentUser)]
pub async fn retry_message_api(message_id: MessageId) -> Result<Message, AppError> {
    retry_message_service(
        &state.db,
        &state.config,
        &user,
        message_id,
        state.clock.now(),
    )
    .await
}
