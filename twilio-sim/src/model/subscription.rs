use chrono::{DateTime, Utc};

use crate::model::Sid;

/// One event type of a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SubscribedEvent {
    pub event_type: String,
    pub schema_version: u32,
}

/// An Event Streams subscription.
#[derive(Debug, Clone)]
pub(crate) struct Subscription {
    pub sid: Sid,
    pub sink_sid: Sid,
    pub description: String,
    pub events: Vec<SubscribedEvent>,
    pub date_created: DateTime<Utc>,
    pub date_updated: DateTime<Utc>,
}
