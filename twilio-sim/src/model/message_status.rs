use serde::{Deserialize, Serialize};

/// Twilio's status of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageStatus {
    /// A Messaging Service has it and has not picked a sender yet.
    Accepted,
    /// Waiting for a later time.
    Scheduled,
    /// Waiting to be sent.
    Queued,
    /// On its way to the carrier.
    Sending,
    /// The carrier has it.
    Sent,
    /// The phone has it.
    Delivered,
    /// The carrier gave it back.
    Undelivered,
    /// It never reached the carrier.
    Failed,
    /// Read on the phone.
    Read,
    /// Some recipients of a group have it.
    PartiallyDelivered,
    /// Taken back before it was sent.
    Canceled,
    /// Inbound, being received.
    Receiving,
    /// Inbound, complete.
    Received,
}

impl MessageStatus {
    /// As the REST API and status callbacks spell it: lower case.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Scheduled => "scheduled",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Undelivered => "undelivered",
            Self::Failed => "failed",
            Self::Read => "read",
            Self::PartiallyDelivered => "partially_delivered",
            Self::Canceled => "canceled",
            Self::Receiving => "receiving",
            Self::Received => "received",
        }
    }

    /// True when no later status is expected.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(
            self,
            Self::Delivered
                | Self::Undelivered
                | Self::Failed
                | Self::Read
                | Self::Canceled
                | Self::Received
        )
    }
}
