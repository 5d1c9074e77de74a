use serde::{Deserialize, Serialize};

use super::SmsSyncProgress;
use crate::bases::{e164::E164, ids::PhoneNumberId};

/// A Twilio number of the organization, as the browser sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneNumber {
    pub id: PhoneNumberId,
    pub number: E164,
    /// What the organization calls it, for example "Main line".
    pub friendly_name: String,
    pub sms_enabled: bool,
    pub mms_enabled: bool,
    pub voice_enabled: bool,
    /// The newest run of its history sync, if there ever was one.
    #[serde(default)]
    pub last_sync: Option<SmsSyncProgress>,
}
