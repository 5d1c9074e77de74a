use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{CallbackOf, parse_status_callback_url_util};
use crate::mods::{
    contact::{
        types::{OptOutEvidence, OptOutKeyword},
        utils::opt_out_keyword_util,
    },
    messaging::types::MessageStatus,
    twilio::types::MessageSid,
};

/// The longest event id that we store as it is, in bytes; Twilio's have 34.
const MAX_ID_BYTES: usize = 200;

/// An event as it came, with what is needed to store it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventEnvelope {
    /// The account that the event says it is of; not proven before the signature is checked.
    pub account_sid: Option<String>,
    /// The same for every delivery of the same event.
    pub event_id: String,
    pub event_type: String,
    /// The message that it is about, as the event says; not checked.
    pub message_sid: Option<String>,
    /// The JSON text, byte for byte.
    pub payload: String,
}

impl EventEnvelope {
    /// A form that Twilio posted, as an event. Twilio numbers no forms: the caller makes an id that
    /// is the same for every delivery of the same news.
    pub fn of_form(
        event_type: &str,
        account_sid: &str,
        event_id: &str,
        message_sid: &str,
        payload: serde_json::Value,
    ) -> Self {
        Self {
            account_sid: Some(account_sid.to_owned()),
            event_id: storable(event_id).chars().take(MAX_ID_BYTES).collect(),
            event_type: event_type.to_owned(),
            message_sid: Some(storable(message_sid).chars().take(MAX_ID_BYTES).collect()),
            payload: payload.to_string(),
        }
    }
}

/// The body is not a batch of events.
#[derive(Debug, thiserror::Error)]
pub enum ParseBatchError {
    #[error("the body is not JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the body holds no event")]
    Empty,
    #[error("an event needs an `id` and a `type`")]
    NoIdentity,
}

/// An event that Loquent understands.
#[derive(Debug, Clone, PartialEq)]
pub enum ParsedEvent {
    Inbound(InboundEvent),
    Status(StatusEvent),
    /// One that we did not subscribe to, or that carries no news (the sink's test).
    Other,
}

/// A customer's text arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct InboundEvent {
    pub message_sid: MessageSid,
    pub from: String,
    pub to: String,
    pub body: Option<String>,
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
    pub body: Option<String>,
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
}

#[derive(Deserialize)]
struct Identity {
    id: Option<String>,
    #[serde(rename = "type")]
    event_type: Option<String>,
    source: Option<String>,
    time: Option<String>,
    data: Option<DataIdentity>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DataIdentity {
    account_sid: Option<String>,
    message_sid: Option<String>,
}

/// Splits the body of a post into its events. Twilio sends an array with `batch_events`, and may
/// send a bare object without: both are taken.
pub fn parse_event_batch_util(body: &[u8]) -> Result<Vec<EventEnvelope>, ParseBatchError> {
    let text = body.trim_ascii_start();
    let events: Vec<&RawValue> = if text.first() == Some(&b'[') {
        serde_json::from_slice(text)?
    } else {
        vec![serde_json::from_slice(text)?]
    };
    if events.is_empty() {
        return Err(ParseBatchError::Empty);
    }
    events.into_iter().map(parse_envelope).collect()
}

fn parse_envelope(raw: &RawValue) -> Result<EventEnvelope, ParseBatchError> {
    let identity: Identity = serde_json::from_str(raw.get())?;
    let (Some(id), Some(event_type)) = (identity.id, identity.event_type) else {
        return Err(ParseBatchError::NoIdentity);
    };
    let (in_data, message_sid) = identity
        .data
        .map_or((None, None), |data| (data.account_sid, data.message_sid));
    let in_source = identity.source.as_deref().and_then(account_in_source);
    // A test event has the account's SID for its id, the same for every test.
    let is_account = id.starts_with("AC");
    let event_id = match (is_account, identity.time) {
        (true, Some(time)) => format!("{id}:{time}"),
        _ => id.clone(),
    };
    Ok(EventEnvelope {
        account_sid: in_data.or(in_source).or_else(|| is_account.then_some(id)),
        event_id: storable(&event_id).chars().take(MAX_ID_BYTES).collect(),
        event_type: storable(&event_type).chars().take(MAX_ID_BYTES).collect(),
        message_sid: message_sid.map(|sid| storable(&sid).chars().take(MAX_ID_BYTES).collect()),
        payload: raw.get().to_owned(),
    })
}

/// `…/Accounts/AC…/Messages/SM….json` names its account.
fn account_in_source(source: &str) -> Option<String> {
    let sid = source.split_once("/Accounts/")?.1.split('/').next()?;
    sid.starts_with("AC").then(|| sid.to_owned())
}

/// Postgres cannot hold the character NUL in a text.
fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

#[derive(Deserialize)]
struct Event {
    time: Option<String>,
    #[serde(default)]
    data: Data,
}

/// Everything but the SID is optional: Twilio adds and leaves out fields between schema versions.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Data {
    message_sid: Option<String>,
    timestamp: Option<String>,
    from: Option<String>,
    to: Option<String>,
    body: Option<String>,
    num_media: Option<i32>,
    num_segments: Option<i32>,
    number_of_segments: Option<i32>,
    message_status: Option<String>,
    opt_out_type: Option<String>,
    error_code: Option<i32>,
    error_message: Option<String>,
    // Twilio's spelling, with a capital B.
    status_call_back_url: Option<String>,
}

/// The type of the events that status callbacks are stored as, beside those of Event Streams.
pub const STATUS_CALLBACK_EVENT: &str = "loquent.twilio.status-callback";

/// The type of the events that texts are stored as which came to a number's own webhook.
pub const INBOUND_WEBHOOK_EVENT: &str = "loquent.twilio.inbound-webhook";

/// What an event says. `received_at` stands in where it carries no time.
pub fn parse_twilio_event_util(
    event_type: &str,
    payload: &str,
    received_at: DateTime<Utc>,
) -> Result<ParsedEvent, ParseEventError> {
    let status_of_type = match event_type {
        "com.twilio.messaging.inbound-message.received" | INBOUND_WEBHOOK_EVENT => None,
        "com.twilio.messaging.message.sent" => Some(Some(MessageStatus::Sent)),
        "com.twilio.messaging.message.delivered" => Some(Some(MessageStatus::Delivered)),
        "com.twilio.messaging.message.failed" => Some(Some(MessageStatus::Failed)),
        "com.twilio.messaging.message.undelivered" => Some(Some(MessageStatus::Undelivered)),
        "com.twilio.messaging.message.read" => Some(Some(MessageStatus::Read)),
        STATUS_CALLBACK_EVENT => Some(None),
        _ => return Ok(ParsedEvent::Other),
    };
    let Event { time, data } = serde_json::from_str(payload)?;
    let at = parse_time(data.timestamp.as_deref()).or_else(|| parse_time(time.as_deref()));
    // What is said to come from the future would stand on top of everything until then.
    let stated_at = at.filter(|at| *at > received_at);
    let at = at.map_or(received_at, |at| at.min(received_at));
    let required = |value: Option<String>, name| {
        value
            .filter(|text| !text.is_empty())
            .map(|text| storable(&text))
            .ok_or(ParseEventError::Missing(name))
    };
    let message_sid = required(data.message_sid, "messageSid")?;
    let message_sid =
        MessageSid::parse(&message_sid).map_err(|_| ParseEventError::Missing("messageSid"))?;
    let from = required(data.from, "from")?;
    let to = required(data.to, "to")?;
    let body = data.body.map(|body| storable(&body));
    let num_segments = data.num_segments.or(data.number_of_segments);
    let Some(status_of_type) = status_of_type else {
        let num_media = data.num_media.unwrap_or(0).max(0);
        let opt_out = opt_out(data.opt_out_type, body.as_deref(), num_media);
        return Ok(ParsedEvent::Inbound(InboundEvent {
            message_sid,
            from,
            to,
            body,
            num_media,
            num_segments,
            opt_out,
            at,
            stated_at,
        }));
    };
    // The type says it for sure; Twilio's own example of `delivered` has the status QUEUED inside.
    let status = match status_of_type {
        Some(status) => status,
        None => data
            .message_status
            .and_then(|status| status.parse().ok())
            .ok_or(ParseEventError::Missing("messageStatus"))?,
    };
    Ok(ParsedEvent::Status(StatusEvent {
        message_sid,
        from,
        to,
        status,
        body,
        num_segments,
        error_code: data.error_code.filter(|code| *code != 0),
        error_message: data.error_message.map(|message| storable(&message)),
        callback: data
            .status_call_back_url
            .as_deref()
            .and_then(parse_status_callback_url_util),
        at,
        stated_at,
    }))
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
    fn the_account_is_found_wherever_the_event_names_it() {
        let account = |text| one(text).account_sid;
        assert_eq!(
            account(INBOUND).as_deref(),
            Some("AC0000000000000000000000000000001")
        );
        assert_eq!(
            account(TEST).as_deref(),
            Some("AC11111111111111111111111111111111")
        );
        let only_in_source =
            r#"{"id":"EZ1","type":"t","source":"/2010-04-01/Accounts/AC7/Messages/SM1.json"}"#;
        assert_eq!(account(only_in_source).as_deref(), Some("AC7"));
    }

    #[test]
    fn two_test_events_are_two_events() {
        let first = one(TEST);
        let second = one(&TEST.replace("06:02:54", "06:03:54"));
        assert_ne!(first.event_id, second.event_id);
    }

    #[test]
    fn a_body_that_is_no_batch_is_refused() {
        for wrong in ["", "{", "[]", "[1]", "{}", r#"[{"id":"x"}]"#, "null"] {
            assert!(parse_event_batch_util(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_nul_in_a_text_cannot_stop_the_event_from_being_stored() {
        let text = r#"{"id":"E\u0000","type":"com.twilio.messaging.inbound-message.received",
            "data":{"messageSid":"SM1","from":"+14155550100","to":"+14155550101","body":"a\u0000b"}}"#;
        assert!(!one(text).event_id.contains('\0'));
        let ParsedEvent::Inbound(inbound) = parse(text) else {
            panic!("inbound")
        };
        assert_eq!(inbound.body.as_deref(), Some("a\u{fffd}b"));
    }
}
