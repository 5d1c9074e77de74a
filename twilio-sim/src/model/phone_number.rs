use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::model::{Capabilities, NumberKind, NumberSettings, Sid};

/// A phone number that belongs to an account.
#[derive(Debug, Clone, Serialize)]
pub struct PhoneNumber {
    /// `PN…`
    pub sid: Sid,
    /// The account that owns it.
    pub account_sid: Sid,
    /// E.164.
    pub phone_number: String,
    /// Name given by the owner.
    pub friendly_name: String,
    /// Whether it can send and receive texts.
    pub sms_enabled: bool,
    /// What it can do; `sms` is the same as `sms_enabled`.
    pub capabilities: Capabilities,
    /// Where its calls and texts lead.
    #[serde(flatten)]
    pub settings: NumberSettings,
    /// When it was bought.
    pub date_created: DateTime<Utc>,
    /// When it last changed.
    pub date_updated: DateTime<Utc>,
}

impl PhoneNumber {
    /// Its kind.
    pub(crate) fn kind(&self) -> NumberKind {
        NumberKind::of(&self.phone_number)
    }
}
