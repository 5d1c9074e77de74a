use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::model::{MessageDirection, Sid};

/// A file of a generated message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GeneratedFile {
    /// `ME…`
    pub sid: Sid,
    /// MIME type.
    pub content_type: &'static str,
    /// Bytes, where the digest was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<usize>,
    /// SHA-256 of the bytes in hex, where the digest was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

/// The dates as the API shows them, where they are not those of the message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShownDates {
    /// Shown as `date_created`.
    pub date_created: Option<String>,
    /// Shown as `date_sent`.
    pub date_sent: Option<String>,
    /// Shown as `date_updated`.
    pub date_updated: Option<String>,
}

/// A message of a generated history: the truth that a test compares an import with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GeneratedMessage {
    /// Its number in the history, oldest first, from 0.
    pub index: u64,
    /// `SM…`, or `MM…` with files.
    pub sid: Sid,
    /// The account.
    pub account_sid: Sid,
    /// Its direction.
    pub direction: MessageDirection,
    /// The number of the account.
    pub number: String,
    /// The customer's phone.
    pub customer: String,
    /// Sender.
    pub from: String,
    /// Recipient.
    pub to: String,
    /// Text; `None` is shown as null.
    pub body: Option<String>,
    /// Twilio's word for its status, or one that Twilio does not have.
    pub status: &'static str,
    /// Twilio error code of a failure.
    pub error_code: Option<u32>,
    /// Text of the failure.
    pub error_message: Option<&'static str>,
    /// Number of files.
    pub num_media: u32,
    /// Number of SMS segments.
    pub num_segments: u32,
    /// Price in dollars, negative; `None` if it was never sent or is not billed yet.
    pub price: Option<String>,
    /// The Messaging Service that sent it.
    pub messaging_service_sid: Option<Sid>,
    /// When it was created.
    pub date_created: DateTime<Utc>,
    /// When it was sent or received; `None` if it never was.
    pub date_sent: Option<DateTime<Utc>>,
    /// When it last changed.
    pub date_updated: DateTime<Utc>,
    /// What the API shows instead of the dates, if they are made to be bad.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shown_dates: Option<ShownDates>,
    /// Its files.
    pub media: Vec<GeneratedFile>,
}
