use chrono::{DateTime, Datelike, TimeDelta, Utc};

use uuid::Uuid;

use super::HistoryMessage;
use crate::{
    bases::{
        e164::E164,
        ids::{OrganizationId, PhoneNumberId},
        position::Position,
    },
    mods::messaging::{
        HistoryDetails, NewMessage, OddWords,
        types::{MessageDirection, MessageSource, MessageStatus},
        utils::{StatusReport, nearest_status_util},
    },
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

/// Whose history is read.
#[derive(Debug, Clone)]
pub struct HistoryOwner {
    pub organization_id: OrganizationId,
    pub phone_number_id: PhoneNumberId,
    pub number: E164,
    /// Another organization had the number until then; what is older belongs to it.
    pub since: Option<DateTime<Utc>>,
    /// The organization gave the number up then; what is newer is not its.
    pub until: Option<DateTime<Utc>>,
    /// The import that waits for its files, if any.
    pub run_id: Option<Uuid>,
}

/// A message of the history, ready to be stored, with what it takes to decide who counts it.
#[derive(Debug, Clone)]
pub struct ImportedMessage {
    pub message: NewMessage,
    /// Whether `date_sent` could be read: without it, it matches no date filter for sure.
    pub is_dated: bool,
    /// When its status last changed, if that can be read.
    pub updated_at: Option<DateTime<Utc>>,
    /// Twilio's words that could not be kept as they were, for the delivery log.
    pub odd: Option<OddWords>,
}

impl ImportedMessage {
    /// What Twilio's list says of its delivery.
    pub fn delivery_news(&self) -> StatusReport {
        let (message, details) = (&self.message, &self.message.details);
        let at = match message.status {
            MessageStatus::Queued | MessageStatus::Sending | MessageStatus::Sent => details.sent_at,
            _ => self.updated_at,
        };
        StatusReport {
            status: message.status,
            error_code: details.error_code,
            error_message: details.error_message.clone(),
            at: at.unwrap_or(message.at),
        }
    }
}

/// What an entry of Twilio's list is.
#[derive(Debug, Clone)]
pub enum ListedMessage {
    Ours(Box<ImportedMessage>),
    /// Not one of this number's (the other half of a text between two numbers of the account), or
    /// of an earlier or later owner.
    NotOurs,
    /// It does not say from whom to whom: it cannot be kept.
    Unreadable,
}

/// Turns a message of Twilio's list into one of ours.
///
/// `fallback` is its time if none of its dates can be read: that of its neighbour in the list.
pub fn history_message_to_new_util(
    from_list: HistoryMessage,
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
    let date = |raw: &Option<String>| plausible_date(raw.as_deref()?, now);
    let sent_at = date(&from_list.date_sent);
    let updated_at = date(&from_list.date_updated);
    let at = sent_at
        .or_else(|| date(&from_list.date_created))
        .or(updated_at);
    let status = status(&from_list, direction, sent_at.is_some());
    let at_or_near = at.unwrap_or(fallback);
    let is_before = owner.since.is_some_and(|since| at_or_near <= since);
    let is_after = owner.until.is_some_and(|until| at_or_near > until);
    if is_before || is_after {
        return ListedMessage::NotOurs;
    }
    let odd = odd(&from_list, status, at.is_none(), sent_at.is_none());
    let own = owner.number.as_str().to_owned();
    let other = match direction {
        MessageDirection::Inbound => from_list.from,
        MessageDirection::Outbound => from_list.to,
    };
    let Some(other) = other.filter(|address| is_address(address)) else {
        return ListedMessage::Unreadable;
    };
    let (from_address, to_address) = match direction {
        MessageDirection::Inbound => (other, own),
        MessageDirection::Outbound => (own, other),
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
        at: at_or_near.min(now),
        stated_at: Some(at_or_near).filter(|at| *at > now),
        position: Position::default(),
        contact_source: CONTACT_SOURCE,
        details: HistoryDetails {
            error_code: from_list.error_code.filter(|code| *code != 0),
            error_message: from_list.error_message,
            price: from_list.price,
            price_unit: from_list.price_unit,
            sent_at: sent_at.map(|at| at.min(now)),
            sync_run_id: owner.run_id,
        },
    };
    ListedMessage::Ours(Box::new(ImportedMessage {
        message,
        is_dated: sent_at.is_some(),
        updated_at,
        odd,
    }))
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

fn odd(
    message: &HistoryMessage,
    status: MessageStatus,
    no_date: bool,
    not_sent: bool,
) -> Option<OddWords> {
    let same_status = message.status.as_deref() == Some(status.as_str());
    let bad_sent = not_sent && message.date_sent.is_some();
    if same_status && !no_date && !bad_sent {
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

    const NUMBER: &str = "+14155550134";
    const CUSTOMER: &str = "+14155550162";

    fn import(json: serde_json::Value) -> Option<ImportedMessage> {
        let owner = HistoryOwner {
            organization_id: OrganizationId(Uuid::from_u128(1)),
            phone_number_id: PhoneNumberId(Uuid::from_u128(2)),
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
