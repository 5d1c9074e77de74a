//! What Twilio's events hold, and what their types mean.

use serde::Deserialize;

use crate::{mods::delivery::utils::STATUS_CALLBACK_EVENT, twilio::lenient_json};

/// An event of Twilio's.
#[derive(Deserialize)]
pub(super) struct Event {
    #[serde(default, deserialize_with = "lenient_json::text")]
    pub(super) time: Option<String>,
    #[serde(default)]
    pub(super) data: Data,
}

/// Everything but the SID is optional: Twilio adds and leaves out fields between schema versions.
/// Numbers may be text.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Data {
    #[serde(deserialize_with = "lenient_json::text")]
    pub(super) message_sid: Option<String>,
    #[serde(deserialize_with = "lenient_json::text")]
    pub(super) timestamp: Option<String>,
    #[serde(deserialize_with = "lenient_json::text")]
    pub(super) from: Option<String>,
    #[serde(deserialize_with = "lenient_json::text")]
    pub(super) to: Option<String>,
    #[serde(deserialize_with = "lenient_json::text")]
    pub(super) body: Option<String>,
    #[serde(deserialize_with = "lenient_json::number")]
    pub(super) num_media: Option<i32>,
    #[serde(deserialize_with = "lenient_json::number")]
    pub(super) num_segments: Option<i32>,
    #[serde(deserialize_with = "lenient_json::number")]
    pub(super) number_of_segments: Option<i32>,
    #[serde(deserialize_with = "lenient_json::text")]
    pub(super) message_status: Option<String>,
    #[serde(deserialize_with = "lenient_json::text")]
    pub(super) opt_out_type: Option<String>,
    #[serde(deserialize_with = "lenient_json::number")]
    pub(super) error_code: Option<i32>,
    #[serde(deserialize_with = "lenient_json::text")]
    pub(super) error_message: Option<String>,
    // Twilio's spelling, with a capital B.
    #[serde(deserialize_with = "lenient_json::text")]
    pub(super) status_call_back_url: Option<String>,
    pub(super) recipients: serde_json::Value,
}

/// The type of the events that texts are stored as which came to a number's own webhook.
pub const INBOUND_WEBHOOK_EVENT: &str = "loquent.twilio.inbound-webhook";

/// How the types of the events of sent messages begin; the status follows.
const STATUS_EVENT: &str = "com.twilio.messaging.message.";

/// What an event is about, by its type.
pub(super) enum Kind<'a> {
    Inbound,
    /// The type says the status for sure; Twilio's own example of `delivered` has the status QUEUED
    /// inside.
    Status(&'a str),
    Callback,
}

/// What an event of a type is about; none for a type that is not ours.
pub(super) fn kind_of(event_type: &str) -> Option<Kind<'_>> {
    match event_type {
        "com.twilio.messaging.inbound-message.received" | INBOUND_WEBHOOK_EVENT => {
            Some(Kind::Inbound)
        }
        STATUS_CALLBACK_EVENT => Some(Kind::Callback),
        _ => event_type.strip_prefix(STATUS_EVENT).map(Kind::Status),
    }
}
