use serde::{Deserialize, Serialize};

/// A message was created. Payload: `MessageEvent`.
pub const EVT_MESSAGE_NEW: &str = "messaging.message.new";
/// A message moved forward or its content became known. Payload: `MessageEvent`.
pub const EVT_MESSAGE_STATUS: &str = "messaging.message.status";
/// A conversation was read by somebody. Payload: `ConversationReadEvent`.
pub const EVT_CONVERSATION_READ: &str = "messaging.conversation.read";
/// A run of the history sync moved on. Payload: `SmsSyncProgress`.
pub const EVT_SMS_SYNC_PROGRESS: &str = "twilio.sms_sync.progress";
/// Something about the Twilio account has changed: fetch again what is shown of it. No payload.
pub const EVT_TWILIO_ACCOUNT: &str = "twilio.account";
/// A comparison of a number with Twilio's list began or ended. Payload: `Reconciliation`.
pub const EVT_RECONCILIATION: &str = "twilio.reconciliation";
/// A message turned out to be another one, or no message of the organization's: it is to be taken
/// away. Payload: `MessageRemovedEvent`.
pub const EVT_MESSAGE_REMOVED: &str = "messaging.message.removed";
/// The link is up; the first event on it. Payload: whether events may have been missed since the
/// page was rendered.
pub const EVT_HELLO: &str = "hello";
/// The link is still up; sent often enough that a browser notices a dead one. No payload.
pub const EVT_HEARTBEAT: &str = "heartbeat";
/// Events were missed: fetch again what is shown. No payload.
pub const EVT_RESYNC: &str = "resync";

/// One event on the socket `/api/realtime`: its name and its payload.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RealtimeEvent {
    pub event_type: String,
    #[serde(default)]
    pub payload: serde_json::Value,
}

impl RealtimeEvent {
    /// An event of the given type; a payload that cannot be JSON becomes null.
    pub fn new(event_type: &str, payload: &impl Serialize) -> Self {
        Self {
            event_type: event_type.to_owned(),
            payload: serde_json::to_value(payload).unwrap_or_default(),
        }
    }

    /// The payload as the type that belongs to the event's name, if it is one.
    pub fn payload_as<T: serde::de::DeserializeOwned>(&self) -> Option<T> {
        T::deserialize(&self.payload).ok()
    }
}
