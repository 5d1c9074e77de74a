use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::parse_event_batch_util::storable;
use crate::{
    mods::{
        contact::{
            types::{OptOutEvidence, OptOutKeyword},
            utils::opt_out_keyword_util,
        },
        delivery::utils::{CallbackOf, STATUS_CALLBACK_EVENT, parse_status_callback_url_util},
        messaging::{types::MessageStatus, utils::nearest_status_util},
    },
    twilio::{MessageSid, lenient_json, readable_json},
};

/// Twilio's addresses have at most some 100 characters; a longer one would not fit into an index.
const MAX_ADDRESS_CHARACTERS: usize = 320;
/// Six times the longest text that Twilio takes; what is beyond it is only in the event.
const MAX_BODY_CHARACTERS: usize = 10_000;
const MAX_ERROR_CHARACTERS: usize = 1_000;
const MAX_WORD_CHARACTERS: usize = 64;
/// Twilio's limit is 10 files.
const MAX_FILES: i32 = 50;
/// Twilio's groups have at most 50 people.
const MAX_RECIPIENTS: usize = 50;

/// An event that Loquent understands.
#[derive(Debug, Clone, PartialEq)]
pub enum ParsedEvent {
    Inbound(InboundEvent),
    Status(StatusEvent),
    /// An event that we did not subscribe to, or that says nothing of a message (the sink's test).
    Other,
}

/// A customer's text arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct InboundEvent {
    pub message_sid: MessageSid,
    pub from: String,
    pub to: String,
    pub body: Option<String>,
    /// Whether the text was longer than a text can be, and its end is only in the event.
    pub is_cut: bool,
    /// The other numbers that a text to a group went to.
    pub also_to: Vec<String>,
    pub num_media: i32,
    pub num_segments: Option<i32>,
    /// Whether it changes that the customer may be texted, and how we know.
    pub opt_out: Option<(OptOutKeyword, OptOutEvidence)>,
    /// When it happened; never later than when we heard of it.
    pub at: DateTime<Utc>,
    /// The time that Twilio says, where it is later than that.
    pub stated_at: Option<DateTime<Utc>>,
}

/// A message of the account moved on.
#[derive(Debug, Clone, PartialEq)]
pub struct StatusEvent {
    pub message_sid: MessageSid,
    pub from: String,
    pub to: String,
    pub status: MessageStatus,
    /// Twilio's word for the status, where we do not know it.
    pub status_word: Option<String>,
    pub body: Option<String>,
    /// Whether the text was longer than a text can be, and its end is only in the event.
    pub is_cut: bool,
    pub num_segments: Option<i32>,
    pub error_code: Option<i32>,
    pub error_message: Option<String>,
    /// Which of our sends it is about, if it is one of ours.
    pub callback: Option<CallbackOf>,
    /// When it happened; never later than when we heard of it.
    pub at: DateTime<Utc>,
    /// The time that Twilio says, where it is later than that.
    pub stated_at: Option<DateTime<Utc>>,
}

/// The event is of a type that we know, but lacks what such an event must have.
#[derive(Debug, thiserror::Error)]
pub enum ParseEventError {
    #[error("the event is not as expected: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the event has no usable {0}")]
    Missing(&'static str),
    #[error("the event's {0} is longer than {MAX_ADDRESS_CHARACTERS} characters")]
    TooLong(&'static str),
}

#[derive(Deserialize)]
struct Event {
    #[serde(default, deserialize_with = "lenient_json::text")]
    time: Option<String>,
    #[serde(default)]
    data: Data,
}

/// Everything but the SID is optional: Twilio adds and leaves out fields between schema versions.
/// Numbers may be text.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Data {
    #[serde(deserialize_with = "lenient_json::text")]
    message_sid: Option<String>,
    #[serde(deserialize_with = "lenient_json::text")]
    timestamp: Option<String>,
    #[serde(deserialize_with = "lenient_json::text")]
    from: Option<String>,
    #[serde(deserialize_with = "lenient_json::text")]
    to: Option<String>,
    #[serde(deserialize_with = "lenient_json::text")]
    body: Option<String>,
    #[serde(deserialize_with = "lenient_json::number")]
    num_media: Option<i32>,
    #[serde(deserialize_with = "lenient_json::number")]
    num_segments: Option<i32>,
    #[serde(deserialize_with = "lenient_json::number")]
    number_of_segments: Option<i32>,
    #[serde(deserialize_with = "lenient_json::text")]
    message_status: Option<String>,
    #[serde(deserialize_with = "lenient_json::text")]
    opt_out_type: Option<String>,
    #[serde(deserialize_with = "lenient_json::number")]
    error_code: Option<i32>,
    #[serde(deserialize_with = "lenient_json::text")]
    error_message: Option<String>,
    // Twilio's spelling, with a capital B.
    #[serde(deserialize_with = "lenient_json::text")]
    status_call_back_url: Option<String>,
    recipients: serde_json::Value,
}

/// The type of the events that texts are stored as which came to a number's own webhook.
pub const INBOUND_WEBHOOK_EVENT: &str = "loquent.twilio.inbound-webhook";

/// How the types of the events of sent messages begin; the status follows.
const STATUS_EVENT: &str = "com.twilio.messaging.message.";

/// What an event is about, by its type.
enum Kind<'a> {
    Inbound,
    /// The type says the status for sure; Twilio's own example of `delivered` has the status QUEUED
    /// inside.
    Status(&'a str),
    Callback,
}

fn kind_of(event_type: &str) -> Option<Kind<'_>> {
    match event_type {
        "com.twilio.messaging.inbound-message.received" | INBOUND_WEBHOOK_EVENT => {
            Some(Kind::Inbound)
        }
        STATUS_CALLBACK_EVENT => Some(Kind::Callback),
        _ => event_type.strip_prefix(STATUS_EVENT).map(Kind::Status),
    }
}

/// What an event says. `received_at` stands in where it carries no time.
pub fn parse_twilio_event_util(
    event_type: &str,
    payload: &str,
    received_at: DateTime<Utc>,
) -> Result<ParsedEvent, ParseEventError> {
    let Some(kind) = kind_of(event_type) else {
        return Ok(ParsedEvent::Other);
    };
    let Event { time, data } = serde_json::from_str(&readable_json(payload.as_bytes()))?;
    let at = parse_time(data.timestamp.as_deref()).or_else(|| parse_time(time.as_deref()));
    // A time in the future would keep the message on top of everything until then.
    let stated_at = at.filter(|at| *at > received_at);
    let at = at.map_or(received_at, |at| at.min(received_at));
    let message_sid = data.message_sid.as_deref();
    let message_sid = message_sid.and_then(|sid| MessageSid::parse(sid).ok());
    let message_sid = message_sid.ok_or(ParseEventError::Missing("messageSid"))?;
    let from = address(data.from.as_deref(), "from")?;
    let to = address(data.to.as_deref(), "to")?;
    let (body, is_cut) = cut_body(data.body);
    let num_segments = data.num_segments.or(data.number_of_segments);
    let word = match kind {
        Kind::Inbound => {
            let num_media = data.num_media.unwrap_or(0).clamp(0, MAX_FILES);
            let also_to = also_to(&data.recipients, &to);
            let opt_out = opt_out(data.opt_out_type, body.as_deref(), num_media);
            return Ok(ParsedEvent::Inbound(InboundEvent {
                message_sid,
                from,
                to,
                body,
                is_cut,
                also_to,
                num_media,
                num_segments,
                opt_out,
                at,
                stated_at,
            }));
        }
        Kind::Status(word) => word.to_owned(),
        Kind::Callback => data.message_status.unwrap_or_default(),
    };
    let error_code = data.error_code.filter(|code| *code != 0);
    let known = word.parse().ok();
    let error_message = data.error_message.as_deref();
    Ok(ParsedEvent::Status(StatusEvent {
        message_sid,
        from,
        to,
        status: known.unwrap_or_else(|| nearest_status_util(&word, error_code.is_some(), false)),
        status_word: known.is_none().then(|| cut(&word, MAX_WORD_CHARACTERS)),
        body,
        is_cut,
        num_segments,
        error_code,
        error_message: error_message.map(|message| cut(message, MAX_ERROR_CHARACTERS)),
        callback: data
            .status_call_back_url
            .as_deref()
            .and_then(parse_status_callback_url_util),
        at,
        stated_at,
    }))
}

fn address(value: Option<&str>, name: &'static str) -> Result<String, ParseEventError> {
    let address = value
        .filter(|text| !text.is_empty())
        .ok_or(ParseEventError::Missing(name))?;
    if address.chars().nth(MAX_ADDRESS_CHARACTERS).is_some() {
        return Err(ParseEventError::TooLong(name));
    }
    Ok(storable(address))
}

fn cut_body(body: Option<String>) -> (Option<String>, bool) {
    match body {
        Some(body) if body.chars().nth(MAX_BODY_CHARACTERS).is_some() => {
            (Some(cut(&body, MAX_BODY_CHARACTERS)), true)
        }
        body => (body, false),
    }
}

fn cut(text: &str, most: usize) -> String {
    storable(text).chars().take(most).collect()
}

/// The other numbers that a text to a group went to.
fn also_to(recipients: &serde_json::Value, to: &str) -> Vec<String> {
    let all = recipients.as_array().map(Vec::as_slice).unwrap_or_default();
    let is_number = |text: &&str| {
        let is_short = text.len() <= MAX_WORD_CHARACTERS;
        is_short && !text.is_empty() && !text.contains(char::is_whitespace) && !text.contains('\0')
    };
    all.iter()
        .filter_map(serde_json::Value::as_str)
        .filter(|number| *number != to)
        .filter(is_number)
        .take(MAX_RECIPIENTS)
        .map(str::to_owned)
        .collect()
}

/// Twilio's own word counts where it says one, as an account may have other keywords; HELP and
/// unknown words change nothing. Else the text counts, if it has no files.
fn opt_out(
    opt_out_type: Option<String>,
    body: Option<&str>,
    num_media: i32,
) -> Option<(OptOutKeyword, OptOutEvidence)> {
    if let Some(word) = opt_out_type.filter(|word| !word.is_empty()) {
        let keyword = match word.to_ascii_uppercase().as_str() {
            "STOP" => OptOutKeyword::Stop,
            "START" => OptOutKeyword::Start,
            _ => return None,
        };
        return Some((keyword, OptOutEvidence::OptOutType(storable(&word))));
    }
    let (keyword, word) = opt_out_keyword_util(body.filter(|_| num_media == 0)?)?;
    Some((keyword, OptOutEvidence::Keyword(word)))
}

fn parse_time(text: Option<&str>) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text?)
        .ok()
        .map(|time| time.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mods::twilio::utils::{EventEnvelope, parse_event_batch_util};

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
    fn a_text_to_a_group_names_the_others() {
        let recipients = serde_json::json!({ "recipients": ["+2", "+3", 4, "", "a b"] });
        assert_eq!(inbound(recipients).expect("it is read").also_to, ["+3"]);
        let alone = inbound(serde_json::json!({ "recipients": ["+2"] })).expect("it is read");
        assert!(alone.also_to.is_empty());
        assert!(inbound(serde_json::json!({ "recipients": "x" })).is_ok());
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
