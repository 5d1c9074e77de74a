use chrono::{DateTime, Utc};

use super::{
    InboundEvent, ParseEventError, ParsedEvent, StatusEvent,
    twilio_event_data::{Data, Event, Kind, kind_of},
    twilio_event_fields::{
        MAX_ERROR_CHARACTERS, MAX_FILES, MAX_WORD_CHARACTERS, address, also_to, cut, cut_body,
        opt_out, parse_time,
    },
};
use crate::{
    mods::{
        delivery::utils::parse_status_callback_url_util, messaging::utils::nearest_status_util,
    },
    twilio::{MessageSid, readable_json},
};

/// What an event says. `received_at` stands in where it carries no time.
pub fn parse_twilio_event_util(
    event_type: &str,
    payload: &str,
    received_at: DateTime<Utc>,
) -> Result<ParsedEvent, ParseEventError> {
    let Some(kind) = kind_of(event_type) else {
        return Ok(ParsedEvent::Other);
    };
    let Event { time, mut data } = serde_json::from_str(&readable_json(payload.as_bytes()))?;
    let times = times_of(&data, time.as_deref(), received_at);
    let word = match kind {
        Kind::Inbound => return inbound(data, times).map(ParsedEvent::Inbound),
        Kind::Status(word) => word.to_owned(),
        Kind::Callback => data.message_status.take().unwrap_or_default(),
    };
    status(data, &word, times).map(ParsedEvent::Status)
}

/// When it happened, never later than when we heard of it: a time in the future would keep the
/// message on top of everything until then. And the time that Twilio says, where it is later.
type Times = (DateTime<Utc>, Option<DateTime<Utc>>);

fn times_of(data: &Data, time: Option<&str>, received_at: DateTime<Utc>) -> Times {
    let at = parse_time(data.timestamp.as_deref()).or_else(|| parse_time(time));
    let stated_at = at.filter(|at| *at > received_at);
    (at.map_or(received_at, |at| at.min(received_at)), stated_at)
}

fn sid_of(data: &Data) -> Result<MessageSid, ParseEventError> {
    let sid = data.message_sid.as_deref();
    sid.and_then(|sid| MessageSid::parse(sid).ok())
        .ok_or(ParseEventError::Missing("messageSid"))
}

fn inbound(data: Data, (at, stated_at): Times) -> Result<InboundEvent, ParseEventError> {
    let message_sid = sid_of(&data)?;
    let from = address(data.from.as_deref(), "from")?;
    let to = address(data.to.as_deref(), "to")?;
    let (body, is_cut) = cut_body(data.body);
    let num_media = data.num_media.unwrap_or(0).clamp(0, MAX_FILES);
    Ok(InboundEvent {
        message_sid,
        also_to: also_to(&data.recipients, &to),
        opt_out: opt_out(data.opt_out_type, body.as_deref(), num_media),
        from,
        to,
        body,
        is_cut,
        num_media,
        num_segments: data.num_segments.or(data.number_of_segments),
        at,
        stated_at,
    })
}

fn status(data: Data, word: &str, (at, stated_at): Times) -> Result<StatusEvent, ParseEventError> {
    let message_sid = sid_of(&data)?;
    let from = address(data.from.as_deref(), "from")?;
    let to = address(data.to.as_deref(), "to")?;
    let (body, is_cut) = cut_body(data.body);
    let error_code = data.error_code.filter(|code| *code != 0);
    let error_message = data.error_message.as_deref();
    let callback_url = data.status_call_back_url.as_deref();
    let known = word.parse().ok();
    Ok(StatusEvent {
        message_sid,
        from,
        to,
        status: known.unwrap_or_else(|| nearest_status_util(word, error_code.is_some(), false)),
        status_word: known.is_none().then(|| cut(word, MAX_WORD_CHARACTERS)),
        body,
        is_cut,
        num_segments: data.num_segments.or(data.number_of_segments),
        error_code,
        error_message: error_message.map(|message| cut(message, MAX_ERROR_CHARACTERS)),
        callback: callback_url.and_then(parse_status_callback_url_util),
        at,
        stated_at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::states::MessageStatus;
    use crate::mods::{
        contact::types::{OptOutEvidence, OptOutKeyword},
        delivery::utils::STATUS_CALLBACK_EVENT,
        twilio::utils::{
            EventEnvelope, INBOUND_WEBHOOK_EVENT, parse_event_batch_util,
            twilio_event_fields::MAX_BODY_CHARACTERS,
        },
    };

    const INBOUND: &str = include_str!(
        "../../../../tests/fixtures/twilio-events/inbound.v6.official-doc-example.json"
    );
    const WHATSAPP: &str =
        include_str!("../../../../tests/fixtures/twilio-events/inbound.v1.real-whatsapp.json");
    const DELIVERED: &str = include_str!(
        "../../../../tests/fixtures/twilio-events/status-delivered.v7.official-doc-example.json"
    );
    const SENT: &str =
        include_str!("../../../../tests/fixtures/twilio-events/status-sent.v3.real-elastic.json");
    const TEST: &str =
        include_str!("../../../../tests/fixtures/twilio-events/test-event.array.json");

    fn one(text: &str) -> EventEnvelope {
        let mut events = parse_event_batch_util(text.as_bytes()).expect("a batch");
        assert_eq!(events.len(), 1);
        events.remove(0)
    }

    fn parse(text: &str) -> ParsedEvent {
        let envelope = one(text);
        parse_twilio_event_util(
            &envelope.event_type,
            &envelope.payload,
            DateTime::UNIX_EPOCH,
        )
        .expect("parses")
    }

    #[test]
    fn the_samples_of_every_schema_are_understood() {
        let ParsedEvent::Inbound(inbound) = parse(INBOUND) else {
            panic!("inbound")
        };
        assert_eq!(inbound.body.as_deref(), Some("Ahoy!"));
        assert_eq!(inbound.from, "+11234567890");
        let evidence = OptOutEvidence::OptOutType("STOP".to_owned());
        assert_eq!(inbound.opt_out, Some((OptOutKeyword::Stop, evidence)));
        let ParsedEvent::Inbound(whatsapp) = parse(WHATSAPP) else {
            panic!("inbound")
        };
        assert_eq!(whatsapp.from, "whatsapp:+61000000001");
        assert_eq!(whatsapp.num_segments, Some(1));
        let ParsedEvent::Status(delivered) = parse(DELIVERED) else {
            panic!("status")
        };
        assert_eq!(
            delivered.status,
            MessageStatus::Delivered,
            "the type wins over the QUEUED inside"
        );
        assert_eq!(delivered.body.as_deref(), Some("Ahoy!"));
        let ParsedEvent::Status(sent) = parse(SENT) else {
            panic!("status")
        };
        assert_eq!((sent.status, sent.callback), (MessageStatus::Sent, None));
        assert_eq!(parse(TEST), ParsedEvent::Other);
    }

    #[test]
    fn a_nul_in_a_text_cannot_stop_the_event_from_being_stored() {
        let text = r#"{"id":"E\u0000","type":"com.twilio.messaging.inbound-message.received",
            "data":{"messageSid":"SM1","from":"+14155550100","to":"+14155550101","body":"a\u0000b"}}"#;
        let ParsedEvent::Inbound(inbound) = parse(text) else {
            panic!("inbound")
        };
        assert_eq!(inbound.body.as_deref(), Some("a\u{fffd}b"));
    }

    fn parsed(event_type: &str, data: serde_json::Value) -> Result<ParsedEvent, ParseEventError> {
        let mut all = serde_json::json!({ "messageSid": "SM1", "from": "+1", "to": "+2" });
        for (name, value) in data.as_object().expect("an object") {
            all[name] = value.clone();
        }
        let payload = serde_json::json!({ "data": all }).to_string();
        parse_twilio_event_util(event_type, &payload, DateTime::UNIX_EPOCH)
    }

    fn status(event_type: &str, data: serde_json::Value) -> StatusEvent {
        match parsed(event_type, data) {
            Ok(ParsedEvent::Status(event)) => event,
            other => panic!("{other:?}"),
        }
    }

    fn inbound(data: serde_json::Value) -> Result<InboundEvent, ParseEventError> {
        match parsed(INBOUND_WEBHOOK_EVENT, data)? {
            ParsedEvent::Inbound(event) => Ok(event),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn numbers_as_text_are_read() {
        let event = inbound(serde_json::json!({ "numMedia": "2", "numSegments": "1" }));
        let event = event.expect("it is read");
        assert_eq!((event.num_media, event.num_segments), (2, Some(1)));
        let odd = serde_json::json!({ "numMedia": {}, "numSegments": [], "body": 7 });
        let odd = inbound(odd).expect("it is read");
        assert_eq!((odd.num_media, odd.body.as_deref()), (0, Some("7")));
        let failed = serde_json::json!({ "errorCode": "30003" });
        let failed = status("com.twilio.messaging.message.failed", failed);
        assert_eq!(failed.error_code, Some(30003));
    }

    #[test]
    fn an_unknown_status_is_the_nearest_known_one_and_its_word_is_kept() {
        let callback = |word: &str, code: i32| {
            let data = serde_json::json!({ "messageStatus": word, "errorCode": code });
            let event = status(STATUS_CALLBACK_EVENT, data);
            (event.status, event.status_word)
        };
        let word = |word: &str| Some(word.to_owned());
        use MessageStatus::{Delivered, Failed, Queued, Sent};
        assert_eq!(
            callback("partially_delivered", 0),
            (Sent, word("partially_delivered"))
        );
        assert_eq!(callback("quantum", 0), (Queued, word("quantum")));
        assert_eq!(callback("quantum", 30003), (Failed, word("quantum")));
        assert_eq!(callback("DELIVERED", 0), (Delivered, None));
        let event = status(
            "com.twilio.messaging.message.teleported",
            serde_json::json!({}),
        );
        assert_eq!(
            (event.status, event.status_word),
            (Queued, word("teleported"))
        );
    }

    #[test]
    fn what_is_too_long_is_cut_or_refused_with_its_name() {
        let long = "x".repeat(6_000);
        let refused = inbound(serde_json::json!({ "from": long })).expect_err("no address");
        assert!(refused.to_string().contains("from is longer"), "{refused}");
        let body = "é".repeat(MAX_BODY_CHARACTERS + 1);
        let event = inbound(serde_json::json!({ "body": body, "numMedia": 2_000_000_000 }));
        let event = event.expect("it is read");
        assert!(event.is_cut);
        assert_eq!(
            event.body.expect("a text").chars().count(),
            MAX_BODY_CHARACTERS
        );
        assert_eq!(event.num_media, MAX_FILES);
    }

    #[test]
    fn half_an_emoji_becomes_a_replacement_character() {
        let text = r#"{"id":"E","type":"com.twilio.messaging.inbound-message.received",
            "data":{"messageSid":"SM1","from":"+1","to":"+2","body":"thanks \ud83d"}}"#;
        let ParsedEvent::Inbound(event) = parse(text) else {
            panic!("inbound")
        };
        assert_eq!(event.body.as_deref(), Some("thanks \u{fffd}"));
    }

    #[test]
    fn a_time_to_come_is_bounded_by_when_we_heard_of_it() {
        let event = inbound(serde_json::json!({ "timestamp": "2099-01-01T00:00:00Z" }));
        let event = event.expect("it is read");
        assert_eq!(event.at, DateTime::UNIX_EPOCH);
        assert_eq!(
            event.stated_at.map(|at| at.to_rfc3339()),
            Some("2099-01-01T00:00:00+00:00".to_owned())
        );
    }
}
