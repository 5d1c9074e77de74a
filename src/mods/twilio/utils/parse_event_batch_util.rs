use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    EventEnvelope,
    event_envelope::{MAX_ADDRESS_CHARACTERS, MAX_ID_BYTES, cut, id_by_hash, id_of},
};
use crate::twilio::{lenient_json, readable_json};

/// Events of one post: of Twilio's, each of a kB, no more fit into the largest body. Each costs
/// memory before anybody has proven who posts.
const MAX_EVENTS: usize = 2_000;
/// Of one post, no more events that cannot be read are kept: it may hold hundreds of thousands.
const MOST_REJECTED: usize = 100;

/// The body is not a batch of events.
#[derive(Debug, thiserror::Error)]
pub enum ParseBatchError {
    #[error("the body is not JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the body holds no event")]
    Empty,
    #[error("the body holds more than {MAX_EVENTS} events")]
    TooMany,
    #[error("no event of the body can be read: {0}")]
    Unreadable(&'static str),
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Identity<'a> {
    #[serde(deserialize_with = "lenient_json::text")]
    id: Option<String>,
    #[serde(rename = "type", deserialize_with = "lenient_json::text")]
    event_type: Option<String>,
    #[serde(deserialize_with = "lenient_json::text")]
    source: Option<String>,
    #[serde(deserialize_with = "lenient_json::text")]
    time: Option<String>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct DataIdentity {
    #[serde(deserialize_with = "lenient_json::text")]
    account_sid: Option<String>,
    #[serde(deserialize_with = "lenient_json::text")]
    message_sid: Option<String>,
    #[serde(deserialize_with = "lenient_json::text")]
    from: Option<String>,
    #[serde(deserialize_with = "lenient_json::text")]
    to: Option<String>,
}

/// Splits the body of a post into its events. Twilio sends an array with `batch_events`, and may
/// send a bare object without: both are taken.
///
/// An unreadable event is marked as rejected and costs none of the others. The body is an error
/// only if nothing in it can be read.
pub fn parse_event_batch_util(body: &[u8]) -> Result<Vec<EventEnvelope>, ParseBatchError> {
    let text = readable_json(body);
    let text = text.trim_ascii_start();
    let events: Vec<&RawValue> = if text.starts_with('[') {
        serde_json::from_str(text)?
    } else {
        vec![serde_json::from_str(text)?]
    };
    if events.len() > MAX_EVENTS {
        return Err(ParseBatchError::TooMany);
    }
    let mut rejected = 0_usize;
    let mut reason = None;
    let mut envelopes: Vec<EventEnvelope> = events.into_iter().map(parse_envelope).collect();
    let readable = envelopes.iter().any(|event| event.rejected.is_none());
    envelopes.retain(|event| {
        reason = reason.or(event.rejected);
        rejected += usize::from(event.rejected.is_some());
        event.rejected.is_none() || rejected <= MOST_REJECTED
    });
    if rejected > 0 && readable {
        tracing::warn!(rejected, "a post holds events that cannot be read");
    }
    match reason {
        _ if readable => Ok(envelopes),
        Some(reason) => Err(ParseBatchError::Unreadable(reason)),
        None => Err(ParseBatchError::Empty),
    }
}

fn parse_envelope(raw: &RawValue) -> EventEnvelope {
    let payload = raw.get();
    let Ok(identity) = serde_json::from_str::<Identity<'_>>(payload) else {
        return rejected(payload, "it is no object");
    };
    let data = identity.data.map(RawValue::get);
    let data: DataIdentity = data
        .and_then(|data| serde_json::from_str(data).ok())
        .unwrap_or_default();
    let in_source = identity.source.as_deref().and_then(account_in_source);
    let id = identity.id.filter(|id| !id.is_empty());
    let event_type = identity.event_type.filter(|name| !name.is_empty());
    let reason = match (&id, &event_type) {
        (None, _) => Some("it has no `id`"),
        (_, None) => Some("it has no `type`"),
        _ => None,
    };
    // A test event has the account's SID for its id, the same for every test.
    let test_of = id.clone().filter(|id| id.starts_with("AC"));
    let event_id = match (id, &test_of, identity.time) {
        (Some(id), Some(_), Some(time)) => id_of(&format!("{id}:{time}")),
        (Some(id), _, _) if reason.is_none() => id_of(&id),
        _ => id_by_hash("rejected", payload),
    };
    let address = |address: Option<String>| Some(cut(&address?, MAX_ADDRESS_CHARACTERS));
    EventEnvelope {
        account_sid: data.account_sid.or(in_source).or(test_of),
        event_id,
        event_type: cut(&event_type.unwrap_or_default(), MAX_ID_BYTES),
        message_sid: data.message_sid.map(|sid| cut(&sid, MAX_ID_BYTES)),
        from_address: address(data.from),
        to_address: address(data.to),
        payload: payload.to_owned(),
        rejected: reason,
    }
}

fn rejected(payload: &str, reason: &'static str) -> EventEnvelope {
    EventEnvelope {
        account_sid: None,
        event_id: id_by_hash("rejected", payload),
        event_type: String::new(),
        message_sid: None,
        from_address: None,
        to_address: None,
        payload: payload.to_owned(),
        rejected: Some(reason),
    }
}

/// `…/Accounts/AC…/Messages/SM….json` names its account.
fn account_in_source(source: &str) -> Option<String> {
    let sid = source.split_once("/Accounts/")?.1.split('/').next()?;
    sid.starts_with("AC").then(|| sid.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const INBOUND: &str = include_str!(
        "../../../../tests/fixtures/twilio-events/inbound.v6.official-doc-example.json"
    );
    const TEST: &str =
        include_str!("../../../../tests/fixtures/twilio-events/test-event.array.json");

    fn one(text: &str) -> EventEnvelope {
        let mut events = parse_event_batch_util(text.as_bytes()).expect("a batch");
        assert_eq!(events.len(), 1);
        events.remove(0)
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
    fn a_body_in_which_nothing_can_be_read_is_refused() {
        for wrong in ["", "{", "[]", "[1]", "{}", r#"[{"id":"x"}]"#, "null"] {
            assert!(parse_event_batch_util(wrong.as_bytes()).is_err(), "{wrong}");
        }
        let batch = |count| format!("[{}]", vec![r#"{"id":"a","type":"b"}"#; count].join(","));
        assert!(parse_event_batch_util(batch(MAX_EVENTS).as_bytes()).is_ok());
        let too_many = parse_event_batch_util(batch(MAX_EVENTS + 1).as_bytes());
        assert!(matches!(too_many, Err(ParseBatchError::TooMany)));
    }

    #[test]
    fn a_bad_event_is_kept_as_rejected_and_loses_no_good_one() {
        let batch = r#"[{"id":"EZ1","type":"t"},{"type":"t","data":{"from":"+1","to":7}},7,
            {"id":"EZ2"},{"id":9,"type":"t","data":"text","time":{}}]"#;
        let events = parse_event_batch_util(batch.as_bytes()).expect("a batch");
        let reasons: Vec<_> = events.iter().map(|event| event.rejected).collect();
        assert_eq!(
            reasons,
            [
                None,
                Some("it has no `id`"),
                Some("it is no object"),
                Some("it has no `type`"),
                None
            ]
        );
        assert_eq!(events[1].from_address.as_deref(), Some("+1"));
        assert!(events[1].event_id.starts_with("rejected:"));
        assert_eq!(events[4].event_id, "9");
    }

    #[test]
    fn of_a_post_full_of_rubbish_little_is_kept() {
        let rubbish: Vec<String> = (0..1_500).map(|n| n.to_string()).collect();
        let body = format!(r#"[{},{{"id":"EZ1","type":"t"}}]"#, rubbish.join(","));
        let events = parse_event_batch_util(body.as_bytes()).expect("a batch");
        assert_eq!(events.len(), MOST_REJECTED + 1);
        assert_eq!(events.last().expect("the good one").event_id, "EZ1");
    }

    #[test]
    fn long_ids_that_begin_alike_are_two_events() {
        let event = |end: &str| {
            one(&format!(
                r#"{{"id":"{}{end}","type":"t"}}"#,
                "x".repeat(300)
            ))
        };
        assert_ne!(event("a").event_id, event("b").event_id);
        assert!(event("a").event_id.len() <= MAX_ID_BYTES);
        assert!(
            !one(r#"{"id":"E\u0000","type":"t"}"#)
                .event_id
                .contains('\0')
        );
    }
}
