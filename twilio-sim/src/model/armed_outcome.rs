use serde::{Deserialize, Serialize};

/// The end that a message can be made to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FinalStatus {
    /// The phone gets it.
    Delivered,
    /// The carrier gives it back after `sent`.
    Undelivered,
    /// It never gets to `sent`.
    Failed,
}

/// A refusal of the create call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateError {
    /// HTTP status, 400 to 599.
    pub status: u16,
    /// Twilio error code.
    pub code: u32,
    /// Twilio's message.
    pub message: String,
}

/// What happens to the next message that is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeKind {
    /// The create call is refused and no message exists.
    CreateError(CreateError),
    /// The message is accepted and ends like this.
    Finish {
        /// Its last status.
        status: FinalStatus,
        /// Error code of the failure.
        error_code: Option<u32>,
        /// Error text of the failure.
        error_message: Option<String>,
    },
}

/// An outcome that waits for the next message, and is used up by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ArmedOutcome {
    /// Only for a message to this number; for any message when absent.
    pub to: Option<String>,
    /// What happens.
    #[serde(flatten)]
    pub kind: OutcomeKind,
}
