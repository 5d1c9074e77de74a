use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::Sid;

/// Whether an account may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccountStatus {
    /// In use.
    #[default]
    Active,
    /// Blocked by Twilio or its owner.
    Suspended,
    /// Closed for good.
    Closed,
}

impl AccountStatus {
    /// Reads Twilio's spelling.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "active" => Some(Self::Active),
            "suspended" => Some(Self::Suspended),
            "closed" => Some(Self::Closed),
            _ => None,
        }
    }
}

/// Whether an account is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum AccountKind {
    /// A paid account.
    #[default]
    Full,
    /// A trial account.
    Trial,
}

/// A Twilio account.
#[derive(Debug, Clone)]
pub struct Account {
    /// `AC…`
    pub sid: Sid,
    /// Password of the REST API and key of every signature.
    pub auth_token: String,
    /// Also a password of the REST API, until it is promoted; it signs nothing.
    pub secondary_auth_token: Option<String>,
    /// Name given by the owner.
    pub friendly_name: String,
    /// Whether it may be used.
    pub status: AccountStatus,
    /// Trial or paid.
    pub kind: AccountKind,
    /// The account that pays for it, if it is a sub-account.
    pub owner_sid: Option<Sid>,
    /// New webhook sinks wait for Test and Validate instead of being active at once.
    pub sinks_wait: bool,
    /// When it was made.
    pub date_created: DateTime<Utc>,
}
