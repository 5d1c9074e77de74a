use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::PlanOptions;
use crate::{bases::json_object::json_objects, twilio::EventSinkStatus};

/// The event types that Loquent needs, which Twilio calls so ([Twilio's list]).
///
/// [Twilio's list]: https://www.twilio.com/docs/events/event-types
pub const FORWARDED_EVENT_TYPES: [&str; 5] = [
    "com.twilio.messaging.inbound-message.received",
    "com.twilio.messaging.message.sent",
    "com.twilio.messaging.message.delivered",
    "com.twilio.messaging.message.failed",
    "com.twilio.messaging.message.undelivered",
];

/// Whether Twilio sends its events to Loquent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventForwardingState {
    /// Not checked yet.
    Unknown,
    /// No sink of the account points to Loquent.
    NotSetUp,
    /// A sink, a subscription and all types are there.
    Active,
    /// Something is there, but events are missing: the health report says what.
    Incomplete,
}

/// One type of event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct ForwardedEventType {
    /// For example `com.twilio.messaging.message.sent`.
    pub event_type: String,
    pub subscribed: bool,
    /// The version of the schema that Twilio sends it in.
    pub schema_version: Option<u32>,
    /// The newest version there is.
    pub newest_version: Option<u32>,
    pub last_event_at: Option<DateTime<Utc>>,
}

/// Event forwarding, as of the last look at Twilio; times of events are as of now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct EventForwarding {
    pub state: EventForwardingState,
    /// Where events are to go.
    pub destination: String,
    pub sink_sid: Option<String>,
    pub sink_status: Option<EventSinkStatus>,
    pub subscription_sid: Option<String>,
    /// The five types, in a fixed order.
    pub types: Vec<ForwardedEventType>,
    pub last_event_at: Option<DateTime<Utc>>,
    /// Events that were received since midnight UTC; `None` for an organization that others share
    /// the account with, and while Twilio refuses the token.
    pub events_today: Option<u64>,
    pub last_test_event_at: Option<DateTime<Utc>>,
    /// Events that could not be processed and wait for somebody.
    #[serde(default)]
    pub failed_events: i64,
    /// When Twilio was last asked.
    pub checked_at: Option<DateTime<Utc>>,
}

impl EventForwarding {
    /// Before the first check.
    pub fn unknown(destination: String) -> Self {
        let types = FORWARDED_EVENT_TYPES
            .iter()
            .map(|event_type| ForwardedEventType {
                event_type: (*event_type).to_owned(),
                subscribed: false,
                schema_version: None,
                newest_version: None,
                last_event_at: None,
            });
        Self {
            state: EventForwardingState::Unknown,
            destination,
            sink_sid: None,
            sink_status: None,
            subscription_sid: None,
            types: types.collect(),
            last_event_at: None,
            events_today: None,
            last_test_event_at: None,
            failed_events: 0,
            checked_at: None,
        }
    }
}

/// What `POST /api/twilio/setup-event-sink` takes; an empty body sets up SMS events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupEventSinkIn {
    /// Events of texts, the only kind there is today.
    #[serde(default = "yes")]
    pub sms_events: bool,
    #[serde(flatten)]
    pub options: PlanOptions,
}

impl Default for SetupEventSinkIn {
    fn default() -> Self {
        Self {
            sms_events: true,
            options: PlanOptions::default(),
        }
    }
}

fn yes() -> bool {
    true
}

/// What became of a test event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestEventAnswer {
    /// It went from Loquent to Twilio and back.
    pub arrived: bool,
    /// How long that took, in milliseconds; how long it was waited for if it did not arrive.
    pub took_ms: u64,
    /// What to look at if it did not arrive.
    pub hint: Option<String>,
}

json_objects!(ForwardedEventType, EventForwarding);
