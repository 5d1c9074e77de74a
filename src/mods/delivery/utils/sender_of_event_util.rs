use serde::Deserialize;

use super::{CallbackOf, parse_status_callback_url_util};
use crate::mods::delivery::utils::STATUS_CALLBACK_EVENT;

/// From this version of the schema `Messaging.MessageStatus` on, an event carries the message's
/// `StatusCallback`: https://events-schemas.twilio.com/Messaging.MessageStatus/4
const FIRST_VERSION_WITH_CALLBACK: u32 = 4;
/// How the types of the events of sent messages begin.
const SENT_MESSAGE_EVENT: &str = "com.twilio.messaging.message.";

/// The sender of an event's message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SenderOfEvent {
    /// It carries the address that this attempt of ours gave to Twilio.
    Attempt(CallbackOf),
    /// It carries somebody else's address.
    Elsewhere,
    /// It carries no address, though its schema has a place for one. Where Twilio fills that place
    /// for messages of ours, this one is of somebody else.
    NoAddress,
    /// Nothing: an old version of the schema, or no event of a sent message.
    Unsaid,
}

#[derive(Deserialize)]
struct Event {
    dataschema: Option<String>,
    data: Option<Data>,
}

#[derive(Deserialize)]
struct Data {
    // Twilio's spelling, with a capital B.
    #[serde(rename = "statusCallBackUrl")]
    status_call_back_url: Option<String>,
}

/// Who sent the message that a stored event tells of, as far as the event says so. Each send of
/// ours has a `StatusCallback` with our id in it, and Twilio may put it into the events: its schema
/// does not promise it.
pub fn sender_of_event_util(event_type: &str, payload: &str) -> SenderOfEvent {
    let is_stream_event = event_type.starts_with(SENT_MESSAGE_EVENT);
    if !is_stream_event && event_type != STATUS_CALLBACK_EVENT {
        return SenderOfEvent::Unsaid;
    }
    let Ok(event) = serde_json::from_str::<Event>(payload) else {
        return SenderOfEvent::Unsaid;
    };
    let callback = event.data.and_then(|data| data.status_call_back_url);
    if let Some(ours) = callback.as_deref().and_then(parse_status_callback_url_util) {
        return SenderOfEvent::Attempt(ours);
    }
    let version = event.dataschema.as_deref().and_then(schema_version);
    let has_place = version.is_some_and(|version| version >= FIRST_VERSION_WITH_CALLBACK);
    match callback {
        _ if !is_stream_event => SenderOfEvent::Unsaid,
        Some(_) => SenderOfEvent::Elsewhere,
        None if has_place => SenderOfEvent::NoAddress,
        None => SenderOfEvent::Unsaid,
    }
}

/// The number at the end of `https://events-schemas.twilio.com/Messaging.MessageStatus/8`.
fn schema_version(url: &str) -> Option<u32> {
    url.rsplit_once('/')?.1.parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::bases::ids::MessageId;
    use crate::mods::delivery::utils::status_callback_url_util;

    const SENT: &str = "com.twilio.messaging.message.sent";

    fn event(version: u32, callback: Option<&str>) -> String {
        json!({
            "dataschema": format!("https://events-schemas.twilio.com/Messaging.MessageStatus/{version}"),
            "data": { "messageSid": "SM1", "statusCallBackUrl": callback },
        })
        .to_string()
    }

    #[test]
    fn an_event_names_our_attempt_or_shows_that_it_was_none_of_ours() {
        let of = CallbackOf {
            message_id: MessageId(Uuid::from_u128(7)),
            attempt: 2,
        };
        let ours = status_callback_url_util("https://sms.example.com", of);
        let sender = |version, callback| sender_of_event_util(SENT, &event(version, callback));
        assert_eq!(sender(8, Some(&ours)), SenderOfEvent::Attempt(of));
        assert_eq!(sender(4, None), SenderOfEvent::NoAddress);
        assert_eq!(
            sender(3, Some("https://other.example.com/status")),
            SenderOfEvent::Elsewhere
        );
        assert_eq!(sender(3, None), SenderOfEvent::Unsaid, "too old to say it");
    }

    #[test]
    fn what_is_no_event_of_a_sent_message_says_nothing() {
        let payload = event(8, None);
        for event_type in [
            "com.twilio.messaging.inbound-message.received",
            STATUS_CALLBACK_EVENT,
        ] {
            assert_eq!(
                sender_of_event_util(event_type, &payload),
                SenderOfEvent::Unsaid
            );
        }
        assert_eq!(sender_of_event_util(SENT, "{"), SenderOfEvent::Unsaid);
    }

    #[test]
    fn twilios_own_samples_are_read() {
        let old = include_str!(
            "../../../../tests/fixtures/twilio-events/status-sent.v3.real-elastic.json"
        );
        let new = include_str!(
            "../../../../tests/fixtures/twilio-events/status-delivered.v7.official-doc-example.json"
        );
        assert_eq!(sender_of_event_util(SENT, old), SenderOfEvent::Unsaid);
        assert_eq!(sender_of_event_util(SENT, new), SenderOfEvent::Elsewhere);
    }
}
