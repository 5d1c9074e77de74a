use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::wire::event_time;

/// The parts of a CloudEvents envelope that differ between events.
#[derive(Debug)]
pub(crate) struct EventEnvelope<'a> {
    /// `EZ…`, or the account SID for a test event.
    pub id: &'a str,
    /// `com.twilio.…`
    pub event_type: &'a str,
    /// Path of the resource.
    pub source: &'a str,
    /// Schema id and version, for instance `Messaging.MessageStatus/8`.
    pub schema: &'a str,
    /// When it happened.
    pub time: DateTime<Utc>,
    /// What happened.
    pub data: Value,
}

impl EventEnvelope<'_> {
    /// CloudEvents 1.0 as Twilio writes it.
    pub fn to_json(&self) -> Value {
        json!({
            "specversion": "1.0",
            "type": self.event_type,
            "source": self.source,
            "id": self.id,
            "dataschema": format!("https://events-schemas.twilio.com/{}", self.schema),
            "datacontenttype": "application/json",
            "time": event_time(self.time),
            "data": self.data,
        })
    }
}
