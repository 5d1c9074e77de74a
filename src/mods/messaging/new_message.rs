use chrono::{DateTime, Utc};

use crate::{
    bases::ids::{ContactId, ImportId, MessageId, OrganizationId, PhoneNumberId},
    entities::{
        position::Position,
        states::{MessageDirection, MessageSource, MessageStatus},
    },
    twilio::MessageSid,
};

/// A message that Twilio told us of, and that may be new to us.
#[derive(Debug, Clone)]
pub struct NewMessage {
    pub organization_id: OrganizationId,
    pub phone_number_id: PhoneNumberId,
    /// Twilio's SID.
    pub sid: MessageSid,
    pub direction: MessageDirection,
    pub from_address: String,
    pub to_address: String,
    pub body: Option<String>,
    /// The other numbers that a text to a group went to; no number has a blank in it.
    pub also_to: Vec<String>,
    pub status: MessageStatus,
    pub source: MessageSource,
    pub num_media: i32,
    pub num_segments: Option<i32>,
    /// When it was sent or received at its origin; never later than when we heard of it.
    pub at: DateTime<Utc>,
    /// The time that Twilio says, where it is later than that.
    pub stated_at: Option<DateTime<Utc>>,
    /// Where it stands among those of its second.
    pub position: Position,
    /// `contact.source` of a contact that has to be made.
    pub contact_source: &'static str,
    /// Known only of a message that is read from the account's history.
    pub details: HistoryDetails,
}

/// What the account's history tells of a message beyond what an event does.
#[derive(Debug, Clone, Default)]
pub struct HistoryDetails {
    pub error_code: Option<i32>,
    pub error_message: Option<String>,
    /// A decimal number in `price_unit`.
    pub price: Option<String>,
    pub price_unit: Option<String>,
    pub sent_at: Option<DateTime<Utc>>,
    /// The run that reads it, and waits for its files.
    pub sync_run_id: Option<ImportId>,
}

impl NewMessage {
    /// The number at the other end.
    pub fn customer(&self) -> &str {
        match self.direction {
            MessageDirection::Inbound => &self.from_address,
            MessageDirection::Outbound => &self.to_address,
        }
    }

    /// Whether it is a customer's text that came live, so that somebody has to read it.
    pub(super) fn is_news(&self) -> bool {
        self.direction == MessageDirection::Inbound && self.source == MessageSource::Loquent
    }
}

/// A message with its id and its contact.
#[derive(Debug, Clone, Copy)]
pub struct ResolvedMessage<'a> {
    pub id: MessageId,
    pub contact_id: ContactId,
    pub message: &'a NewMessage,
}
