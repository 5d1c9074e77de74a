use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::model::Sid;

/// What is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryKind {
    /// Event Streams: a JSON array of events.
    Event,
    /// A message's status callback: a form.
    StatusCallback,
    /// A text that goes to a number's webhook: a form.
    InboundWebhook,
}

/// What is known about a delivery after one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptOutcome {
    /// Answered with 2xx.
    Delivered,
    /// Will be tried again.
    Pending,
    /// Given up for good, because of the answer.
    Discarded,
    /// Given up because it was retried for too long.
    Expired,
}

/// One event or callback inside a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeliveredItem {
    /// Event id (`EZ…`); `None` for a form.
    pub event_id: Option<String>,
    /// Event type, or the status that a callback tells.
    #[serde(rename = "type")]
    pub kind: String,
    /// The message that it is about.
    pub message_sid: Option<Sid>,
}

/// One attempt to deliver events or a status callback.
#[derive(Debug, Clone, Serialize)]
pub struct DeliveryAttempt {
    /// Number in the log.
    pub seq: u64,
    /// When the attempt began.
    pub at: DateTime<Utc>,
    /// What was delivered.
    pub kind: DeliveryKind,
    /// The account.
    pub account_sid: Sid,
    /// URL as configured, without `bodySHA256` and without user and password.
    pub url: String,
    /// The events, or the one status.
    pub items: Vec<DeliveredItem>,
    /// 1 for the first attempt.
    pub attempt: u32,
    /// Status of the answer.
    pub http_status: Option<u16>,
    /// Why there was no answer.
    pub error: Option<String>,
    /// Time taken, in milliseconds.
    pub duration_ms: u64,
    /// What follows from it.
    pub outcome: AttemptOutcome,
    /// Milliseconds until the next attempt, when pending.
    pub retry_in_ms: Option<u64>,
}
