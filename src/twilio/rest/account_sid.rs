use std::fmt;

use crate::bases::config::is_account_sid;
use crate::twilio::MaskedSid;

/// Twilio's id of an account: `AC` and 32 hexadecimal digits.
///
/// Shown only masked, so that a log line cannot hold it whole.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AccountSid(String);

/// The text is not the id of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an account SID is AC and 32 hexadecimal digits")]
pub struct AccountSidError;

impl AccountSid {
    /// Checks the shape; whether there is such an account is another question.
    pub fn parse(raw: &str) -> Result<Self, AccountSidError> {
        if is_account_sid(raw) {
            Ok(Self(raw.to_owned()))
        } else {
            Err(AccountSidError)
        }
    }

    /// The whole id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountSid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        MaskedSid::of(&self.0).fmt(f)
    }
}

impl fmt::Debug for AccountSid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_shape_of_an_account_is_taken_and_it_is_shown_masked() {
        let sid = AccountSid::parse("AC0123456789abcdef0123456789ab1234").expect("a SID");
        assert_eq!(format!("{sid} {sid:?}"), "AC••••••••1234 AC••••••••1234");
        let long = format!("AC{}", "0".repeat(1_000_000));
        for wrong in ["", "AC1", "\0", "SM0123456789abcdef0123456789ab1234", &long] {
            assert_eq!(AccountSid::parse(wrong), Err(AccountSidError));
        }
    }
}
