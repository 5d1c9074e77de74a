use std::fmt;

use serde::{Deserialize, Serialize};

/// Digits that stay readable at the end.
const SHOWN: usize = 4;

/// The SID of an account as it may be shown: `AC••••••••1234`.
///
/// The whole SID is half of what a call to Twilio needs, so it never leaves the server.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MaskedSid(String);

impl MaskedSid {
    /// Keeps the kind (two letters) and the last four characters.
    pub fn of(sid: &str) -> Self {
        let characters: Vec<char> = sid.chars().collect();
        let kind: String = characters.iter().take(2).collect();
        let hidden_from = characters.len().saturating_sub(SHOWN).max(2);
        let end: String = characters.iter().skip(hidden_from).collect();
        Self(format!("{kind}••••••••{end}"))
    }
}

impl fmt::Display for MaskedSid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_kind_and_the_last_four_digits_are_shown() {
        let sid = "AC0123456789abcdef0123456789ab1234";
        assert_eq!(MaskedSid::of(sid).to_string(), "AC••••••••1234");
        assert_eq!(MaskedSid::of("AC1").to_string(), "AC••••••••1");
        assert_eq!(MaskedSid::of("").to_string(), "••••••••");
    }
}
