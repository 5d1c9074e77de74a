use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Who wrote the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageDirection {
    /// The customer.
    Inbound,
    /// The organization.
    Outbound,
}

/// The text names no direction.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown message direction {0:?}")]
pub struct MessageDirectionError(String);

impl MessageDirection {
    /// The name in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
        }
    }
}

impl FromStr for MessageDirection {
    type Err = MessageDirectionError;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        match raw {
            "inbound" => Ok(Self::Inbound),
            "outbound" => Ok(Self::Outbound),
            _ => Err(MessageDirectionError(raw.to_owned())),
        }
    }
}
