use serde::{Deserialize, Serialize};

/// A keyword that changes whether the customer may be texted ([Twilio's `optOutType`]).
///
/// [Twilio's `optOutType`]: https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptOutKeyword {
    /// No more texts.
    Stop,
    /// Texts again.
    Start,
}

/// Evidence of an opt-out or opt-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OptOutEvidence {
    /// Twilio said so of the customer's text.
    OptOutType(String),
    /// The customer's text consists of this keyword.
    Keyword(String),
    /// Twilio refused a text to the customer with this code.
    ErrorCode(i32),
}

impl OptOutEvidence {
    /// The kind's name in the database.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::OptOutType(_) => "opt_out_type",
            Self::Keyword(_) => "keyword",
            Self::ErrorCode(_) => "error_code",
        }
    }

    /// The word or the code.
    pub fn word(&self) -> String {
        match self {
            Self::OptOutType(word) | Self::Keyword(word) => word.clone(),
            Self::ErrorCode(code) => code.to_string(),
        }
    }
}

/// Twilio's code for a text to somebody who has opted out ([error 21610]): at the call, or as the
/// end of the message's way.
///
/// [error 21610]: https://www.twilio.com/docs/errors/21610
pub const OPTED_OUT_ERROR: i32 = 21_610;
