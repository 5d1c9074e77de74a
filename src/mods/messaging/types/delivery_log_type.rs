use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::entities::states::{LogSource, MessageStatus};

/// Everything that was heard of one message, in the order in which it came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryLog {
    pub entries: Vec<DeliveryLogEntry>,
    /// Whether there is more than one answer holds; the newest are here.
    pub earlier_left_out: bool,
}

/// One entry of a message's delivery log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryLogEntry {
    pub id: i64,
    pub status: MessageStatus,
    /// Twilio's word for the status, where we do not know it: the status is the nearest to it.
    #[serde(default)]
    pub status_word: Option<String>,
    pub source: LogSource,
    /// Whether it changed the message. A late report, or one of an earlier attempt, is kept and
    /// changes nothing.
    pub applied: bool,
    pub error: Option<DeliveryLogError>,
    /// Which attempt to send this began, where it began one.
    pub attempt: Option<i32>,
    /// Who did it, where it was a person who is known.
    pub by: Option<String>,
    /// When it happened, as whoever told it says.
    pub occurred_at: DateTime<Utc>,
    /// When we heard of it.
    pub received_at: DateTime<Utc>,
}

/// Why a message did not reach the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryLogError {
    /// Twilio's code, if it gave one.
    pub code: Option<i32>,
    /// A few words: ours, else Twilio's.
    pub title: Option<String>,
    /// What it means, where the code is known.
    pub meaning: Option<String>,
    /// What to do about it, where the code is known.
    pub action: Option<String>,
}
