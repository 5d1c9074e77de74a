use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Where a message is in its life, in Twilio's words.
///
/// Outbound: `queued < sending < sent < {delivered, undelivered, failed}`; `read` may follow
/// `delivered`. Inbound: `received` only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageStatus {
    Queued,
    Sending,
    Sent,
    Delivered,
    Undelivered,
    Failed,
    Read,
    Received,
}

/// The text names no status that a message can have here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown message status {0:?}")]
pub struct MessageStatusError(pub String);

impl MessageStatus {
    /// The name in the database and on the wire, as Twilio's REST API spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Undelivered => "undelivered",
            Self::Failed => "failed",
            Self::Read => "read",
            Self::Received => "received",
        }
    }

    /// For a person to read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Queued => "Queued",
            Self::Sending => "Sending",
            Self::Sent => "Sent",
            Self::Delivered => "Delivered",
            Self::Undelivered => "Not delivered",
            Self::Failed => "Failed",
            Self::Read => "Read",
            Self::Received => "Received",
        }
    }

    /// Whether the customer did not get the message.
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Undelivered | Self::Failed)
    }
}

impl fmt::Display for MessageStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for MessageStatus {
    type Err = MessageStatusError;

    /// Accepts Twilio's spelling in any case: Event Streams sends upper case, callbacks and REST
    /// lower case. `accepted` and `scheduled` are stages before `queued` for us.
    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        Ok(match raw.to_ascii_lowercase().as_str() {
            "queued" | "accepted" | "scheduled" => Self::Queued,
            "sending" => Self::Sending,
            "sent" => Self::Sent,
            "delivered" => Self::Delivered,
            "undelivered" => Self::Undelivered,
            "failed" | "canceled" => Self::Failed,
            "read" => Self::Read,
            "received" | "receiving" => Self::Received,
            _ => return Err(MessageStatusError(raw.to_owned())),
        })
    }
}
