//! An event that Loquent understands.

use chrono::{DateTime, Utc};

use crate::{
    entities::states::MessageStatus,
    mods::{
        contact::types::{OptOutEvidence, OptOutKeyword},
        delivery::utils::CallbackOf,
    },
    twilio::MessageSid,
};

/// Twilio's addresses have at most some 100 characters; a longer one would not fit into an index.
pub(super) const MAX_ADDRESS_CHARACTERS: usize = 320;

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
