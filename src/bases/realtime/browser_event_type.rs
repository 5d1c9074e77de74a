use serde::{Deserialize, Serialize};

use super::EventKind;

/// One event on the socket `/api/realtime`: its name and its payload.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BrowserEvent {
    #[serde(rename = "event_type")]
    pub kind: EventKind,
    #[serde(default)]
    pub payload: serde_json::Value,
}

impl BrowserEvent {
    /// An event of the given kind; a payload that cannot be JSON becomes null.
    pub fn new(kind: EventKind, payload: &impl Serialize) -> Self {
        Self {
            kind,
            payload: serde_json::to_value(payload).unwrap_or_default(),
        }
    }

    /// The payload as the type that belongs to the event's kind, if it is one.
    pub fn payload_as<T: serde::de::DeserializeOwned>(&self) -> Option<T> {
        // As the answers of API calls are read, so that the browser has one reader of JSON.
        let json = serde_json::to_vec(&self.payload).ok()?;
        serde_json::from_slice(&json).ok()
    }
}
