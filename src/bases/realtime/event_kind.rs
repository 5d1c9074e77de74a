use serde::{Deserialize, Serialize};

/// What happened: the name that an event has on the socket `/api/realtime` and between nodes.
///
/// To add one: a variant here, its loader in `server/load_events.rs`, and whoever listens. The
/// loader, the socket, the inbox and the thread name all variants, so the compiler lists them. Other
/// hooks listen to a few kinds: search for `EventKind::`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EventKind {
    /// A message was created. Payload: `MessageChange`.
    #[serde(rename = "messaging.message.new")]
    MessageNew,
    /// A message moved forward or its content became known. Payload: `MessageChange`.
    #[serde(rename = "messaging.message.status")]
    MessageStatus,
    /// A message has to be removed: it turned out to be another one, or not the organization's.
    /// Payload: `MessageRemoval`.
    #[serde(rename = "messaging.message.removed")]
    MessageRemoved,
    /// Somebody read a conversation. Payload: `ConversationRead`.
    #[serde(rename = "messaging.conversation.read")]
    ConversationRead,
    /// An import has ended and left messages that were not there before, anywhere in the list. No
    /// payload.
    #[serde(rename = "messaging.messages.imported")]
    MessagesImported,
    /// An import moved on. Payload: `SmsSyncProgress`.
    #[serde(rename = "twilio.sms_sync.progress")]
    ImportProgress,
    /// Something about the Twilio account has changed: fetch again what is shown of it. No payload.
    #[serde(rename = "twilio.account")]
    TwilioAccount,
    /// A reconciliation of a number began or ended. No payload: not all may see what it found.
    #[serde(rename = "twilio.reconciliation")]
    Reconciliation,
    /// The link is up; the first event on it. Payload: whether events may have been missed since
    /// the page was rendered.
    #[serde(rename = "hello")]
    Hello,
    /// The link is still up; sent often enough that a browser notices a dead one. No payload.
    #[serde(rename = "heartbeat")]
    Heartbeat,
    /// Events were missed: fetch again what is shown. No payload.
    #[serde(rename = "resync")]
    Resync,
    /// Somebody's access has ended; the id is a user's, or names a session. Nodes close what is
    /// open of it; browsers are not told.
    #[serde(rename = "auth.access_ended")]
    AccessEnded,
    /// A kind that only a newer version knows, published by one of its nodes.
    #[serde(other)]
    Unknown,
}
