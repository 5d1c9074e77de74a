use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Attachment, TextLink};
use crate::{
    bases::{
        ids::{ContactId, MessageId, PhoneNumberId},
        json_object::json_objects,
    },
    entities::{
        position::Position,
        states::{MessageDirection, MessageSource, MessageStatus},
    },
};

/// One text, as the browser sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Message {
    pub id: MessageId,
    pub contact_id: ContactId,
    /// The organization's number that it went through; null if that is gone.
    pub phone_number_id: Option<PhoneNumberId>,
    pub direction: MessageDirection,
    /// Null while it is not known yet (sent elsewhere, or only media).
    pub body: Option<String>,
    /// The links in the text, first to last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<TextLink>,
    /// Whether its text is being asked for at Twilio.
    #[serde(default)]
    pub is_loading: bool,
    pub from_address: String,
    pub to_address: String,
    /// The other numbers that a text to a group went to.
    #[serde(default)]
    pub also_to: Vec<String>,
    pub status: MessageStatus,
    /// Whether it is not known that Twilio took it: it is being asked.
    #[serde(default)]
    pub is_checking: bool,
    /// Why it still waits to be sent, in Twilio's words; it is tried again by itself.
    #[serde(default)]
    pub delay_reason: Option<String>,
    /// Twilio's SID, once there is one.
    pub external_id: Option<String>,
    /// Null on rows older than this field.
    pub source: Option<MessageSource>,
    pub num_media: i32,
    /// Its files, in their order.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    pub num_segments: Option<i32>,
    pub error_code: Option<i32>,
    /// Twilio's own words for the error.
    pub error_message: Option<String>,
    /// The same in plain words, with what to do about it.
    pub error_help: Option<String>,
    /// Who of the organization sent it; null for inbound and for messages sent elsewhere.
    pub sent_by_name: Option<String>,
    /// Number of attempts; over 1 after a Retry.
    pub attempt: i32,
    /// Whether Retry is offered: the message is known not to have reached the customer.
    pub can_retry: bool,
    /// The browser's own id of the send, so that the optimistic bubble finds its row.
    pub client_key: Option<Uuid>,
    /// When it was sent or received at its origin; never later than when we heard of it.
    pub created_at: DateTime<Utc>,
    /// The time that Twilio says, where it is later than when we heard of it.
    #[serde(default)]
    pub stated_at: Option<DateTime<Utc>>,
    /// Where it stands among those of its second.
    #[serde(default)]
    pub position: Position,
    pub sent_at: Option<DateTime<Utc>>,
    pub delivered_at: Option<DateTime<Utc>>,
    /// When the database was asked for this: of two answers about a message, the later one holds.
    #[serde(default)]
    pub as_of: DateTime<Utc>,
}

impl Message {
    /// The time to show.
    pub fn shown_at(&self) -> DateTime<Utc> {
        self.stated_at.unwrap_or(self.created_at)
    }

    /// Sorts a thread, oldest first. Twilio's times are whole seconds, ours are not: within a
    /// second the position decides.
    pub fn place(&self) -> (i64, Position, MessageId) {
        (self.created_at.timestamp(), self.position, self.id)
    }

    /// The organization's own end of it.
    pub fn own_address(&self) -> &str {
        match self.direction {
            MessageDirection::Inbound => &self.to_address,
            MessageDirection::Outbound => &self.from_address,
        }
    }
}

json_objects!(Message);
