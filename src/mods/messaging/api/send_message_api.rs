use dioxus::prelude::*;

#[cfg(feature = "server")]
use crate::{
    bases::state::AppState,
    mods::{auth::types::CurrentUser, messaging::services::send_message_service},
};
use crate::{
    bases::{api_json::ApiJson, error::AppError},
    mods::messaging::types::{Message, SendMessageIn},
};

/// Accepts a text for sending and answers it as queued; its way from there comes as events.
///
/// Answers 400 for a wrong body or number, 404 for a contact or number that the organization
/// does not have, 409 where the customer has opted out or the number is suspended.
#[post("/api/messages/send", state: AppState, user: CurrentUser)]
pub async fn send_message_api(body: ApiJson<SendMessageIn>) -> Result<Message, AppError> {
    let position = state.arrivals.next();
    let shared = state.config.shared_account_sid();
    send_message_service(
        &state.db,
        shared,
        &user,
        body.0,
        position,
        state.clock.now(),
    )
    .await
}
