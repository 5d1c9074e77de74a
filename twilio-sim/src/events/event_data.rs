use serde_json::{Map, Value, json};

use crate::delivery::Keyword;
use crate::model::{Message, MessageStatus};
use crate::wire::event_time;

/// `data` of an inbound message: `Messaging.InboundMessageV1`. It carries the text, and of media
/// only the number.
pub(crate) fn inbound_data(message: &Message, event_type: &str, keyword: Option<Keyword>) -> Value {
    let mut data = Map::new();
    let mut put = |name: &str, value: Value| {
        data.insert(name.to_owned(), value);
    };
    put("messageSid", json!(message.sid));
    put("timestamp", json!(event_time(message.date_updated)));
    put("accountSid", json!(message.account_sid));
    put("eventName", json!(event_type));
    put("from", json!(message.from));
    put("to", json!(message.to));
    put("body", json!(message.body));
    put("numMedia", json!(message.num_media));
    put("numSegments", json!(message.num_segments));
    for (name, number) in [
        ("fromCountry", message.from.as_deref().unwrap_or_default()),
        ("toCountry", message.to.as_str()),
    ] {
        if number.starts_with("+1") {
            put(name, json!("US"));
        }
    }
    if let Some(service) = &message.messaging_service_sid {
        put("messagingServiceSid", json!(service));
    }
    if let Some(keyword) = keyword {
        put("optOutType", json!(keyword.opt_out_type()));
    }
    Value::Object(data)
}

/// `data` of an outbound message: `Messaging.MessageStatus` in the given version. The status is in
/// capitals here, unlike everywhere else at Twilio.
pub(crate) fn status_data(
    message: &Message,
    event_type: &str,
    version: u32,
    hold_back_body: bool,
) -> Value {
    let mut data = Map::new();
    let mut put = |name: &str, value: Value| {
        data.insert(name.to_owned(), value);
    };
    put("messageSid", json!(message.sid));
    put("timestamp", json!(event_time(message.date_updated)));
    put("accountSid", json!(message.account_sid));
    put("eventName", json!(event_type));
    put("apiVersion", json!("2010-04-01"));
    put("from", json!(message.from));
    put("to", json!(message.to));
    put(
        "messageStatus",
        json!(message.status.as_str().to_uppercase()),
    );
    if let Some(service) = &message.messaging_service_sid {
        put("messagingServiceSid", json!(service));
    }
    if let Some(code) = message.error_code {
        put("errorCode", json!(code));
    }
    // The body and the callback are seen from version 4 on, the rest from version 6 on.
    if version >= 4 {
        if !hold_back_body {
            put("body", json!(message.body));
        }
        if let Some(url) = &message.status_callback {
            put("statusCallBackUrl", json!(url));
        }
    }
    if version >= 6 {
        put("numberOfSegments", json!(message.num_segments));
        put("dateUpdated", json!(event_time(message.date_updated)));
        if matches!(
            message.status,
            MessageStatus::Delivered | MessageStatus::Undelivered
        ) {
            let done = message.date_updated.format("%y%m%d%H%M").to_string();
            put("rawDlrDoneDate", json!(done));
        }
    }
    Value::Object(data)
}
