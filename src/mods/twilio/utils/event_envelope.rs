//! An event as it is stored.

use sha2::{Digest, Sha256};

/// The longest event id that we store as it is, in bytes; Twilio's have 34.
pub(super) const MAX_ID_BYTES: usize = 200;
/// The longest address that is kept beside the payload. A longer one is no address.
pub(super) const MAX_ADDRESS_CHARACTERS: usize = 320;
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
    /// The addresses that it names, for whoever asks whose it is; not checked.
    pub from_address: Option<String>,
    pub to_address: Option<String>,
    /// The JSON text as it came, but for what no text can hold.
    pub payload: String,
    /// Why it cannot be read, if it cannot: it is kept to be looked at.
    pub rejected: Option<&'static str>,
}

impl EventEnvelope {
    /// A form that Twilio posted, as an event. Twilio's forms have no id: the caller builds one
    /// that is the same for every delivery of the same report.
    pub fn of_form(
        event_type: &str,
        account_sid: &str,
        event_id: &str,
        message_sid: &str,
        payload: serde_json::Value,
    ) -> Self {
        let address = |name: &str| {
            let address = payload["data"][name].as_str();
            address.map(|address| cut(address, MAX_ADDRESS_CHARACTERS))
        };
        Self {
            account_sid: Some(account_sid.to_owned()),
            event_id: id_of(event_id),
            event_type: event_type.to_owned(),
            message_sid: Some(cut(message_sid, MAX_ID_BYTES)),
            from_address: address("from"),
            to_address: address("to"),
            payload: payload.to_string(),
            rejected: None,
        }
    }
}

/// An id that is too long for an index is told by its hash: two that begin alike are two events.
pub(super) fn id_of(id: &str) -> String {
    if id.len() > MAX_ID_BYTES {
        id_by_hash("long", id)
    } else {
        storable(id)
    }
}

/// An id that tells the same text again.
pub(super) fn id_by_hash(kind: &str, of: &str) -> String {
    format!("{kind}:{}", hex::encode(Sha256::digest(of)))
}

/// The beginning of a text, as Postgres can store it.
pub(super) fn cut(text: &str, most: usize) -> String {
    storable(text).chars().take(most).collect()
}

/// Postgres cannot hold the character NUL in a text.
pub(super) fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}
