use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::{MessageDirection, MessageStatus, Sid};

/// How a message came to be; Twilio does not show this, a test needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageOrigin {
    /// Created through the REST API.
    Rest,
    /// Sent from a customer's handset.
    Customer,
    /// Sent by another platform of the same account.
    External,
    /// Received by one account number from another.
    OtherNumber,
    /// Twilio's own answer to STOP, START or HELP.
    KeywordReply,
    /// Loaded as history.
    History,
}

/// One file of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// `ME…`
    pub sid: Sid,
    /// Where the file was taken from.
    pub url: String,
}

/// A status that a message had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct StatusChange {
    /// The status.
    pub status: MessageStatus,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// A message as the simulator knows it: the truth that a test compares with.
#[derive(Debug, Clone, Serialize)]
pub struct Message {
    /// Order of creation in this simulator, across accounts.
    pub seq: u64,
    /// `SM…`, or `MM…` with media.
    pub sid: Sid,
    /// The account whose log holds it.
    pub account_sid: Sid,
    /// Inbound or one of the outbound directions.
    pub direction: MessageDirection,
    /// Sender; `None` until a Messaging Service has picked one.
    pub from: Option<String>,
    /// Recipient.
    pub to: String,
    /// Text.
    pub body: String,
    /// Current status.
    pub status: MessageStatus,
    /// Twilio error code of a failure.
    pub error_code: Option<u32>,
    /// Text of the failure.
    pub error_message: Option<String>,
    /// Number of files; may exceed `media` for loaded history.
    pub num_media: u32,
    /// The files.
    pub media: Vec<Media>,
    /// Number of SMS segments; 0 until a Messaging Service has picked a sender.
    pub num_segments: u32,
    /// Price in dollars, negative, once sent.
    pub price: Option<String>,
    /// The Messaging Service that sent it.
    pub messaging_service_sid: Option<Sid>,
    /// Where status changes are posted.
    pub status_callback: Option<String>,
    /// When it was created.
    pub date_created: DateTime<Utc>,
    /// When it was sent, or received.
    pub date_sent: Option<DateTime<Utc>>,
    /// When it last changed.
    pub date_updated: DateTime<Utc>,
    /// How it came to be.
    pub origin: MessageOrigin,
    /// Every status it had, oldest first.
    pub history: Vec<StatusChange>,
}

impl Message {
    /// The path of the resource at Twilio's REST API, which is also an event's `source`.
    #[must_use]
    pub fn uri(&self) -> String {
        format!(
            "/2010-04-01/Accounts/{}/Messages/{}.json",
            self.account_sid, self.sid
        )
    }
}
