use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
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
    /// The browser's storage has it; it is full or blocked otherwise.
    pub is_kept: bool,
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

/// A text on its way, as the browser keeps it until the server has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptMessage {
    pub client_key: Uuid,
    pub contact_id: ContactId,
    pub phone_number_id: PhoneNumberId,
    pub body: String,
    pub created_at: DateTime<Utc>,
    /// Why the server did not take it, if it said so.
    pub failed: Option<String>,
}

impl KeptMessage {
    /// The text as it goes on: by itself, or where it is old or was refused, when somebody says so.
    pub fn into_outgoing(self, sent_by_name: String, is_old: bool) -> OutgoingMessage {
        let unknown =
            || "This window was closed before it was sent. Retry never sends it twice.".to_owned();
        OutgoingMessage {
            client_key: self.client_key,
            contact_id: self.contact_id,
            phone_number_id: self.phone_number_id,
            body: self.body,
            sent_by_name,
            created_at: self.created_at,
            is_kept: true,
            state: match self.failed.or_else(|| is_old.then(unknown)) {
                Some(reason) => OutgoingState::Failed(reason),
                None => OutgoingState::Waiting,
            },
        }
    }
}

impl From<&OutgoingMessage> for KeptMessage {
    fn from(message: &OutgoingMessage) -> Self {
        Self {
            client_key: message.client_key,
            contact_id: message.contact_id,
            phone_number_id: message.phone_number_id,
            body: message.body.clone(),
            created_at: message.created_at,
            failed: match &message.state {
                OutgoingState::Failed(reason) => Some(reason.clone()),
                _ => None,
            },
        }
    }
}
