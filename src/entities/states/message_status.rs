use std::str::FromStr;

use super::{UnknownWord, define_state::define_words};

define_words! {
    what: "a status of a message";
    /// Where a message is in its life, in Twilio's words.
    ///
    /// Outbound: `queued < sending < sent < {delivered, undelivered, failed}`; `read` may follow
    /// `delivered`. Inbound: `received` only.
    MessageStatus {
        Queued = "queued",
        Sending = "sending",
        Sent = "sent",
        Delivered = "delivered",
        Undelivered = "undelivered",
        Failed = "failed",
        Read = "read",
        Received = "received",
    }
}

impl MessageStatus {
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

impl FromStr for MessageStatus {
    type Err = UnknownWord;

    /// Accepts Twilio's spelling in any case: Event Streams sends upper case, callbacks and REST
    /// lower case. `accepted` and `scheduled` are stages before `queued` for us.
    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        match raw.to_ascii_lowercase().as_str() {
            "accepted" | "scheduled" => Ok(Self::Queued),
            "canceled" => Ok(Self::Failed),
            "receiving" => Ok(Self::Received),
            word => Self::of_word(word),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_twilio_are_read_in_any_case() {
        assert_eq!("ACCEPTED".parse(), Ok(MessageStatus::Queued));
        assert_eq!("Delivered".parse(), Ok(MessageStatus::Delivered));
        assert!("lost".parse::<MessageStatus>().is_err());
    }
}
