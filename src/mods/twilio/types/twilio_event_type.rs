use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{bases::ids::TwilioEventId, entities::states::TwilioEventState};

/// An event that Twilio posted, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwilioEventRow {
    pub id: TwilioEventId,
    /// Twilio's id of the event.
    pub event_id: String,
    pub event_type: String,
    /// The message that it tells of, if it names one.
    pub message_sid: Option<String>,
    /// The account, with all but its end hidden.
    pub account: String,
    pub state: TwilioEventState,
    /// How often it was tried.
    pub attempts: i32,
    /// Why it was not processed.
    pub error: Option<String>,
    pub received_at: DateTime<Utc>,
    pub processed_at: Option<DateTime<Utc>>,
    /// When it is tried again, while it is pending after a failure.
    pub next_attempt_at: Option<DateTime<Utc>>,
}

/// One event with what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwilioEventDetail {
    pub event: TwilioEventRow,
    /// The JSON as it came, indented, without secrets.
    pub payload: String,
    /// Whether texts and phone numbers are hidden in it, too.
    pub is_masked: bool,
}

/// How many events are in the states that somebody may have to look at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwilioEventCounts {
    pub pending: i64,
    pub ignored: i64,
    pub parked: i64,
    /// Each count stops here.
    pub up_to: i64,
}

/// A stretch of the list of events, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwilioEventPage {
    pub events: Vec<TwilioEventRow>,
    /// Pass as `before` to look further back; null at the end. A stretch may hold nothing and
    /// still not be the end, where an account is shared with other organizations.
    pub next_before: Option<TwilioEventId>,
    pub counts: TwilioEventCounts,
}

/// Answer of `POST /api/twilio/events/process-parked-again`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessedAgain {
    /// Number of events that now wait to be processed.
    pub events: i64,
    /// Whether there are more: the call can be made again.
    pub has_more: bool,
}
