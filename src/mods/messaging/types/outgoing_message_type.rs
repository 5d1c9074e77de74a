use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Message;
use crate::bases::ids::{ContactId, PhoneNumberId};

/// A text on its way from this browser to the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingMessage {
    /// The browser's id of the send: the same for all attempts, so that it is never sent twice.
    pub client_key: Uuid,
    pub contact_id: ContactId,
    pub phone_number_id: PhoneNumberId,
    pub body: String,
    /// Who writes it.
    pub sent_by_name: String,
    pub created_at: DateTime<Utc>,
    pub state: OutgoingState,
}

/// Where a text stands on its way to the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutgoingState {
    /// For the texts before it, or for the network.
    Waiting,
    /// The server has it, or will soon say that it does not.
    Sending,
    /// The server did not take it; the text says why.
    Failed(String),
    /// The server has it, as this message.
    Accepted(Box<Message>),
}
