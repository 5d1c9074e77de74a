use serde::{Deserialize, Serialize};

/// Twilio's `direction` of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MessageDirection {
    /// Received from a phone.
    Inbound,
    /// Sent with the REST API.
    OutboundApi,
    /// Sent during a call.
    OutboundCall,
    /// Sent as an answer to an inbound message, by TwiML or by Twilio itself.
    OutboundReply,
}

impl MessageDirection {
    /// True for a message that a phone sent to an account.
    #[must_use]
    pub fn is_inbound(self) -> bool {
        matches!(self, Self::Inbound)
    }
}
