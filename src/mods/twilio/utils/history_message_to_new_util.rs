use chrono::{DateTime, Datelike, TimeDelta, Utc};

use super::{HistoryMessage, HistoryOwner, ImportedMessage, ListedMessage};
use crate::{
    bases::e164::E164,
    entities::{
        position::Position,
        states::{MessageDirection, MessageSource, MessageStatus},
    },
    mods::messaging::{HistoryDetails, NewMessage, OddWords, utils::nearest_status_util},
};

/// `contact.source` of the contacts that the import makes.
const CONTACT_SOURCE: &str = "sms_sync";
/// Twilio was founded in it; an earlier date is a wrong one.
const FIRST_YEAR: i32 = 2008;
/// Twilio schedules at most 35 days ahead; a later date is a wrong one.
const FARTHEST: TimeDelta = TimeDelta::days(60);

/// Twilio's limit is 10 files.
const MAX_FILES: i32 = 50;
/// Of an address, in characters; Twilio's have at most some 100.
const MAX_ADDRESS: usize = 320;
/// Of a word for a status, in characters.
const MAX_WORD: usize = 64;

/// Turns a message of Twilio's list into one of ours.
///
/// `fallback` is its time if none of its dates can be read: that of its neighbour in the list.
pub fn history_message_to_new_util(
    mut from_list: HistoryMessage,
    owner: &HistoryOwner,
    fallback: DateTime<Utc>,
    now: DateTime<Utc>,
) -> ListedMessage {
    let Some(direction) = direction(&from_list, &owner.number) else {
        return match (&from_list.from, &from_list.to) {
            (Some(_), Some(_)) => ListedMessage::NotOurs,
            _ => ListedMessage::Unreadable,
        };
    };
    let dates = Dates::of(&from_list, now);
    let at = dates.best.unwrap_or(fallback);
    if is_of_another_owner(owner, at) {
        return ListedMessage::NotOurs;
    }
    let status = status(&from_list, direction, dates.sent.is_some());
    let odd = odd(&from_list, status, &dates);
    let Some((from_address, to_address)) = addresses(&mut from_list, direction, &owner.number)
    else {
        return ListedMessage::Unreadable;
    };
    let message = NewMessage {
        organization_id: owner.organization_id,
        phone_number_id: owner.phone_number_id,
        sid: from_list.sid,
        direction,
        from_address,
        to_address,
        body: from_list.body,
        also_to: Vec::new(),
        status,
        source: MessageSource::Import,
        num_media: from_list.num_media.unwrap_or(0).clamp(0, MAX_FILES),
        num_segments: from_list.num_segments,
        at: at.min(now),
        stated_at: Some(at).filter(|at| *at > now),
        position: Position::default(),
        contact_source: CONTACT_SOURCE,
        details: HistoryDetails {
            error_code: from_list.error_code.filter(|code| *code != 0),
            error_message: from_list.error_message,
            price: from_list.price,
            price_unit: from_list.price_unit,
            sent_at: dates.sent.map(|at| at.min(now)),
            sync_run_id: owner.run_id,
        },
    };
    ListedMessage::Ours(Box::new(ImportedMessage {
        message,
        is_dated: dates.sent.is_some(),
        updated_at: dates.updated,
        odd,
    }))
}

/// The dates of a listed message that can be read.
struct Dates {
    sent: Option<DateTime<Utc>>,
    updated: Option<DateTime<Utc>>,
    /// When it happened.
    best: Option<DateTime<Utc>>,
}

impl Dates {
    fn of(message: &HistoryMessage, now: DateTime<Utc>) -> Self {
        let date = |raw: &Option<String>| plausible_date(raw.as_deref()?, now);
        let (sent, updated) = (date(&message.date_sent), date(&message.date_updated));
        let best = sent.or_else(|| date(&message.date_created)).or(updated);
        Self {
            sent,
            updated,
            best,
        }
    }
}

fn is_of_another_owner(owner: &HistoryOwner, at: DateTime<Utc>) -> bool {
    let is_before = owner.since.is_some_and(|since| at <= since);
    let is_after = owner.until.is_some_and(|until| at > until);
    is_before || is_after
}

/// From whom to whom; none if the other end cannot be kept.
fn addresses(
    message: &mut HistoryMessage,
    direction: MessageDirection,
    number: &E164,
) -> Option<(String, String)> {
    let own = number.as_str().to_owned();
    let other = match direction {
        MessageDirection::Inbound => message.from.take(),
        MessageDirection::Outbound => message.to.take(),
    };
    let other = other.filter(|address| is_address(address))?;
    Some(match direction {
        MessageDirection::Inbound => (other, own),
        MessageDirection::Outbound => (own, other),
    })
}

/// A longer one would not fit into an index.
fn is_address(text: &str) -> bool {
    !text.is_empty() && text.chars().nth(MAX_ADDRESS).is_none()
}

/// By Twilio's word, else by which end the number is at. A text between two numbers of the
/// account is in both lists twice, once for each direction; each half belongs to one number.
fn direction(message: &HistoryMessage, number: &E164) -> Option<MessageDirection> {
    let is = |address: &Option<String>| address.as_deref() == Some(number.as_str());
    match message.direction.as_deref() {
        Some("inbound") => is(&message.to).then_some(MessageDirection::Inbound),
        Some(word) if word.starts_with("outbound") => {
            is(&message.from).then_some(MessageDirection::Outbound)
        }
        _ if is(&message.from) => Some(MessageDirection::Outbound),
        _ if is(&message.to) => Some(MessageDirection::Inbound),
        _ => None,
    }
}

/// A status that we do not know must not lose the message: the nearest that is certain is taken.
fn status(message: &HistoryMessage, direction: MessageDirection, was_sent: bool) -> MessageStatus {
    if direction == MessageDirection::Inbound {
        return MessageStatus::Received;
    }
    let known = message.status.as_deref().and_then(|raw| raw.parse().ok());
    match known {
        Some(MessageStatus::Received) | None => {
            let has_failed = message.error_code.is_some_and(|code| code != 0);
            let word = message.status.as_deref().unwrap_or_default();
            nearest_status_util(word, has_failed, was_sent)
        }
        Some(status) => status,
    }
}

fn odd(message: &HistoryMessage, status: MessageStatus, dates: &Dates) -> Option<OddWords> {
    let same_status = message.status.as_deref() == Some(status.as_str());
    let bad_sent = dates.sent.is_none() && message.date_sent.is_some();
    if same_status && dates.best.is_some() && !bad_sent {
        return None;
    }
    let words = serde_json::json!({
        "status": message.status,
        "date_created": message.date_created,
        "date_sent": message.date_sent,
        "date_updated": message.date_updated,
    });
    let word = message.status.as_deref();
    let word = word.filter(|word| word.parse::<MessageStatus>().is_err());
    Some(OddWords {
        json: words.to_string(),
        status: word.map(|word| word.chars().take(MAX_WORD).collect()),
    })
}

fn plausible_date(raw: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let date = DateTime::parse_from_rfc2822(raw).ok()?.to_utc();
    (date.year() >= FIRST_YEAR && date <= now + FARTHEST).then_some(date)
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::bases::ids::{OrganizationId, PhoneNumberId};

    const NUMBER: &str = "+14155550134";
    const CUSTOMER: &str = "+14155550162";

    fn import(json: serde_json::Value) -> Option<ImportedMessage> {
        let owner = HistoryOwner {
            organization_id: OrganizationId::new(),
            phone_number_id: PhoneNumberId::new(),
            number: E164::parse(NUMBER).expect("a number"),
            since: None,
            until: None,
            run_id: None,
        };
        let mut object = serde_json::json!({ "sid": "SM1", "from": NUMBER, "to": CUSTOMER });
        for (name, value) in json.as_object().expect("an object") {
            object[name] = value.clone();
        }
        let message = serde_json::from_value(object).expect("a message");
        let now = "2026-01-01T00:00:00Z".parse().expect("a time");
        match history_message_to_new_util(message, &owner, DateTime::UNIX_EPOCH, now) {
            ListedMessage::Ours(imported) => Some(*imported),
            ListedMessage::NotOurs | ListedMessage::Unreadable => None,
        }
    }

    #[test]
    fn an_unknown_status_becomes_the_nearest_certain_one_and_is_logged() {
        let sent = "Thu, 24 Aug 2023 05:01:45 +0000";
        let one = |json| import(json).expect("ours");
        let quantum = one(serde_json::json!({ "status": "quantum", "date_sent": sent }));
        assert_eq!(quantum.message.status, MessageStatus::Sent);
        let odd = quantum.odd.expect("kept");
        assert!(odd.json.contains("quantum"));
        assert_eq!(odd.status.as_deref(), Some("quantum"));
        let failed = one(serde_json::json!({ "status": "quantum", "error_code": 30003 }));
        assert_eq!(failed.message.status, MessageStatus::Failed);
        let waiting = one(serde_json::json!({ "status": "quantum" }));
        assert_eq!(waiting.message.status, MessageStatus::Queued);
        let known = one(serde_json::json!({ "status": "delivered", "date_sent": sent }));
        assert!(known.odd.is_none());
        assert_eq!(
            known.message.at,
            known.message.details.sent_at.expect("a date")
        );
    }

    #[test]
    fn a_bad_date_gives_way_to_the_next_best() {
        let created = "Thu, 24 Aug 2023 05:01:45 +0000";
        for bad in [
            "Thu, 32 Jan 2024 25:61:00 +0000",
            "",
            "Fri, 24 Aug 0023 05:01:45 +0000",
        ] {
            let message = import(serde_json::json!({ "date_sent": bad, "date_created": created }))
                .expect("ours");
            assert!(!message.is_dated, "{bad}");
            assert_eq!(message.message.at.to_rfc3339(), "2023-08-24T05:01:45+00:00");
        }
        let none = import(serde_json::json!({})).expect("ours");
        assert_eq!(
            none.message.at,
            DateTime::UNIX_EPOCH,
            "that of its neighbour"
        );
    }

    #[test]
    fn the_other_half_of_a_text_between_two_own_numbers_is_left_to_the_other_number() {
        let from_us = serde_json::json!({ "direction": "inbound" });
        assert!(import(from_us).is_none());
        let to_us =
            serde_json::json!({ "direction": "outbound-api", "from": CUSTOMER, "to": NUMBER });
        assert!(import(to_us).is_none());
        let reply = serde_json::json!({ "direction": "outbound-reply" });
        assert_eq!(
            import(reply).expect("ours").message.direction,
            MessageDirection::Outbound
        );
    }
}
