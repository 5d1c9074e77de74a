use serde::{Deserialize, Serialize};

use super::{NumberRouting, NumberSuspension, VoiceAnswer};
use crate::bases::{e164::E164, ids::PhoneNumberId, json_object::json_objects};

/// A Twilio number of the organization, as the browser sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct PhoneNumber {
    pub id: PhoneNumberId,
    pub number: E164,
    /// The number for a person to read.
    #[serde(default)]
    pub shown: String,
    /// What the organization calls it, for example "Main line".
    pub friendly_name: String,
    /// Why it is not in use, if it is not.
    #[serde(default)]
    pub suspended: Option<NumberSuspension>,
    pub sms_enabled: bool,
    pub mms_enabled: bool,
    pub voice_enabled: bool,
    /// Where Loquent has pointed its calls.
    #[serde(default)]
    pub voice: NumberRouting,
    /// Where Loquent has pointed its texts; untouched where Event Streams bring them.
    #[serde(default)]
    pub sms: NumberRouting,
    /// What its callers hear; the organization's answer if it has none of its own.
    #[serde(default)]
    pub voice_answer: Option<VoiceAnswer>,
}

json_objects!(PhoneNumber);
