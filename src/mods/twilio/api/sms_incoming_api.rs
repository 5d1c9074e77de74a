use dioxus::server::axum::{
    body::Bytes,
    extract::{OriginalUri, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    mods::twilio::{
        api::TwilioWebhooks,
        utils::{EventEnvelope, INBOUND_WEBHOOK_EVENT},
    },
    twilio::TwilioForm,
};

/// Empty TwiML: Twilio sends no reply.
const EMPTY_TWIML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response></Response>\n";

/// `POST /api/twilio/sms-incoming`: a text, as the `SmsUrl` of a number or of its Messaging
/// Service gets it, for those who do not use Event Streams.
///
/// It is stored as an event like those of Event Streams and takes the same way from there; a text
/// that comes by both ways is one message, by its SID. Answers empty TwiML once it is on disk; 403,
/// 503 and 400 as for events. Unlike events, Twilio does not repeat it (it asks the fallback URL).
pub async fn sms_incoming_api(
    State(webhooks): State<TwilioWebhooks>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = match TwilioForm::parse(&body) {
        Ok(form) => form,
        Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    };
    // Before anything is awaited, since posts overtake each other there.
    let first = webhooks.arrivals.next();
    let account = match form.account() {
        Ok(account) => account,
        Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    };
    let sid = form.get("MessageSid").or(form.get("SmsSid"));
    let (Some(sid), Some(_), Some(_)) = (sid, form.get("From"), form.get("To")) else {
        let needed = "the form needs MessageSid, From and To\n";
        return (StatusCode::BAD_REQUEST, needed).into_response();
    };
    if let Err(refusal) = webhooks.check_form(&account, &headers, &uri, &form).await {
        return refusal;
    }
    let event = EventEnvelope::of_form(
        INBOUND_WEBHOOK_EVENT,
        account.as_str(),
        &format!("sms-incoming:{sid}"),
        sid,
        payload(&form, sid),
    );
    let stored = webhooks
        .writer
        .store(account.as_str().to_owned(), vec![first], vec![event]);
    match stored.await {
        Ok(()) => {
            let xml = [(header::CONTENT_TYPE, "text/xml; charset=utf-8")];
            (xml, EMPTY_TWIML).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a text was not stored");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// The text in the words of Event Streams.
fn payload(form: &TwilioForm, sid: &str) -> serde_json::Value {
    let number = |name: &str| form.get(name).and_then(|text| text.parse::<i32>().ok());
    let media = form.numbered("MediaUrl");
    let listed = i32::try_from(media.len()).unwrap_or(i32::MAX);
    serde_json::json!({ "data": {
        "messageSid": sid,
        "from": form.get("From"),
        "to": form.get("To"),
        "body": form.get("Body").unwrap_or_default(),
        "numMedia": number("NumMedia").unwrap_or(0).max(listed),
        "numSegments": number("NumSegments"),
        "optOutType": form.get("OptOutType"),
        "messagingServiceSid": form.get("MessagingServiceSid"),
        "mediaUrls": media,
        "mediaContentTypes": form.numbered("MediaContentType"),
    }})
}
