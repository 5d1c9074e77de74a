use std::collections::HashMap;

use dioxus::server::axum::{
    body::Bytes,
    extract::{OriginalUri, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};

use crate::mods::twilio::{
    api::TwilioWebhooks,
    utils::{EventEnvelope, STATUS_CALLBACK_EVENT, verify_form_signature_util},
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
    let Ok(parameters) = serde_urlencoded::from_bytes::<Vec<(String, String)>>(&body) else {
        return (StatusCode::BAD_REQUEST, "the body is not a form\n").into_response();
    };
    let form: HashMap<&str, &str> = parameters
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    let field = |name: &str| form.get(name).copied().filter(|value| !value.is_empty());
    let (Some(account), Some(sid), Some(status)) = (
        field("AccountSid"),
        field("MessageSid"),
        field("MessageStatus"),
    ) else {
        let needed = "the form needs AccountSid, MessageSid and MessageStatus\n";
        return (StatusCode::BAD_REQUEST, needed).into_response();
    };
    let url = webhooks.signed_url(&uri);
    let verify = |tokens: &[_], signature: &str| {
        verify_form_signature_util(tokens, signature, &url, &parameters)
    };
    if let Err(refusal) = webhooks.check_signature(account, &headers, verify).await {
        return refusal;
    }
    let payload = serde_json::json!({ "data": {
        "messageSid": sid,
        "messageStatus": status,
        "from": field("From"),
        "to": field("To"),
        "errorCode": field("ErrorCode").and_then(|code| code.parse::<i32>().ok()),
        "errorMessage": field("ErrorMessage"),
        "statusCallBackUrl": url,
    }});
    let event = EventEnvelope {
        account_sid: Some(account.to_owned()),
        // Twilio numbers no callbacks: the same status of the same message is the same news.
        event_id: format!("callback:{sid}:{status}")
            .replace('\0', "")
            .chars()
            .take(200)
            .collect(),
        event_type: STATUS_CALLBACK_EVENT.to_owned(),
        message_sid: Some(sid.replace('\0', "").chars().take(200).collect()),
        payload: payload.to_string(),
    };
    match webhooks.writer.store(account.to_owned(), vec![event]).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => {
            tracing::error!(%error, "a status callback was not stored");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
