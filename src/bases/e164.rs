//! Phone numbers.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A phone number in E.164: `+`, then 8 to 15 digits, the first not zero.
///
/// Numbers are compared only in this form. Typed text is parsed elsewhere, by libphonenumber's
/// rules.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct E164(String);

/// The text is not a phone number in E.164.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a phone number must look like +14155550123: a plus sign, then 8 to 15 digits")]
pub struct E164Error;

impl E164 {
    /// Accepts exactly the E.164 form, as Twilio sends it.
    pub fn parse(raw: &str) -> Result<Self, E164Error> {
        let digits = raw.strip_prefix('+').ok_or(E164Error)?;
        let well_formed = (8..=15).contains(&digits.len())
            && digits.bytes().all(|b| b.is_ascii_digit())
            && !digits.starts_with('0');
        if well_formed {
            Ok(Self(raw.to_owned()))
        } else {
            Err(E164Error)
        }
    }

    /// The number with its plus sign.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// For a person to read: `(415) 555-0123` for numbers of the North American plan, else the
    /// E.164 form.
    pub fn display(&self) -> String {
        display_phone(&self.0)
    }
}

/// [`E164::display`] for an address that may not be a phone number (a short code, `whatsapp:…`).
pub fn display_phone(address: &str) -> String {
    match address.strip_prefix("+1") {
        Some(rest) if rest.len() == 10 && rest.is_ascii() => {
            format!("({}) {}-{}", &rest[..3], &rest[3..6], &rest[6..])
        }
        _ => address.to_owned(),
    }
}

impl fmt::Display for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for E164 {
    type Error = E164Error;

    fn try_from(raw: String) -> Result<Self, Self::Error> {
        Self::parse(&raw)
    }
}

impl From<E164> for String {
    fn from(number: E164) -> Self {
        number.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_only_the_e164_form() {
        assert!(E164::parse("+14155550123").is_ok());
        assert!(E164::parse("+4915112345678").is_ok());
        for wrong in [
            "14155550123",
            "+0123456789",
            "+1415555012a",
            "+1234567",
            "+1234567890123456",
            "",
            "+",
        ] {
            assert_eq!(E164::parse(wrong), Err(E164Error), "{wrong}");
        }
    }

    #[test]
    fn displays_north_american_numbers_in_the_national_form() {
        assert_eq!(display_phone("+14155550123"), "(415) 555-0123");
        assert_eq!(display_phone("+4915112345678"), "+4915112345678");
        assert_eq!(display_phone("729725"), "729725");
    }
}
