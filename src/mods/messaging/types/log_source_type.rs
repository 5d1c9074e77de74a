use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Where a status came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogSource {
    /// Twilio's Event Streams.
    EventStream,
    /// Twilio's status callback of one message.
    Callback,
    /// Twilio's answer to our own call.
    Send,
    /// A person of the organization.
    User,
    /// An import of the account's history.
    Import,
    /// Reconciliation, which found something missing or outdated.
    Reconciliation,
    /// Twilio's own record of one message, read after an event.
    Fetch,
}

/// The text names no source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown source of a status {0:?}")]
pub struct NewsSourceError(String);

impl LogSource {
    /// The name in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EventStream => "event_stream",
            Self::Callback => "callback",
            Self::Send => "send",
            Self::User => "user",
            Self::Import => "import",
            Self::Reconciliation => "reconciliation",
            Self::Fetch => "fetch",
        }
    }
}

impl FromStr for LogSource {
    type Err = NewsSourceError;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        Ok(match raw {
            "event_stream" => Self::EventStream,
            "callback" => Self::Callback,
            "send" => Self::Send,
            "user" => Self::User,
            "import" => Self::Import,
            "reconciliation" => Self::Reconciliation,
            "fetch" => Self::Fetch,
            _ => return Err(NewsSourceError(raw.to_owned())),
        })
    }
}
