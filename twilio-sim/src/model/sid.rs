use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};
use uuid::Uuid;

/// The kinds of SID that the simulator hands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SidPrefix {
    /// `AC`: account.
    Account,
    /// `PN`: incoming phone number.
    PhoneNumber,
    /// `SM`: text message without media.
    Sms,
    /// `MM`: text message with media.
    Mms,
    /// `ME`: media of a message.
    Media,
    /// `MG`: messaging service.
    MessagingService,
    /// `DG`: event sink.
    Sink,
    /// `DF`: event subscription.
    Subscription,
    /// `EZ`: delivered event.
    Event,
    /// `CA`: call.
    Call,
}

impl SidPrefix {
    fn as_str(self) -> &'static str {
        match self {
            Self::Account => "AC",
            Self::PhoneNumber => "PN",
            Self::Sms => "SM",
            Self::Mms => "MM",
            Self::Media => "ME",
            Self::MessagingService => "MG",
            Self::Sink => "DG",
            Self::Subscription => "DF",
            Self::Event => "EZ",
            Self::Call => "CA",
        }
    }
}

/// A Twilio SID: two capital letters and 32 hex digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Sid(String);

impl Sid {
    /// A new random SID.
    #[must_use]
    pub fn generate(prefix: SidPrefix) -> Self {
        Self(format!("{}{}", prefix.as_str(), Uuid::new_v4().simple()))
    }

    /// The SID with these 128 bits.
    #[must_use]
    pub(crate) fn from_number(prefix: SidPrefix, number: u128) -> Self {
        Self(format!("{}{number:032x}", prefix.as_str()))
    }

    /// The 128 bits of a SID; `None` if it is not one with this prefix, in lower case.
    #[must_use]
    pub(crate) fn number_of(prefix: SidPrefix, text: &str) -> Option<u128> {
        let digits = text.strip_prefix(prefix.as_str())?;
        let number = u128::from_str_radix(digits, 16).ok()?;
        (Self::from_number(prefix, number).as_str() == text).then_some(number)
    }

    /// Reads a SID; `None` if it is not two capital letters and 32 hex digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let valid = bytes.len() == 34
            && bytes[..2].iter().all(u8::is_ascii_uppercase)
            && bytes[2..].iter().all(u8::is_ascii_hexdigit);
        valid.then(|| Self(text.to_owned()))
    }

    /// The SID as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Sid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Sid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            de::Error::custom(format!(
                "{text:?} is not a SID: two capital letters and 32 hex digits are expected"
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_sid_can_be_parsed() {
        let sid = Sid::generate(SidPrefix::Sms);
        assert!(sid.as_str().starts_with("SM"));
        assert_eq!(Sid::parse(sid.as_str()), Some(sid));
    }

    #[test]
    fn a_sid_of_the_wrong_shape_is_refused() {
        for text in [
            "",
            "SM123",
            "sm00000000000000000000000000000000",
            "SM0000000000000000000000000000000g",
        ] {
            assert_eq!(Sid::parse(text), None, "{text}");
        }
    }
}
