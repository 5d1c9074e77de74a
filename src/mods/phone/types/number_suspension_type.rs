use serde::{Deserialize, Serialize};

/// Why a number of the organization is not in use: its Twilio account is not the one that the
/// organization uses now. Its history stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberSuspension {
    /// The organization has disconnected its own account.
    Disconnected,
    /// Twilio does not accept the token of the organization's account any more.
    TokenRefused,
    /// Another account is connected now.
    OtherAccount,
    /// The organization has neither an account of its own nor a part of the shared one.
    NotConnected,
    /// It is of the shared account, and was not given to this organization.
    NotAssigned,
}

impl NumberSuspension {
    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Disconnected => {
                "This organization uses its own Twilio account, but its credentials are missing."
            }
            Self::TokenRefused => "Twilio no longer accepts the auth token of the account.",
            Self::OtherAccount => {
                "It belongs to another Twilio account than the one that is connected now."
            }
            Self::NotConnected => "No Twilio account is connected.",
            Self::NotAssigned => "It is not assigned to this organization.",
        }
    }
}
