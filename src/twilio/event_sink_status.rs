use serde::{Deserialize, Serialize};

/// A sink's state at Twilio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventSinkStatus {
    Initialized,
    Validating,
    Active,
    Failed,
}

impl EventSinkStatus {
    /// Twilio's name of it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Initialized => "initialized",
            Self::Validating => "validating",
            Self::Active => "active",
            Self::Failed => "failed",
        }
    }
}
