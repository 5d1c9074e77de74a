use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How Loquent came to know a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageSource {
    /// It went through Loquent: sent from here, or received as an event.
    Loquent,
    /// It was sent by another platform on the same Twilio account.
    External,
    /// It was read from the account's history.
    Import,
}

/// The text names no source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown message source {0:?}")]
pub struct MessageSourceError(String);

impl MessageSource {
    /// The name in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Loquent => "loquent",
            Self::External => "external",
            Self::Import => "import",
        }
    }
}

impl FromStr for MessageSource {
    type Err = MessageSourceError;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        match raw {
            "loquent" => Ok(Self::Loquent),
            "external" => Ok(Self::External),
            "import" => Ok(Self::Import),
            _ => Err(MessageSourceError(raw.to_owned())),
        }
    }
}
