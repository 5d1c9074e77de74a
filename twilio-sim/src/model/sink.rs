use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::model::Sid;

/// Where an event sink delivers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SinkType {
    Kinesis,
    Webhook,
    Segment,
    Email,
}

impl SinkType {
    /// Reads Twilio's spelling.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "kinesis" => Some(Self::Kinesis),
            "webhook" => Some(Self::Webhook),
            "segment" => Some(Self::Segment),
            "email" => Some(Self::Email),
            _ => None,
        }
    }
}

/// Whether a sink is ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SinkStatus {
    Initialized,
    Validating,
    Active,
    Failed,
}

impl SinkStatus {
    /// Reads Twilio's spelling.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "initialized" => Some(Self::Initialized),
            "validating" => Some(Self::Validating),
            "active" => Some(Self::Active),
            "failed" => Some(Self::Failed),
            _ => None,
        }
    }
}

/// What the simulator reads of a sink's configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SinkConfiguration {
    /// The object as it was given; Twilio gives it back unchanged.
    pub given: Value,
    /// URL of a webhook sink, exactly as given, because it is signed as given.
    pub destination: Option<String>,
    /// Several events in one request.
    pub batch_events: bool,
}

/// An Event Streams sink.
#[derive(Debug, Clone)]
pub(crate) struct Sink {
    pub sid: Sid,
    pub description: String,
    pub sink_type: SinkType,
    pub configuration: SinkConfiguration,
    pub status: SinkStatus,
    pub date_created: DateTime<Utc>,
    pub date_updated: DateTime<Utc>,
    /// The `test_id` of the last test event; Validate asks for it.
    pub last_test_id: Option<String>,
}
