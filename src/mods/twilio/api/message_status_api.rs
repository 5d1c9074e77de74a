use dioxus::server::axum::{
    body::Bytes,
    extract::{OriginalUri, State},
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Response},
};

use crate::{
    mods::{
        delivery::utils::STATUS_CALLBACK_EVENT,
        twilio::{api::TwilioWebhooks, utils::EventEnvelope},
    },
    twilio::TwilioForm,
};

/// `POST /twilio/message-status`: Twilio's status callback of a message that we sent.
///
/// It is stored as an event like those of Event Streams and takes the same way from there. 200
/// once it is on disk; 403, 503 and 400 as for events.
pub async fn message_status_api(
    State(webhooks): State<TwilioWebhooks>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    store_status(&webhooks, &uri, &headers, &body, "callback").await
}

/// Stores a status callback; `prefix` begins the event's id.
pub(super) async fn store_status(
    webhooks: &TwilioWebhooks,
    uri: &Uri,
    headers: &HeaderMap,
    body: &[u8],
    prefix: &str,
) -> Response {
    let form = match TwilioForm::parse(body) {
        Ok(form) => form,
        Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    };
    // Before anything is awaited, since posts overtake each other there.
    let first = webhooks.arrivals.next();
    let account = match form.account() {
        Ok(account) => account,
        Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    };
    let (Some(sid), Some(status)) = (form.get("MessageSid"), form.get("MessageStatus")) else {
        let needed = "the form needs MessageSid and MessageStatus\n";
        return (StatusCode::BAD_REQUEST, needed).into_response();
    };
    if let Err(refusal) = webhooks.check_form(&account, headers, uri, &form).await {
        return refusal;
    }
    let payload = serde_json::json!({ "data": {
        "messageSid": sid,
        "messageStatus": status,
        "from": form.get("From"),
        "to": form.get("To"),
        "errorCode": form.get("ErrorCode").and_then(|code| code.parse::<i32>().ok()),
        "errorMessage": form.get("ErrorMessage"),
        "statusCallBackUrl": webhooks.signed_url(uri),
    }});
    // Twilio's callbacks have no id: the same status of the same message is the same report.
    let id = format!("{prefix}:{sid}:{status}");
    let event = EventEnvelope::of_form(STATUS_CALLBACK_EVENT, account.as_str(), &id, sid, payload);
    let stored = webhooks
        .writer
        .store(account.as_str().to_owned(), vec![first], vec![event]);
    match stored.await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => {
            tracing::error!(%error, "a status callback was not stored");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
