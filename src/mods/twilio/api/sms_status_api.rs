use dioxus::server::axum::{
    body::Bytes,
    extract::{OriginalUri, State},
    http::HeaderMap,
    response::Response,
};

use crate::mods::twilio::api::{TwilioWebhooks, message_status_api::store_status};

/// `POST /api/twilio/sms-status`: the status of a message that was sent elsewhere with the account,
/// as the `StatusCallback` of a Messaging Service or of another program gets it, for those who do
/// not use Event Streams.
///
/// It is stored and answered like the status callbacks of our own messages.
pub async fn sms_status_api(
    State(webhooks): State<TwilioWebhooks>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    store_status(&webhooks, &uri, &headers, &body, PREFIX).await
}

/// Of the event's id. Not that of `/twilio/message-status`: a report that does not name our message
/// must not pass for one that does.
const PREFIX: &str = "sms-status";
