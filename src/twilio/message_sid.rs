use std::fmt;

use serde::{Deserialize, Serialize};

/// Twilio's id of a message: `SM…` or `MM…`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MessageSid(String);

/// The text is not the id of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a message SID is two capital letters and up to 62 letters or digits")]
pub struct MessageSidError;

impl MessageSid {
    /// Takes any length up to 64: Twilio's SIDs have 34 characters, but samples of its events
    /// show shorter ones, and an event must not be lost for that.
    pub fn parse(raw: &str) -> Result<Self, MessageSidError> {
        let (kind, rest) = raw.split_at_checked(2).ok_or(MessageSidError)?;
        let well_formed = kind.bytes().all(|b| b.is_ascii_uppercase())
            && (1..=62).contains(&rest.len())
            && rest.bytes().all(|b| b.is_ascii_alphanumeric());
        if well_formed {
            Ok(Self(raw.to_owned()))
        } else {
            Err(MessageSidError)
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MessageSid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for MessageSid {
    type Error = MessageSidError;

    fn try_from(raw: String) -> Result<Self, Self::Error> {
        Self::parse(&raw)
    }
}

impl From<MessageSid> for String {
    fn from(sid: MessageSid) -> Self {
        sid.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_of_messages_are_taken() {
        for right in [
            "SM00000000000000000000000000000001",
            "MM12345678900987654321",
        ] {
            assert!(MessageSid::parse(right).is_ok(), "{right}");
        }
        for wrong in ["", "SM", "sm1", "S", "SM1 2", "SM1/../2", "éM1"] {
            assert_eq!(MessageSid::parse(wrong), Err(MessageSidError), "{wrong}");
        }
        assert!(MessageSid::parse(&format!("SM{}", "1".repeat(63))).is_err());
    }
}
